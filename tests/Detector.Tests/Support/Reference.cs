using System.Text.Json;
using Pipeline.Detector;

namespace Pipeline.Tests.Detector.Support;

/// <summary>What another implementation got from a detector on three frames of vtest.</summary>
internal sealed class Reference
{
    public const float Score = 0.25f;
    private readonly JsonElement _root;

    private Reference(JsonElement root) => _root = root;

    public static Reference Of(string model)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(TestData.Shared("data", "models", "refs", model + ".json")));
        return new(document.RootElement.Clone());
    }

    public (string Name, long[] Shape)[] Outputs =>
    [
        .. _root.GetProperty("outputs").EnumerateArray()
            .Select(output => (output.GetProperty("name").GetString()!, output.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64()).ToArray())),
    ];

    public string ResizedPicture => Input.GetProperty("resized_picture").GetString()!;

    public string Fit => Input.GetProperty("fit").GetString()!;

    public string Colour => Input.GetProperty("colour").GetString()!;

    public bool ChannelsLast => Input.GetProperty("layout").GetString() == "NHWC";

    public bool Half => Input.GetProperty("dtype").GetString() == "float16";

    public long[] InputShape => [.. Input.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64())];

    public int Pad => Input.GetProperty("pad") is { ValueKind: JsonValueKind.Number } pad ? pad.GetInt32() : 0;

    public float[] Mean => [.. Input.GetProperty("mean").EnumerateArray().Select(value => value.GetSingle())];

    public float[] Std => [.. Input.GetProperty("std").EnumerateArray().Select(value => value.GetSingle())];

    public (int Index, float Value)[] InputValues =>
    [
        .. Input.GetProperty("check_frame_100").GetProperty("values").EnumerateObject()
            .Select(value => (int.Parse(value.Name, System.Globalization.CultureInfo.InvariantCulture), value.Value.GetSingle())),
    ];

    public double Consensus => _root.GetProperty("vtest_ap50").GetProperty("consensus").GetDouble();

    public double Public => _root.GetProperty("vtest_ap50").GetProperty("public").GetDouble();

    public IEnumerable<(string Frame, Detection[] Boxes)> Frames => _root.GetProperty("frames").EnumerateObject()
        .Select(frame => (frame.Name, frame.Value.EnumerateArray().Select(ReadBox).ToArray()));

    private JsonElement Input => _root.GetProperty("input");

    private static Detection ReadBox(JsonElement row)
    {
        float[] v = [.. row.EnumerateArray().Select(value => value.GetSingle())];
        return new(new(v[0], v[1], v[2] - v[0], v[3] - v[1]), v[4]);
    }
}

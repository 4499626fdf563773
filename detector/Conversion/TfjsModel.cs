using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Pipeline.Detector.Conversion;

/// <summary>A constant of a TensorFlow.js model: whole numbers and floats alike as floats, which hold every index and size exactly.</summary>
/// <param name="Shape">Its sizes; empty for a single number.</param>
/// <param name="Values">Row-major.</param>
internal sealed record TfjsTensor(long[] Shape, float[] Values)
{
    public long[] Whole => [.. Values.Select(value => (long)value)];
}

/// <summary>A node of a TensorFlow.js graph.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Operator">TensorFlow's operator.</param>
/// <param name="Inputs">Names of what it reads, without control inputs; <c>name:1</c> is a second output.</param>
/// <param name="Attributes">The attributes as they stand in the file.</param>
internal sealed record TfjsNode(string Name, string Operator, string[] Inputs, JsonElement Attributes)
{
    public bool Flag(string name) => Find(name, "b") is { ValueKind: JsonValueKind.True };

    public float Number(string name, float otherwise) => Find(name, "f") is { ValueKind: JsonValueKind.Number } value ? value.GetSingle() : otherwise;

    public string Text(string name, string otherwise) =>
        Find(name, "s") is { ValueKind: JsonValueKind.String } value ? Encoding.UTF8.GetString(value.GetBytesFromBase64()) : otherwise;

    public long[] Numbers(string name) => Find(name, "list") is { ValueKind: JsonValueKind.Object } list && list.TryGetProperty("i", out JsonElement values)
        ? [.. values.EnumerateArray().Select(TfjsModel.Whole)]
        : [];

    /// <summary>Sizes of a placeholder.</summary>
    public long[] Sizes() => Find("shape", "shape") is { ValueKind: JsonValueKind.Object } shape && shape.TryGetProperty("dim", out JsonElement sizes)
        ? [.. sizes.EnumerateArray().Select(size => size.TryGetProperty("size", out JsonElement value) ? TfjsModel.Whole(value) : 0)]
        : [];

    private JsonElement Find(string name, string kind) =>
        Attributes.ValueKind == JsonValueKind.Object && Attributes.TryGetProperty(name, out JsonElement attribute)
        && attribute.TryGetProperty(kind, out JsonElement value)
            ? value
            : default;
}

/// <summary>A TensorFlow.js graph model: model.json and the weight files beside it.</summary>
/// <param name="Nodes">The nodes by name.</param>
/// <param name="Outputs">Names of the outputs, in alphabetical order: the file's order differs from one export to the next.</param>
/// <param name="Weights">The constants by name.</param>
internal sealed record TfjsModel(
    IReadOnlyDictionary<string, TfjsNode> Nodes, IReadOnlyList<string> Outputs, IReadOnlyDictionary<string, TfjsTensor> Weights)
{
    /// <exception cref="InvalidDataException">A file is missing, or is not part of such a model.</exception>
    public static TfjsModel Read(string path)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllText(path));
            JsonElement root = document.RootElement.Clone();
            Dictionary<string, TfjsNode> nodes = root.GetProperty("modelTopology").GetProperty("node").EnumerateArray().Select(Node)
                .ToDictionary(node => node.Name);
            string[] outputs = [.. root.GetProperty("signature").GetProperty("outputs").EnumerateObject()
                .Select(output => output.Value.GetProperty("name").GetString()!.Split(':')[0]).Order(StringComparer.Ordinal)];
            return new(nodes, outputs, ReadWeights(root.GetProperty("weightsManifest"), Path.GetDirectoryName(Path.GetFullPath(path))!));
        }
        catch (KeyNotFoundException e)
        {
            throw new InvalidDataException($"'{path}' is no TensorFlow.js graph model: modelTopology, signature or weightsManifest is missing, or part of it. Give the model.json of one.", e);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            throw new InvalidDataException($"'{path}' is no TensorFlow.js graph model: {e.Message} Give the model.json of one.", e);
        }
        catch (IOException e)
        {
            throw new InvalidDataException($"cannot read the model '{path}': {e.Message} The weight files must lie beside it.", e);
        }
    }

    /// <summary>A whole number, which the file may have as text.</summary>
    public static long Whole(JsonElement value) =>
        value.ValueKind == JsonValueKind.String ? long.Parse(value.GetString()!, CultureInfo.InvariantCulture) : value.GetInt64();

    private static TfjsNode Node(JsonElement node) => new(
        node.GetProperty("name").GetString()!,
        node.GetProperty("op").GetString()!,
        node.TryGetProperty("input", out JsonElement inputs)
            ? [.. inputs.EnumerateArray().Select(input => input.GetString()!).Where(input => !input.StartsWith('^'))]
            : [],
        node.TryGetProperty("attr", out JsonElement attributes) ? attributes : default);

    private static Dictionary<string, TfjsTensor> ReadWeights(JsonElement manifest, string folder)
    {
        Dictionary<string, TfjsTensor> weights = [];
        foreach (JsonElement group in manifest.EnumerateArray())
        {
            byte[] bytes = [.. group.GetProperty("paths").EnumerateArray().SelectMany(file => Shard(folder, file.GetString()!))];
            int at = 0;
            foreach (JsonElement weight in group.GetProperty("weights").EnumerateArray())
            {
                weights[weight.GetProperty("name").GetString()!] = ReadTensor(weight, bytes, ref at);
            }

            if (at != bytes.Length)
            {
                throw new FormatException($"its weight files hold {bytes.Length} bytes, {at} are described.");
            }
        }

        return weights;
    }

    private static byte[] Shard(string folder, string name) =>
        name == Path.GetFileName(name) ? File.ReadAllBytes(Path.Combine(folder, name)) : throw new FormatException($"weight file '{name}' lies elsewhere.");

    private static TfjsTensor ReadTensor(JsonElement weight, byte[] bytes, ref int at)
    {
        long[] shape = [.. weight.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64())];
        float[] values = new float[shape.Aggregate(1L, (a, b) => a * b)];
        bool quantised = weight.TryGetProperty("quantization", out JsonElement quantisation);
        string type = (quantised ? quantisation : weight).GetProperty("dtype").GetString()!;
        int size = type switch { "float32" or "int32" => 4, "float16" or "uint16" => 2, "uint8" or "bool" => 1, _ => throw new FormatException($"weights of type {type}.") };
        if (values.Length * (long)size > bytes.Length - at)
        {
            throw new FormatException($"its weight files hold {bytes.Length} bytes, more are described.");
        }

        bool scaled = quantised && type.StartsWith('u');
        float scale = scaled ? quantisation.GetProperty("scale").GetSingle() : 1;
        float smallest = scaled ? quantisation.GetProperty("min").GetSingle() : 0;
        for (int i = 0; i < values.Length; i++, at += size)
        {
            ReadOnlySpan<byte> value = bytes.AsSpan(at, size);
            values[i] = type switch
            {
                "float32" => BinaryPrimitives.ReadSingleLittleEndian(value),
                "int32" => BinaryPrimitives.ReadInt32LittleEndian(value),
                "float16" => (float)BinaryPrimitives.ReadHalfLittleEndian(value),
                "uint16" => (BinaryPrimitives.ReadUInt16LittleEndian(value) * scale) + smallest,
                _ => (value[0] * scale) + smallest,
            };
        }

        return new(shape, values);
    }
}

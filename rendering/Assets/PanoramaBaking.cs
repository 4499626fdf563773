using System.Buffers.Binary;
using OpenCvSharp;

namespace Pipeline.Rendering.Assets;

/// <summary>Panoramas of the package (an OpenEXR file, DWAB compressed, as base64 in a script) to raw floats.</summary>
internal static class PanoramaBaking
{
    /// <summary>Decodes one panorama: width and height as little-endian int32, then RGB floats, row by row.</summary>
    public static void Bake(string script, string to)
    {
        using Mat picture = Cv2.ImDecode(Embedded(script), ImreadModes.Unchanged);
        if (picture.Empty())
        {
            throw new InvalidDataException(
                $"'{script}': OpenCV did not decode the OpenEXR panorama. It needs {AssetPreparation.ExrVariable}=1 in the environment of the process, and OpenCV built with OpenEXR.");
        }

        int channels = picture.Channels(), count = (int)picture.Total();
        Span<float> samples = picture.AsSpan<float>();
        byte[] file = new byte[8 + (12 * count)];
        BinaryPrimitives.WriteInt32LittleEndian(file, picture.Width);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(4), picture.Height);
        for (int i = 0; i < count; i++)
        {
            for (int c = 0; c < 3; c++)
            {
                BinaryPrimitives.WriteSingleLittleEndian(file.AsSpan(8 + (12 * i) + (4 * c)), samples[(i * channels) + 2 - c]);
            }
        }

        File.WriteAllBytes(to, file);
    }

    private static byte[] Embedded(string script)
    {
        string text = File.ReadAllText(script);
        int start = text.IndexOf("base64,", StringComparison.Ordinal) + "base64,".Length;
        int end = start < "base64,".Length ? -1 : text.AsSpan(start).IndexOfAny('\'', '"', '`');
        return end < 0
            ? throw new InvalidDataException($"'{script}': holds no base64 data. Fetch the package again.")
            : Convert.FromBase64String(text.Substring(start, end));
    }
}

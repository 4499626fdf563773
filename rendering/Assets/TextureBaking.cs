using System.Text.Json;
using OpenCvSharp;

namespace Pipeline.Rendering.Assets;

/// <summary>Large textures to small raw ones (RGBA, square): they load at once, and at crop size nobody sees more.</summary>
internal static class TextureBaking
{
    /// <summary>The file name of a mesh's colour texture, relative to the mesh.</summary>
    public static string DiffuseMap(string mesh)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(mesh));
        return document.RootElement.GetProperty("materials")[0].GetProperty("mapDiffuse").GetString()!;
    }

    /// <summary>Reads, shrinks and writes one texture.</summary>
    public static void Bake(string from, string to, int size)
    {
        using Mat picture = Cv2.ImRead(from, ImreadModes.Unchanged);
        if (picture.Empty())
        {
            throw new InvalidDataException($"'{from}': no picture that can be decoded. Fetch the package again.");
        }

        using Mat small = new();
        Cv2.Resize(picture, small, new Size(size, size), interpolation: InterpolationFlags.Area);
        byte[] rgba = ToRgba(small);
        Directory.CreateDirectory(Path.GetDirectoryName(to)!);
        File.WriteAllBytes(to, rgba);
    }

    private static byte[] ToRgba(Mat picture)
    {
        int channels = picture.Channels(), count = (int)picture.Total();
        bool wide = picture.Depth() == MatType.CV_16U;
        byte[] rgba = new byte[4 * count];
        for (int i = 0; i < count; i++)
        {
            byte Sample(int channel) => wide ? (byte)(picture.AsSpan<ushort>()[(i * channels) + channel] >> 8) : picture.AsSpan<byte>()[(i * channels) + channel];
            rgba[4 * i] = Sample(channels >= 3 ? 2 : 0);
            rgba[(4 * i) + 1] = Sample(channels >= 3 ? 1 : 0);
            rgba[(4 * i) + 2] = Sample(0);
            rgba[(4 * i) + 3] = channels == 4 ? Sample(3) : (byte)255;
        }

        return rgba;
    }
}

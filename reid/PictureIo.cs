using System.Runtime.InteropServices;
using OpenCvSharp;
using Pipeline.Files;

namespace Pipeline.Reid;

/// <summary>Picture files to pictures and back.</summary>
public static class PictureIo
{
    /// <summary>The remedy for what has the name of a picture and is none.</summary>
    internal const string Instead = "Put a picture in its place, or take it away.";

    /// <summary>Reads a JPEG, PNG or other picture file that OpenCV knows, as 8-bit BGR, turned as its EXIF data says.</summary>
    /// <exception cref="InvalidDataException">The file is missing or no picture.</exception>
    public static Picture Read(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        byte[] file;
        try
        {
            if (RegularFile.Fault(path) is { } fault)
            {
                throw new InvalidDataException($"'{path}' {fault}: no picture. {Instead}");
            }

            file = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataException($"'{path}': cannot read the picture: {e.Message.ReplaceLineEndings(" ")} Check the path and its permissions.", e);
        }

        return Decode(file) ?? throw new InvalidDataException($"'{path}': no picture that can be decoded ({file.Length} bytes). Name a JPEG or PNG file.");
    }

    /// <summary>Decodes a picture file held in memory; null when it is none.</summary>
    public static Picture? Decode(byte[] file)
    {
        ArgumentNullException.ThrowIfNull(file);
        if (file.Length == 0)
        {
            return null;
        }

        using Mat mat = Cv2.ImDecode(file, ImreadModes.Color);
        return mat.Empty() ? null : FromMat(mat);
    }

    /// <summary>Copies an 8-bit BGR picture, or a region of one, into managed memory.</summary>
    /// <exception cref="ArgumentException">The picture is empty or not CV_8UC3.</exception>
    public static Picture FromMat(Mat mat)
    {
        ArgumentNullException.ThrowIfNull(mat);
        if (mat.Empty() || mat.Type() != MatType.CV_8UC3)
        {
            throw new ArgumentException($"needs an 8-bit picture of three channels, got {mat}", nameof(mat));
        }

        byte[] bytes = new byte[3 * mat.Width * mat.Height];
        for (int y = 0; y < mat.Height; y++)
        {
            Marshal.Copy(mat.Ptr(y), bytes, 3 * mat.Width * y, 3 * mat.Width);
        }

        return new Picture(mat.Width, mat.Height, bytes);
    }

    /// <summary>Encodes as JPEG.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="quality">1 to 100, default 92.</param>
    /// <exception cref="ArgumentException">The bytes do not fit the size, or the quality is outside its range.</exception>
    public static byte[] ToJpeg(Picture picture, int quality = 92)
    {
        ArgumentNullException.ThrowIfNull(picture);
        if (quality is < 1 or > 100)
        {
            throw new ArgumentOutOfRangeException(nameof(quality), quality, "1 to 100");
        }

        if (picture.Bgr.Length != 3 * picture.Width * picture.Height)
        {
            throw new ArgumentException($"a {picture.Width}x{picture.Height} picture has {3 * picture.Width * picture.Height} bytes, got {picture.Bgr.Length}", nameof(picture));
        }

        using Mat mat = Mat.FromPixelData(picture.Height, picture.Width, MatType.CV_8UC3, picture.Bgr);
        Cv2.ImEncode(".jpg", mat, out byte[] file, [(int)ImwriteFlags.JpegQuality, quality]);
        return file;
    }
}

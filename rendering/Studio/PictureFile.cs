using OpenCvSharp;

namespace Pipeline.Rendering.Studio;

/// <summary>The camera's picture to a file: compressed at the camera's own size and quality, then brought to the size asked for.</summary>
internal static class PictureFile
{
    private const int FileQuality = 92;

    /// <summary>Encodes as JPEG.</summary>
    /// <param name="bgr">The camera's picture.</param>
    /// <param name="columns">Its elements a row.</param>
    /// <param name="rows">Its rows.</param>
    /// <param name="cameraQuality">Quality of the camera's compression.</param>
    /// <param name="width">Elements a row of the file's picture.</param>
    /// <param name="height">Its rows.</param>
    public static byte[] Encode(byte[] bgr, int columns, int rows, int cameraQuality, int width, int height)
    {
        using Mat picture = Mat.FromPixelData(rows, columns, MatType.CV_8UC3, bgr);
        Cv2.ImEncode(".jpg", picture, out byte[] file, [(int)ImwriteFlags.JpegQuality, cameraQuality]);
        if (columns == width && rows == height)
        {
            return file;
        }

        using Mat compressed = Cv2.ImDecode(file, ImreadModes.Color), resized = new();
        Cv2.Resize(compressed, resized, new Size(width, height), interpolation: InterpolationFlags.Linear);
        Cv2.ImEncode(".jpg", resized, out file, [(int)ImwriteFlags.JpegQuality, FileQuality]);
        return file;
    }
}

using OpenCvSharp;
using Pipeline.Detector;
using Pipeline.Reid;

namespace Pipeline.Tracker;

/// <summary>Copies the pixels of a box out of a frame, once.</summary>
internal static class CropCutter
{
    /// <summary>The part of the box that lies in the frame, scaled down by a whole factor where it is higher than allowed; null when nothing does.</summary>
    internal static Picture? Cut(Mat frame, in Box box, int maxHeight)
    {
        int left = (int)Math.Clamp(MathF.Round(box.X), 0, frame.Width);
        int top = (int)Math.Clamp(MathF.Round(box.Y), 0, frame.Height);
        int width = (int)Math.Clamp(MathF.Round(box.Right), 0, frame.Width) - left;
        int height = (int)Math.Clamp(MathF.Round(box.Bottom), 0, frame.Height) - top;
        if (width < 1 || height < 1)
        {
            return null;
        }

        using Mat part = frame[new Rect(left, top, width, height)];
        using Mat pixels = part.Clone(); // rows without gaps between them
        Picture whole = new(width, height, pixels.AsSpan<byte>().ToArray());
        int factor = (height + maxHeight - 1) / maxHeight;
        return factor == 1 ? whole : Shrink(whole, factor);
    }

    // Means over factor × factor blocks: exact in integers, so the same everywhere.
    private static Picture Shrink(Picture picture, int factor)
    {
        int width = Math.Max(1, picture.Width / factor);
        int height = Math.Max(1, picture.Height / factor);
        int across = Math.Min(factor, picture.Width);
        int area = across * factor;
        byte[] small = new byte[width * height * 3];
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width * 3; x++)
            {
                int first = (y * factor * picture.Width * 3) + (x / 3 * factor * 3) + (x % 3);
                int sum = area / 2;
                for (int row = 0; row < factor; row++)
                {
                    for (int column = 0; column < across; column++)
                    {
                        sum += picture.Bgr[first + (row * picture.Width * 3) + (column * 3)];
                    }
                }

                small[(y * width * 3) + x] = (byte)(sum / area);
            }
        }

        return new Picture(width, height, small);
    }
}

namespace Pipeline.Detector;

/// <summary>Where a picture lies in a model's input, and the way back from the input's pixels to the picture's.</summary>
/// <param name="X">Left edge in the input.</param>
/// <param name="Y">Top edge in the input.</param>
/// <param name="Width">Width in the input, at least 1.</param>
/// <param name="Height">Height in the input, at least 1.</param>
/// <param name="ScaleX">Input pixels for one of the picture's, across.</param>
/// <param name="ScaleY">Input pixels for one of the picture's, down.</param>
public readonly record struct Placement(int X, int Y, int Width, int Height, double ScaleX, double ScaleY)
{
    /// <summary>Places a picture in an input.</summary>
    /// <param name="fit">How; not <see cref="PictureFit.Auto"/>.</param>
    /// <param name="pictureWidth">Width of the picture, at least 1.</param>
    /// <param name="pictureHeight">Height of the picture, at least 1.</param>
    /// <param name="inputWidth">Width of the input, at least 1.</param>
    /// <param name="inputHeight">Height of the input, at least 1.</param>
    public static Placement Of(PictureFit fit, int pictureWidth, int pictureHeight, int inputWidth, int inputHeight)
    {
        double scaleX = (double)inputWidth / pictureWidth;
        double scaleY = (double)inputHeight / pictureHeight;
        if (fit == PictureFit.Stretch)
        {
            return new(0, 0, inputWidth, inputHeight, scaleX, scaleY);
        }

        // The two families round differently: YOLOX and NanoDet cut off, Ultralytics rounds to even.
        double scale = Math.Min(scaleX, scaleY);
        bool centred = fit == PictureFit.Centre;
        int width = Math.Max(1, centred ? (int)Math.Round(pictureWidth * scale) : (int)(pictureWidth * scale));
        int height = Math.Max(1, centred ? (int)Math.Round(pictureHeight * scale) : (int)(pictureHeight * scale));
        return centred
            ? new((inputWidth - width) / 2, (inputHeight - height) / 2, width, height, scale, scale)
            : new(0, 0, width, height, scale, scale);
    }

    /// <summary>A box of the input in the picture's pixels, cut at the picture's edges; without area when it lies outside.</summary>
    /// <param name="box">Box in input pixels.</param>
    /// <param name="pictureWidth">Width of the picture.</param>
    /// <param name="pictureHeight">Height of the picture.</param>
    public Box ToPicture(in Box box, int pictureWidth, int pictureHeight)
    {
        double left = Math.Clamp((box.X - X) / ScaleX, 0, pictureWidth);
        double top = Math.Clamp((box.Y - Y) / ScaleY, 0, pictureHeight);
        double right = Math.Clamp(((double)box.X + box.Width - X) / ScaleX, 0, pictureWidth);
        double bottom = Math.Clamp(((double)box.Y + box.Height - Y) / ScaleY, 0, pictureHeight);
        return new((float)left, (float)top, (float)Math.Max(0, right - left), (float)Math.Max(0, bottom - top));
    }
}

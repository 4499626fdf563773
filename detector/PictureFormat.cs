using System.Globalization;

namespace Pipeline.Detector;

/// <summary>How a model wants its pictures: x' = (x - mean) / std on levels 0 to 255, channels in the given order.</summary>
/// <param name="Fit">How the picture is brought to the input's size; never <see cref="PictureFit.Auto"/>.</param>
/// <param name="Pad">Grey level around a picture whose ratio is kept.</param>
/// <param name="Colour">Channel order; never <see cref="ColourOrder.Auto"/>.</param>
/// <param name="Mean">One number a channel, in channel order.</param>
/// <param name="Std">One number a channel, in channel order, none 0.</param>
public sealed record PictureFormat(
    PictureFit Fit, int Pad, ColourOrder Colour, IReadOnlyList<float> Mean, IReadOnlyList<float> Std)
{
    private static readonly float[] Zero = [0, 0, 0];
    private static readonly float[] One = [1, 1, 1];
    private static readonly float[] Full = [255, 255, 255];

    // The means and deviations of ImageNet in red, green, blue.
    private static readonly float[] ImageNetMean = [123.675f, 116.28f, 103.53f];
    private static readonly float[] ImageNetStd = [58.395f, 57.12f, 57.375f];

    /// <summary>What the models of a layout are usually trained with.</summary>
    /// <param name="layout">A layout other than <see cref="DetectorLayout.Auto"/>.</param>
    public static PictureFormat Of(DetectorLayout layout) => layout switch
    {
        DetectorLayout.Yolox => new(PictureFit.TopLeft, 114, ColourOrder.Bgr, Zero, One),
        DetectorLayout.Yolov5 or DetectorLayout.Yolov8 or DetectorLayout.Yolov10 =>
            new(PictureFit.Centre, 114, ColourOrder.Rgb, Zero, Full),
        DetectorLayout.Detr or DetectorLayout.Picodet => new(PictureFit.Stretch, 0, ColourOrder.Rgb, ImageNetMean, ImageNetStd),
        DetectorLayout.SsdPriors or DetectorLayout.SsdEndToEnd => new(PictureFit.Stretch, 0, ColourOrder.Bgr, Zero, One),
        DetectorLayout.SsdAnchors =>
            new(PictureFit.Stretch, 0, ColourOrder.Rgb, [127.5f, 127.5f, 127.5f], [127.5f, 127.5f, 127.5f]),
        DetectorLayout.Nanodet or DetectorLayout.NanodetPlus =>
            new(PictureFit.TopLeft, 0, ColourOrder.Bgr, [.. ImageNetMean.Reverse()], [.. ImageNetStd.Reverse()]),
        DetectorLayout.Fastestdet => new(PictureFit.Stretch, 0, ColourOrder.Bgr, Zero, Full),
        DetectorLayout.Centernet => new(PictureFit.TopLeft, 0, ColourOrder.Rgb, Zero, One),
        _ => throw new ArgumentOutOfRangeException(nameof(layout), layout, "not the name of a layout"),
    };

    /// <summary>This format with what the settings say otherwise.</summary>
    /// <param name="options">Settings without problems.</param>
    public PictureFormat With(DetectorOptions options) => new(
        options.Fit == PictureFit.Auto ? Fit : options.Fit,
        options.Pad < 0 ? Pad : options.Pad,
        options.Colour == ColourOrder.Auto ? Colour : options.Colour,
        options.Mean is not null && TryParseChannels(options.Mean, out float[] mean) ? mean : Mean,
        options.Std is not null && TryParseChannels(options.Std, out float[] std) ? std : Std);

    /// <summary>Reads one number, or three with commas between, as three.</summary>
    /// <param name="text">The text.</param>
    /// <param name="channels">Three finite numbers; empty when the text is something else.</param>
    internal static bool TryParseChannels(string text, out float[] channels)
    {
        channels = [];
        string[] parts = text.Trim('[', ']', ' ').Split(',', StringSplitOptions.TrimEntries);
        float[] numbers = new float[parts.Length];
        for (int i = 0; i < parts.Length; i++)
        {
            if (!float.TryParse(parts[i], NumberStyles.Float, CultureInfo.InvariantCulture, out numbers[i]) || !float.IsFinite(numbers[i]))
            {
                return false;
            }
        }

        if (numbers.Length is not (1 or 3))
        {
            return false;
        }

        channels = numbers.Length == 3 ? numbers : [numbers[0], numbers[0], numbers[0]];
        return true;
    }
}

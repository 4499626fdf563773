namespace Pipeline.Detector.Decoding;

/// <summary>The layouts that are known, in the order in which they are tried: the ones with the narrowest shapes first.</summary>
public static class Layouts
{
    private static readonly (DetectorLayout Layout, Func<ModelShape, IBoxDecoder?> TryCreate)[] Known =
    [
        (DetectorLayout.SsdEndToEnd, SsdEndToEndDecoder.TryCreate),
        (DetectorLayout.SsdPriors, SsdPriorsDecoder.TryCreate),
        (DetectorLayout.SsdAnchors, SsdAnchorsDecoder.TryCreate),
        (DetectorLayout.Nanodet, NanodetDecoder.TryCreateNanodet),
        (DetectorLayout.Picodet, NanodetDecoder.TryCreatePicodet),
        (DetectorLayout.NanodetPlus, NanodetPlusDecoder.TryCreate),
        (DetectorLayout.Fastestdet, FastestdetDecoder.TryCreate),
        (DetectorLayout.Yolox, YoloxDecoder.TryCreate),
        (DetectorLayout.Yolov5, Yolov5Decoder.TryCreate),
        (DetectorLayout.Yolov8, Yolov8Decoder.TryCreate),
        (DetectorLayout.Yolov10, PeaksDecoder.TryCreateYolov10),
        (DetectorLayout.Centernet, PeaksDecoder.TryCreateCenternet),
        (DetectorLayout.Detr, DetrDecoder.TryCreate),
    ];

    /// <summary>Finds the decoder of a model.</summary>
    /// <param name="model">What is known of the model.</param>
    /// <param name="wanted">The layout that the settings name, or <see cref="DetectorLayout.Auto"/>.</param>
    /// <returns>The layout and its decoder.</returns>
    /// <exception cref="InvalidDataException">No layout has such outputs, or the named one has others; lists the outputs.</exception>
    public static (DetectorLayout Layout, IBoxDecoder Decoder) Recognise(ModelShape model, DetectorLayout wanted)
    {
        foreach ((DetectorLayout layout, Func<ModelShape, IBoxDecoder?> tryCreate) in Known)
        {
            if ((wanted == DetectorLayout.Auto || wanted == layout) && tryCreate(model) is { } decoder)
            {
                return (layout, decoder);
            }
        }

        string found = $"input {model.Width}x{model.Height}, outputs {string.Join(", ", model.Outputs)}";
        string names = string.Join(", ", Known.Select(known => known.Layout.ToString().ToLowerInvariant()));
        throw new InvalidDataException(
            wanted == DetectorLayout.Auto
                ? $"the outputs fit no known layout ({found}); set detector.layout to one of {names}, or take another model"
                : $"the outputs do not fit the layout {wanted.ToString().ToLowerInvariant()} ({found}); leave detector.layout out to have it recognised");
    }
}

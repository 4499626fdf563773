using Pipeline.Detector.Conversion;
using Pipeline.Inference;

namespace Pipeline.Detector;

/// <summary>A detector, and what the user should know about the choice.</summary>
/// <param name="Detector">The detector; the caller disposes it.</param>
/// <param name="Notice">One line when it is not the one that the user would expect; null otherwise.</param>
public sealed record ChosenDetector(IPersonDetector Detector, string? Notice);

/// <summary>Makes the detector that the settings name.</summary>
public static class DefaultDetector
{
    /// <summary>
    /// Where set-up leaves NanoDet-G: <c>${XDG_CACHE_HOME:-~/.cache}/reid-pipeline/nanodet-g/nanodet-g.onnx</c>.
    /// </summary>
    public static string ModelPath => Path.Combine(Folder, "nanodet-g.onnx");

    private static string Folder => Path.Combine(
        Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } cache
            ? cache
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache"),
        "reid-pipeline",
        "nanodet-g");

    /// <summary>Opens the detector of <see cref="DetectorOptions.Model"/>.</summary>
    /// <param name="options">Settings without problems.</param>
    /// <param name="device">What the network runs on.</param>
    /// <param name="threads">CPU threads of the network; 0 takes as many as there are cores.</param>
    /// <exception cref="InvalidDataException">A model was named, and it cannot be used.</exception>
    public static ChosenDetector Open(DetectorOptions options, Device device = Device.Auto, int threads = 0)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.Model.ToLowerInvariant() switch
        {
            "hog" => new(new HogPersonDetector(options), null),
            "default" => OpenDefault(options, device, threads),
            _ => new(OnnxPersonDetector.Load(options.Model, options, device, threads), null),
        };
    }

    private static ChosenDetector OpenDefault(DetectorOptions options, Device device, int threads)
    {
        // What the settings say about other models' layouts does not apply to this one.
        DetectorOptions own = options with { Layout = DetectorLayout.Auto, PersonClass = -1 };
        try
        {
            if (!File.Exists(ModelPath) && File.Exists(Path.Combine(Folder, "nanodet.json")))
            {
                TfjsGraphConverter.Convert(Path.Combine(Folder, "nanodet.json"), ModelPath);
            }

            return new(OnnxPersonDetector.Load(ModelPath, own, device, threads), null);
        }
        catch (Exception e) when (device != Device.Cuda && (e is InvalidDataException or IOException or UnauthorizedAccessException))
        {
            return new(
                new HogPersonDetector(options),
                $"the default detector NanoDet-G cannot be used ({e.Message.TrimEnd('.')}); OpenCV's HOG people detector is in use, which finds far "
                + "fewer persons. Run ./run --setup-only to fetch it, or name a model with --detector.");
        }
    }
}

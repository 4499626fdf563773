using OpenCvSharp;
using Pipeline.Detector;
using Pipeline.Detector.Conversion;

namespace Pipeline.Tests.Detector.Support;

/// <summary>The detectors and pictures of ../shared/data/models, and the default's files where set-up has left them.</summary>
internal static class Models
{
    public static readonly string[] Kept =
    [
        "yolox_nano_416", "kz_person_192", "picodet_s_320", "nanodet_m_416", "nanodet_plus_u8s8_320", "fastestdet_352", "yolov5n_fp16_640",
        "yolo11n_int8_320", "ir_person_detection_0013", "npm_nanodet_g_416",
    ];

    private static readonly Lazy<string?> Default = new(() =>
    {
        string json = Path.Combine(Path.GetDirectoryName(DefaultDetector.ModelPath)!, "nanodet.json");
        if (!File.Exists(json))
        {
            return null;
        }

        string onnx = Path.Combine(Directory.CreateTempSubdirectory("nanodet").FullName, "nanodet-g.onnx");
        TfjsGraphConverter.Convert(json, onnx);
        return onnx;
    });

    public static string PathOf(string model)
    {
        if (model == "npm_nanodet_g_416")
        {
            Skip.If(Default.Value is null, "needs NanoDet-G in the cache, which set-up fetches");
            return Default.Value!;
        }

        return TestData.Shared("data", "models", "detectors", model + (model.Contains("u8s8", StringComparison.Ordinal) ? ".ort" : ".onnx"));
    }

    /// <summary>The options under which the references of a model were made: the default's size is open, theirs was 416.</summary>
    public static DetectorOptions OptionsOf(string model, DetectorOptions? options = null) => model == "npm_nanodet_g_416"
        ? (options ?? new()) with { InputWidth = 416, InputHeight = 416 }
        : options ?? new();

    public static Mat Frame(string name) => Cv2.ImRead(TestData.Shared("data", "models", "frames", name));
}

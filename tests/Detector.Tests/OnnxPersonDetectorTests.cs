using OpenCvSharp;
using Pipeline.Detector;
using Pipeline.Inference;
using Pipeline.Tests.Detector.Support;

namespace Pipeline.Tests.Detector;

public sealed class OnnxPersonDetectorTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("detector");

    [Fact]
    public void Load_names_a_missing_file_and_the_remedy()
    {
        InvalidDataException e = Assert.Throws<InvalidDataException>(() => OnnxPersonDetector.Load("nowhere/x.onnx", new DetectorOptions()));

        Assert.Equal(
            "cannot open detector 'nowhere/x.onnx': there is no such file. Give the path of an .onnx file, or set detector.model to default or hog.",
            e.Message);
    }

    [Fact]
    public void Load_refuses_a_file_that_is_no_model()
    {
        string path = Write("text.onnx", "this is not a model"u8.ToArray());

        InvalidDataException e = Assert.Throws<InvalidDataException>(() => OnnxPersonDetector.Load(path, new DetectorOptions()));

        Assert.StartsWith($"cannot load detector '{path}' (19 bytes): not a whole ONNX model", e.Message, StringComparison.Ordinal);
    }

    [SkippableTheory]
    [InlineData("yolox_nano_416")]
    [InlineData("nanodet_plus_u8s8_320")]
    public void Load_refuses_a_truncated_model(string model)
    {
        byte[] whole = File.ReadAllBytes(Models.PathOf(model));
        string path = Write("half" + Path.GetExtension(Models.PathOf(model)), whole[..(whole.Length / 2)]);

        InvalidDataException e = Assert.Throws<InvalidDataException>(() => OnnxPersonDetector.Load(path, new DetectorOptions()));

        Assert.Contains("not a whole ONNX model", e.Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void Load_refuses_a_size_that_the_model_has_not()
    {
        string path = Models.PathOf("yolox_nano_416");

        InvalidDataException e = Assert.Throws<InvalidDataException>(
            () => OnnxPersonDetector.Load(path, new DetectorOptions { InputWidth = 320 }));

        Assert.StartsWith($"detector.input_width: '{path}' has a fixed width of 416, got 320.", e.Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void Load_refuses_a_network_that_is_no_detector_with_its_shapes()
    {
        string path = TestData.Shared("data", "models", "reid", "osnet_x0_25_msmt17.onnx");

        InvalidDataException e = Assert.Throws<InvalidDataException>(() => OnnxPersonDetector.Load(path, new DetectorOptions()));

        Assert.Contains("outputs output [1, 512]", e.Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void Load_refuses_a_named_layout_that_does_not_fit()
    {
        InvalidDataException e = Assert.Throws<InvalidDataException>(
            () => OnnxPersonDetector.Load(Models.PathOf("yolox_nano_416"), new DetectorOptions { Layout = DetectorLayout.Detr }));

        Assert.Contains("do not fit the layout detr", e.Message, StringComparison.Ordinal);
        Assert.Contains("output [1, 3549, 85]", e.Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void Open_refuses_cuda_where_there_is_none()
    {
        string[] providers = Microsoft.ML.OnnxRuntime.OrtEnv.Instance().GetAvailableProviders();
        Skip.If(providers.Contains("CUDAExecutionProvider"), "this runtime has CUDA");

        InvalidDataException e = Assert.Throws<InvalidDataException>(
            () => OnnxPersonDetector.Load(Models.PathOf("kz_person_192"), new DetectorOptions(), Device.Cuda));

        Assert.StartsWith("run.device: cuda was asked for", e.Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void Pictures_of_any_proportions_get_the_boxes_that_they_get_alone()
    {
        string path = Models.PathOf("npm_nanodet_g_416"); // its size is open
        using OnnxPersonDetector detector = OnnxPersonDetector.Load(path, new DetectorOptions());
        using Mat whole = Models.Frame("vtest_0100.png");
        (int Width, int Height)[] sizes = [(768, 576), (768, 300), (768, 200), (768, 100), (768, 400), (300, 576), (768, 576)]; // more sizes than are kept
        Mat[] pictures = [.. sizes.Select(size => whole[new Rect(0, 0, size.Width, size.Height)].Clone())];

        IReadOnlyList<IReadOnlyList<Detection>> together = detector.Detect(pictures);

        for (int i = 0; i < pictures.Length; i++)
        {
            using OnnxPersonDetector fresh = OnnxPersonDetector.Load(path, new DetectorOptions());
            Assert.Equal(fresh.Detect([pictures[i]])[0], together[i]);
            pictures[i].Dispose();
        }

        Assert.InRange(together[0].Count(found => found.Score > 0.5f), 3, 20);
        Assert.Equal(together[0], together[^1]);
    }

    [SkippableFact]
    public void Description_says_when_a_model_takes_one_picture_at_a_time()
    {
        using OnnxPersonDetector fixedShapes = OnnxPersonDetector.Load(Models.PathOf("fastestdet_352"), new DetectorOptions());
        using OnnxPersonDetector opened = OnnxPersonDetector.Load(Models.PathOf("kz_person_192"), new DetectorOptions());

        Assert.EndsWith("one picture at a time", fixedShapes.Description, StringComparison.Ordinal);
        Assert.EndsWith("batches of up to 8", opened.Description, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private string Write(string name, byte[] bytes)
    {
        string path = Path.Combine(_folder.FullName, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }
}

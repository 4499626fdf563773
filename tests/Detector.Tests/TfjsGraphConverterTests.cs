using System.Text;
using OpenCvSharp;
using Pipeline.Detector;
using Pipeline.Detector.Conversion;
using Pipeline.Tests.Detector.Support;

namespace Pipeline.Tests.Detector;

public sealed class TfjsGraphConverterTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("tfjs");

    private string Onnx => Path.Combine(_folder.FullName, "out.onnx");

    // The outputs themselves are compared in ModelParityTests, as npm_nanodet_g_416.
    [SkippableFact]
    public void Convert_makes_a_model_of_free_batch_and_picture_size()
    {
        using OnnxPersonDetector detector = OnnxPersonDetector.Load(Models.PathOf("npm_nanodet_g_416"), new DetectorOptions { Batch = 5 });
        using Mat picture = Pictures.Room(100);

        IReadOnlyList<IReadOnlyList<Detection>> found = detector.Detect([.. Enumerable.Repeat(picture, 5)]);

        Assert.Equal((5, DetectorLayout.Nanodet), (detector.Batch, detector.Layout));
        Assert.All(found, boxes => Assert.Equal(found[0], boxes));
        Assert.Contains("640 pixels long in the picture's proportions", detector.Description, StringComparison.Ordinal);
    }

    [Fact]
    public void Convert_lists_all_operators_that_it_does_not_know()
    {
        string json = Write("""{"name":"a","op":"Placeholder"},{"name":"b","op":"FFT","input":["a"]},{"name":"out","op":"Erf","input":["b"]}""");

        InvalidDataException e = Assert.Throws<InvalidDataException>(() => TfjsGraphConverter.Convert(json, Onnx));

        Assert.Contains("operators that are not known: Erf, FFT.", e.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Onnx));
    }

    [Theory]
    [InlineData("""{"name":"b","op":"Sigmoid","input":["a"]}""", "the node out is missing")]
    [InlineData("""{"name":"out","op":"Transpose","input":["out2","perm"]},{"name":"out2","op":"Placeholder"},{"name":"perm","op":"Const"}""", "the constant perm is missing")]
    public void Convert_refuses_a_graph_with_holes(string nodes, string expected)
    {
        InvalidDataException e = Assert.Throws<InvalidDataException>(() => TfjsGraphConverter.Convert(Write(nodes), Onnx));

        Assert.Contains(expected, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Convert_refuses_to_resize_what_is_no_picture()
    {
        string json = Write("""{"name":"out","op":"ResizeBilinear","input":["in","size"]},{"name":"in","op":"Placeholder"},{"name":"size","op":"Const"}""");

        InvalidDataException e = Assert.Throws<InvalidDataException>(() => TfjsGraphConverter.Convert(json, Onnx));

        Assert.Contains("what it resizes is not made of a picture", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Convert_names_a_missing_weight_file()
    {
        string json = Write("""{"name":"out","op":"Placeholder"}""", weights: """{"paths":["w.bin"],"weights":[]}""");

        InvalidDataException e = Assert.Throws<InvalidDataException>(() => TfjsGraphConverter.Convert(json, Onnx));

        Assert.Contains("w.bin", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Convert_refuses_weight_files_of_another_size()
    {
        File.WriteAllBytes(Path.Combine(_folder.FullName, "w.bin"), new byte[6]);
        string json = Write(
            """{"name":"out","op":"Placeholder"}""",
            weights: """{"paths":["w.bin"],"weights":[{"name":"w","shape":[2],"dtype":"float32"}]}""");

        InvalidDataException e = Assert.Throws<InvalidDataException>(() => TfjsGraphConverter.Convert(json, Onnx));

        Assert.Contains("its weight files hold 6 bytes, more are described", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Convert_does_not_read_weights_from_elsewhere()
    {
        string json = Write("""{"name":"out","op":"Placeholder"}""", weights: """{"paths":["../w.bin"],"weights":[]}""");

        InvalidDataException e = Assert.Throws<InvalidDataException>(() => TfjsGraphConverter.Convert(json, Onnx));

        Assert.Contains("'../w.bin' lies elsewhere", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Convert_refuses_a_text_file()
    {
        string json = Path.Combine(_folder.FullName, "model.json");
        File.WriteAllText(json, "hello");

        InvalidDataException e = Assert.Throws<InvalidDataException>(() => TfjsGraphConverter.Convert(json, Onnx));

        Assert.Contains("is no TensorFlow.js graph model", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Convert_names_what_a_json_of_another_kind_lacks()
    {
        string json = Path.Combine(_folder.FullName, "model.json");
        File.WriteAllText(json, "{}");

        InvalidDataException e = Assert.Throws<InvalidDataException>(() => TfjsGraphConverter.Convert(json, Onnx));

        Assert.Contains("modelTopology, signature or weightsManifest is missing", e.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private string Write(string nodes, string weights = "")
    {
        string json = Path.Combine(_folder.FullName, "model.json");
        File.WriteAllText(
            json,
            """{"modelTopology":{"node":[NODES]},"signature":{"outputs":{"o":{"name":"out:0"}}},"weightsManifest":[WEIGHTS]}"""
                .Replace("NODES", nodes, StringComparison.Ordinal).Replace("WEIGHTS", weights, StringComparison.Ordinal),
            Encoding.UTF8);
        return json;
    }
}

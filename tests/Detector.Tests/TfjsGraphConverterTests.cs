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

        Refuses(json, "operators that are not known: Erf, FFT.");
    }

    [Theory]
    [InlineData("""{"name":"b","op":"Sigmoid","input":["a"]}""", "the node out is missing")]
    [InlineData("""{"name":"out","op":"Transpose","input":["out2","perm"]},{"name":"out2","op":"Placeholder"},{"name":"perm","op":"Const"}""", "the constant perm is missing")]
    [InlineData("""{"name":"out","op":"ResizeBilinear","input":["in","size"]},{"name":"in","op":"Placeholder"},{"name":"size","op":"Const"}""", "what it resizes is not made of a picture")]
    public void Convert_refuses_a_graph_with_holes_or_one_that_resizes_what_is_no_picture(string nodes, string expected) => Refuses(Write(nodes), expected);

    [Theory]
    [InlineData("""{"paths":["missing.bin"],"weights":[]}""", "missing.bin")]
    [InlineData("""{"paths":["w.bin"],"weights":[{"name":"w","shape":[2],"dtype":"float32"}]}""", "its weight files hold 6 bytes, more are described")]
    [InlineData("""{"paths":["../w.bin"],"weights":[]}""", "'../w.bin' lies elsewhere")]
    public void Convert_refuses_weights_that_are_missing_short_or_elsewhere(string weights, string expected)
    {
        File.WriteAllBytes(Path.Combine(_folder.FullName, "w.bin"), new byte[6]);

        Refuses(Write("""{"name":"out","op":"Placeholder"}""", weights), expected);
    }

    [Theory]
    [InlineData("hello", "is no TensorFlow.js graph model")]
    [InlineData("{}", "modelTopology, signature or weightsManifest is missing")]
    public void Convert_refuses_a_file_of_another_kind(string text, string expected) => Refuses(WriteText(text), expected);

    public void Dispose() => _folder.Delete(recursive: true);

    private void Refuses(string json, string expected)
    {
        InvalidDataException e = Assert.Throws<InvalidDataException>(() => TfjsGraphConverter.Convert(json, Onnx));

        Assert.Contains(expected, e.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Onnx));
    }

    private string Write(string nodes, string weights = "") => WriteText(
        """{"modelTopology":{"node":[NODES]},"signature":{"outputs":{"o":{"name":"out:0"}}},"weightsManifest":[WEIGHTS]}"""
            .Replace("NODES", nodes, StringComparison.Ordinal).Replace("WEIGHTS", weights, StringComparison.Ordinal));

    private string WriteText(string text)
    {
        string json = Path.Combine(_folder.FullName, "model.json");
        File.WriteAllText(json, text);
        return json;
    }
}

using System.Text.Json;
using Pipeline.Inference;
using Pipeline.Reid;
using Xunit.Abstractions;

namespace Pipeline.Tests.Reid;

public sealed class OnnxEmbedderTests(ITestOutputHelper output)
{
    /// <summary>Opens a model of ../shared as samples/reid says, which must be the only thing needed.</summary>
    internal static OnnxEmbedder Open(string model, int threads = 1, bool flip = false)
    {
        string folder = Path.Combine(Path.GetTempPath(), $"reid-{Guid.NewGuid():n}");
        Directory.CreateDirectory(folder);
        try
        {
            string path = Path.Combine(folder, model + ".onnx");
            File.Copy(TestData.Shared("data", "models", "reid", model + ".onnx"), path);
            File.Copy(Path.Combine(TestData.Root, "samples", "reid", model + ".yaml"), Path.ChangeExtension(path, ".yaml"));
            return OnnxEmbedder.Open(path, Device.Cpu, threads, flip);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [SkippableTheory]
    [InlineData("osnet_x0_25_msmt17", 512)]
    [InlineData("retail_0287_nhwc", 256)]
    [InlineData("retail_0288_nhwc", 256)]
    [InlineData("retail_0288_ir", 256)]
    public void Embed_gives_the_reference_embeddings(string model, int dimension)
    {
        string folder = TestData.Shared("data", "models", "reid");
        using JsonDocument crops = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "crops.json")));
        Picture[] pictures = [.. crops.RootElement.GetProperty("crops").EnumerateArray()
            .Select(c => PictureIo.Read(Path.Combine(folder, c.GetProperty("name").GetString() + ".png")))];
        float[] wanted = Npy(Path.Combine(folder, model + ".npy"));
        using OnnxEmbedder embedder = Open(model);
        float[] got = new float[pictures.Length * embedder.Dimension];

        embedder.Embed(pictures, got);

        Assert.Equal(dimension, embedder.Dimension);
        Assert.Equal(wanted.Length, got.Length);
        double scale = wanted.Max(Math.Abs);
        double worst = wanted.Zip(got, (a, b) => Math.Abs(a - (double)b)).Max() / scale;
        double cosine = Enumerable.Range(0, pictures.Length).Min(i => Cosine(wanted.AsSpan(i * dimension, dimension), got.AsSpan(i * dimension, dimension)));
        output.WriteLine($"| models/reid {model} | {worst:e1} of scale, least cosine {cosine:f7} | 1e-3, 0.9999 |");
        Assert.InRange(cosine, 0.9999, 1.0001);
        Assert.InRange(worst, 0, 1e-3);
    }

    [SkippableTheory]
    [InlineData("osnet_x0_25_msmt17")]
    [InlineData("retail_0288_nhwc")]
    [InlineData("prototype_rendered_128x64")]
    public void An_embedding_depends_neither_on_company_nor_on_threads(string model)
    {
        Picture[] pictures = [.. Enumerable.Range(0, 5).Select(i => Pictures.Noise(40 + i, 100 + (7 * i), i))];
        using OnnxEmbedder one = Open(model);
        using OnnxEmbedder two = Open(model, threads: 2);
        float[] together = new float[5 * one.Dimension];
        float[] alone = new float[together.Length];
        float[] threaded = new float[together.Length];

        one.Embed(pictures, together);
        two.Embed(pictures, threaded);
        for (int i = 4; i >= 0; i--)
        {
            one.Embed([pictures[i]], alone.AsSpan(i * one.Dimension, one.Dimension));
        }

        Assert.Equal(together, alone);
        Assert.Equal(together, threaded);
    }

    [SkippableFact]
    public void Flip_gives_a_mirrored_crop_the_embedding_of_the_crop()
    {
        Picture picture = Pictures.Noise(64, 128, 1);
        byte[] turned = new byte[picture.Bgr.Length];
        for (int i = 0; i < turned.Length; i++)
        {
            turned[(i / 192 * 192) + (3 * (63 - (i / 3 % 64))) + (i % 3)] = picture.Bgr[i];
        }

        using OnnxEmbedder embedder = Open("prototype_rendered_128x64", flip: true);
        float[] embeddings = new float[2 * embedder.Dimension];

        embedder.Embed([picture, picture with { Bgr = turned }], embeddings);

        Assert.Equal(embeddings[..embedder.Dimension], embeddings[embedder.Dimension..]);
    }

    [SkippableFact]
    public void Open_names_the_key_and_both_sizes_when_a_size_contradicts_the_graph()
    {
        using TemporaryFolder folder = new();
        string path = folder.Copy(TestData.Shared("data", "models", "reid", "osnet_x0_25_msmt17.onnx"), "x.onnx");
        File.WriteAllText(folder.Path("x.yaml"), "input_height: 224\n");

        InvalidDataException e = Assert.Throws<InvalidDataException>(() => OnnxEmbedder.Open(path, Device.Cpu));

        Assert.Equal($"{folder.Path("x.yaml")}: input_height: 256, which the graph's input is fixed to, got '224'. Correct it, or leave it out.", e.Message);
    }

    [SkippableTheory]
    [InlineData("colour: green", "colour: rgb or bgr, got 'green'")]
    [InlineData("mean: 1,2", "mean: three numbers with commas, got '1,2'")]
    [InlineData("std: 0,1,1", "std: three numbers above 0 with commas, got '0,1,1'")]
    [InlineData("std: [.1, .2, x]", "std: three numbers above 0 with commas, got '.1,.2,x'")]
    [InlineData("feature: nothing", "feature: one of output, got 'nothing'")]
    [InlineData("threshold: 2", "threshold: a number from -1 to 1, got '2'")]
    [InlineData("colours: rgb", "unknown key 'colours'")]
    [InlineData("a: [", "x.yaml:")]
    public void Open_refuses_a_yaml_that_cannot_be_used(string yaml, string wanted)
    {
        using TemporaryFolder folder = new();
        string path = folder.Copy(TestData.Shared("data", "models", "reid", "osnet_x0_25_msmt17.onnx"), "x.onnx");
        File.WriteAllText(folder.Path("x.yaml"), yaml);

        InvalidDataException e = Assert.Throws<InvalidDataException>(() => OnnxEmbedder.Open(path, Device.Cpu));

        Assert.Contains(wanted, e.Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void Open_refuses_a_truncated_model_and_names_it()
    {
        using TemporaryFolder folder = new();
        byte[] model = File.ReadAllBytes(TestData.Shared("data", "models", "reid", "osnet_x0_25_msmt17.onnx"));
        File.WriteAllBytes(folder.Path("half.onnx"), model[..(model.Length / 2)]);

        InvalidDataException e = Assert.Throws<InvalidDataException>(() => OnnxEmbedder.Open(folder.Path("half.onnx"), Device.Cpu));

        Assert.StartsWith($"'{folder.Path("half.onnx")}': not a usable ONNX model ({model.Length / 2} bytes): ", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', e.Message);
    }

    [Fact]
    public void Open_refuses_what_is_no_ONNX()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder.Path("text.onnx"), "hello");
        File.WriteAllText(folder.Path("empty.onnx"), "");

        Assert.Contains("not a usable ONNX model (5 bytes)", Assert.Throws<InvalidDataException>(() => OnnxEmbedder.Open(folder.Path("text.onnx"), Device.Cpu)).Message, StringComparison.Ordinal);
        Assert.Contains("(0 bytes)", Assert.Throws<InvalidDataException>(() => OnnxEmbedder.Open(folder.Path("empty.onnx"), Device.Cpu)).Message, StringComparison.Ordinal);
        Assert.Contains("cannot read the re-id model", Assert.Throws<InvalidDataException>(() => OnnxEmbedder.Open(folder.Path("none.onnx"), Device.Cpu)).Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void Open_refuses_a_detector_with_the_shapes_found()
    {
        string path = TestData.Shared("data", "models", "detectors", "fastestdet_352.onnx");

        InvalidDataException e = Assert.Throws<InvalidDataException>(() => OnnxEmbedder.Open(path, Device.Cpu));

        Assert.StartsWith($"'{path}': output '758' is Single [1, 85, 22, 22], a re-id network gives one float vector of fixed length per crop.", e.Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void Open_says_that_preprocessing_is_assumed_where_nobody_states_it()
    {
        using TemporaryFolder folder = new();
        string path = folder.Copy(TestData.Shared("data", "models", "reid", "osnet_x0_25_msmt17.onnx"), "x.onnx");

        using OnnxEmbedder silent = OnnxEmbedder.Open(path, Device.Cpu);
        File.WriteAllText(folder.Path("x.yaml"), "mean: [0.485, 0.456, 0.406]\nmodel_id: osnet\nthreshold: 0.5\ninput_height: 256\n");
        using OnnxEmbedder stated = OnnxEmbedder.Open(path, Device.Cpu);

        Assert.Contains("ImageNet normalisation is assumed", silent.Notice, StringComparison.Ordinal);
        Assert.Equal("x@sha256:dddd73c8", silent.ModelId);
        Assert.Null(stated.Notice);
        Assert.Equal("osnet@sha256:dddd73c8", stated.ModelId);
        Assert.Equal(0.5f, stated.DefaultThreshold);
    }

    [SkippableFact]
    public void Open_says_why_there_is_no_CUDA()
    {
        string path = TestData.Shared("data", "models", "reid", "osnet_x0_25_msmt17.onnx");
        using OnnxEmbedder automatic = OnnxEmbedder.Open(path);
        Skip.If(automatic.RunsOn == "cuda", "there is CUDA here");

        output.WriteLine(automatic.RunsOn);
        Assert.StartsWith("cpu (", automatic.RunsOn, StringComparison.Ordinal);
        InvalidDataException e = Assert.Throws<InvalidDataException>(() => OnnxEmbedder.Open(path, Device.Cuda));
        Assert.Contains("run.device: cuda was asked for and cannot be had", e.Message, StringComparison.Ordinal);
    }

    private static double Cosine(ReadOnlySpan<float> a, ReadOnlySpan<float> b) =>
        CosineSearch.Dot(a, b) / Math.Sqrt((double)CosineSearch.Dot(a, a) * CosineSearch.Dot(b, b));

    private static float[] Npy(string path)
    {
        byte[] file = File.ReadAllBytes(path);
        int header = 10 + BitConverter.ToUInt16(file, 8); // version 1: magic, version, length, text
        return System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(file.AsSpan(header)).ToArray();
    }
}

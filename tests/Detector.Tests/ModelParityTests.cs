using Microsoft.ML.OnnxRuntime.Tensors;
using OpenCvSharp;
using Pipeline.Detector;
using Pipeline.Detector.Benchmarks;
using Pipeline.Tests.Detector.Support;
using Xunit.Abstractions;

namespace Pipeline.Tests.Detector;

/// <summary>Every detector of ../shared/data/models against what another implementation got from it.</summary>
public sealed class ModelParityTests(ITestOutputHelper output)
{
    public static TheoryData<string> Names => [.. Models.Kept];

    public static TheoryData<string> InputNames => [.. Models.Kept, "npm_centernet_512", "npm_ssd_oidv4_300"];

    [SkippableTheory]
    [MemberData(nameof(InputNames))]
    public void Fill_gives_the_reference_input(string model)
    {
        Reference reference = Reference.Of(model);
        long[] shape = reference.InputShape;
        (int height, int width) = reference.ChannelsLast ? ((int)shape[1], (int)shape[2]) : ((int)shape[2], (int)shape[3]);
        PictureFit fit = reference.Fit switch
        {
            "stretch" => PictureFit.Stretch,
            "letterbox_topleft" => PictureFit.TopLeft,
            _ => PictureFit.Centre,
        };
        PictureFormat plain = new(fit, reference.Pad, ColourOrder.Bgr, [0, 0, 0], [1, 1, 1]);
        PictureFormat format = new(fit, reference.Pad, Enum.Parse<ColourOrder>(reference.Colour, true), reference.Mean, reference.Std);
        using Mat frame = Models.Frame("vtest_0100.png");
        using Mat resized = Cv2.ImRead(TestData.Shared("data", "models", "inputs", reference.ResizedPicture));
        using InputTensor levels = InputTensor.Create(TensorElementType.UInt8, plain, width, height, channelsLast: true, 1);
        TensorElementType type = reference.Half ? TensorElementType.Float16 : TensorElementType.Float;
        using InputTensor input = InputTensor.Create(type, format, width, height, reference.ChannelsLast, 2);

        Placement placement = levels.Fill(frame, 0);
        input.Fill(frame, 0);

        // Models of one size share a picture, whatever their padding: only the inside is compared.
        using Mat expected = resized[new Rect(placement.X, placement.Y, placement.Width, placement.Height)].Clone();
        Assert.Equal(expected.AsSpan<byte>().ToArray(), Inside(levels, placement));
        float tolerance = reference.Half ? 5e-4f : 1.1e-6f; // the reference is written with six digits, or as 16-bit floats
        Assert.All(reference.InputValues, value => Assert.Equal(value.Value, input.At(value.Index), tolerance));
    }

    [SkippableTheory]
    [MemberData(nameof(Names))]
    public void Raw_outputs_are_those_of_the_reference(string model)
    {
        Reference reference = Reference.Of(model);
        Dictionary<string, (long[] Shape, float[] Values)> kept = Npz.Read(TestData.Shared("data", "models", "refs", model + "_f100.npz"));
        using OnnxPersonDetector detector = OnnxPersonDetector.Load(Models.PathOf(model), Models.OptionsOf(model));
        using Mat frame = Models.Frame("vtest_0100.png");

        IReadOnlyDictionary<string, float[]> raw = detector.Raw(frame);

        float largest = 0;
        for (int i = 0; i < reference.Outputs.Length; i++)
        {
            (string name, long[] shape) = reference.Outputs[i];
            Assert.Equal(shape.Aggregate(1L, (a, b) => a * b), raw[name].Length);
            foreach ((float expected, float actual) in Pairs(kept, i, raw[name], (int)shape[^1]))
            {
                largest = MathF.Max(largest, MathF.Abs(expected - actual) / MathF.Max(1, MathF.Abs(expected)));
            }
        }

        output.WriteLine($"{model}: {detector.Description}; largest difference, relative above 1: {largest:g3}");
        Assert.True(largest <= Tolerance(model), $"largest difference {largest}");
    }

    [SkippableTheory]
    [MemberData(nameof(Names))]
    public void Detect_finds_the_boxes_of_the_reference(string model)
    {
        Reference reference = Reference.Of(model);
        using OnnxPersonDetector detector = OnnxPersonDetector.Load(Models.PathOf(model), Models.OptionsOf(model, new() { ScoreThreshold = Reference.Score }));

        foreach ((string name, Detection[] boxes) in reference.Frames)
        {
            using Mat frame = Models.Frame(name);
            IReadOnlyList<Detection> found = detector.Detect([frame])[0];
            AssertSame(model, boxes, found);
        }
    }

    [SkippableTheory]
    [InlineData("yolox_nano_416")]
    [InlineData("kz_person_192")]
    [InlineData("npm_nanodet_g_416")]
    [InlineData("fastestdet_352")]
    public void Average_precision_on_vtest_is_that_of_the_reference(string model)
    {
        Reference reference = Reference.Of(model);
        DetectorOptions options = Models.OptionsOf(model, new() { ScoreThreshold = DetectorBenchmark.AccuracyThreshold });
        using OnnxPersonDetector detector = OnnxPersonDetector.Load(Models.PathOf(model), options);

        DetectorAccuracy found = DetectorBenchmark.Accuracy(
            detector, TestData.Shared("data", "recordings", "vtest", "cam1", "vtest.avi"), TestData.Shared("data", "models", "vtest_truth.json"));

        output.WriteLine($"{model}: {found.Consensus:f4} / {found.Public:f4}, reference {reference.Consensus} / {reference.Public}");
        Assert.Equal(reference.Consensus, found.Consensus, 0.01);
        Assert.Equal(reference.Public, found.Public, 0.01);
    }

    [SkippableTheory]
    [MemberData(nameof(Names))]
    public void Detect_gives_a_picture_the_same_boxes_in_any_batch(string model)
    {
        using OnnxPersonDetector detector = OnnxPersonDetector.Load(Models.PathOf(model), new DetectorOptions { Batch = 3 });
        using Mat a = Models.Frame("vtest_0100.png");
        using Mat b = Models.Frame("vtest_0300.png");
        using Mat small = b[new Rect(100, 100, 500, 300)].Clone();

        IReadOnlyList<IReadOnlyList<Detection>> together = detector.Detect([a, b, small, b, a]);

        output.WriteLine($"{model}: {detector.Description}");
        Assert.Equal(detector.Detect([a])[0], together[0]);
        Assert.Equal(detector.Detect([b])[0], together[1]);
        Assert.Equal(detector.Detect([small])[0], together[2]);
        Assert.Equal(together[1], together[3]);
        Assert.Equal(together[0], together[4]);
    }

    private static IEnumerable<byte> Inside(InputTensor levels, Placement inside) =>
        from y in Enumerable.Range(inside.Y, inside.Height)
        from i in Enumerable.Range(((y * levels.Width) + inside.X) * 3, inside.Width * 3)
        select (byte)levels.At(i);

    private static IEnumerable<(float Expected, float Actual)> Pairs(
        Dictionary<string, (long[] Shape, float[] Values)> kept, int output, float[] raw, int columns)
    {
        string[] rowNames = kept.ContainsKey("rows") ? ["rows", "out0_rows"] : [$"out{output}_rows", $"out{output}"];
        if (!kept.TryGetValue(rowNames[0], out (long[] Shape, float[] Values) rows))
        {
            return kept[$"out{output}"].Values.Zip(raw);
        }

        float[] values = kept[rowNames[1]].Values;
        return rows.Values.SelectMany((row, i) => Enumerable.Range(0, columns).Select(c => (values[(i * columns) + c], raw[((int)row * columns) + c])));
    }

    // Kept as 16-bit floats: half a step is 5e-4 of the value. Quantised and 16-bit models: another version of the runtime rounds
    // elsewhere, by a step of their own.
    private static float Tolerance(string model) => model switch
    {
        "npm_nanodet_g_416" => 0.01f, // as its conversion promises
        "nanodet_plus_u8s8_320" or "yolo11n_int8_320" => 0.15f,
        "yolov5n_fp16_640" => 0.02f,
        _ => 2e-3f,
    };

    private static void AssertSame(string model, Detection[] expected, IReadOnlyList<Detection> found)
    {
        bool rough = Tolerance(model) > 0.01f;
        float scores = rough ? 0.03f : 0.002f;
        foreach (Detection box in expected.Where(box => box.Score > Reference.Score + scores))
        {
            Assert.Contains(found, other => MathF.Abs(other.Score - box.Score) <= scores && other.Box.IoU(box.Box) > (rough ? 0.9f : 0.99f));
        }

        Assert.Equal(expected.Count(box => box.Score > Reference.Score + scores), found.Count(box => box.Score > Reference.Score + scores), rough ? 1 : 0.5);
    }
}

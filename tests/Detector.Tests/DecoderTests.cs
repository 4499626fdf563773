using Pipeline.Detector;
using Pipeline.Detector.Decoding;
using Pipeline.Tests.Detector.Support;

namespace Pipeline.Tests.Detector;

public sealed class DecoderTests
{
    [SkippableTheory]
    [InlineData("npm_ssd_oidv4_300", 300, DetectorLayout.SsdAnchors, PictureFit.Stretch)]
    [InlineData("npm_centernet_512", 512, DetectorLayout.Centernet, PictureFit.TopLeft)]
    public void Decode_of_the_reference_outputs_gives_the_reference_boxes(string model, int size, DetectorLayout expected, PictureFit fit)
    {
        Reference reference = Reference.Of(model);
        Dictionary<string, (long[] Shape, float[] Values)> kept = Npz.Read(TestData.Shared("data", "models", "refs", model + "_f100.npz"));
        OutputShape[] shapes = [.. reference.Outputs.Select(output => new OutputShape(output.Name, output.Shape[1..]))];
        ModelShape shape = new(size, size, ChannelsLast: true, shapes, PersonClass: null);
        using ModelOutputs outputs = new(shapes.Select((_, i) => kept[$"out{i}"].Values), 1);

        (DetectorLayout layout, IBoxDecoder decoder) = Layouts.Recognise(shape, DetectorLayout.Auto);
        List<Detection> boxes = [];
        decoder.Decode(outputs, 0, Reference.Score, boxes);
        NonMaximumSuppression.Apply(boxes, 0.5f);

        Assert.Equal(expected, layout);
        Placement placement = Placement.Of(fit, 768, 576, size, size);
        Detection[] there = reference.Frames.First(frame => frame.Frame == "vtest_0100.png").Boxes;
        Assert.Equal(there.Length, boxes.Count);
        Assert.All(
            there.Zip(boxes),
            pair => Assert.True(pair.First.Box.IoU(placement.ToPicture(pair.Second.Box, 768, 576)) > 0.98, $"{pair.First} {pair.Second}"));
    }

    [Fact]
    public void Decode_reads_end_to_end_rows_of_the_person_only()
    {
        List<Detection> boxes = Decode(
            DetectorLayout.Yolov10, [new("output0", [3, 6])], [10, 20, 30, 60, 0.9f, 0, 1, 2, 3, 4, 0.8f, 5, 5, 5, 9, 9, 0.1f, 0]);

        Assert.Equal([new Detection(new(10, 20, 20, 40), 0.9f)], boxes);
    }

    [Fact]
    public void Decode_reads_the_end_of_an_ssd_up_to_picture_minus_one()
    {
        float[] rows = [0, 1, 0.75f, 0.25f, 0.5f, 0.5f, 1, 0, 2, 0.9f, 0, 0, 1, 1, -1, 0, 0, 0, 0, 0, 0, 0, 1, 0.9f, 0, 0, 1, 1];
        List<Detection> boxes = Decode(DetectorLayout.SsdEndToEnd, [new("detection_out", [1, 4, 7])], rows);

        Assert.Equal([new Detection(new(80, 160, 80, 160), 0.75f)], boxes);
    }

    [Fact]
    public void Decode_takes_the_softmax_of_a_detr_with_nothing_as_its_last_class()
    {
        float[] logits = new float[2 * 92];
        logits[1] = 20; // the first query: COCO's id 1 is the person
        logits[92 + 91] = 20; // the second: nothing
        List<Detection> boxes = Decode(
            DetectorLayout.Detr, [new("logits", [2, 92]), new("pred_boxes", [2, 4])], logits, [0.5f, 0.5f, 0.25f, 0.5f, 0, 0, 0, 0]);

        Detection found = Assert.Single(boxes);
        Assert.Equal(new Box(120, 80, 80, 160), found.Box);
        Assert.Equal(1, found.Score, 1e-4f);
    }

    [Fact]
    public void Decode_takes_a_sigmoid_for_each_class_of_a_detr_of_eighty()
    {
        float[] logits = [.. Enumerable.Repeat(-9f, 80)];
        logits[0] = 0;
        List<Detection> boxes = Decode(
            DetectorLayout.Detr, [new("pred_boxes", [1, 4]), new("logits", [1, 80])], [0.5f, 0.5f, 1, 1], logits);

        Assert.Equal([new Detection(new(0, 0, 320, 320), 0.5f)], boxes);
    }

    [Theory]
    [InlineData(DetectorLayout.Yolox, 2100, 85)]
    [InlineData(DetectorLayout.Yolox, 2100, 6)]
    [InlineData(DetectorLayout.Yolov5, 6300, 85)]
    [InlineData(DetectorLayout.Yolov8, 84, 2100)]
    [InlineData(DetectorLayout.Yolov8, 5, 2100)]
    [InlineData(DetectorLayout.Yolov10, 300, 6)]
    [InlineData(DetectorLayout.NanodetPlus, 2125, 112)]
    public void Recognise_tells_layouts_of_one_output_apart(DetectorLayout expected, long rows, long columns)
    {
        ModelShape shape = new(320, 320, false, [new("output", [rows, columns])], null);

        Assert.Equal(expected, Layouts.Recognise(shape, DetectorLayout.Auto).Layout);
    }

    [Fact]
    public void Recognise_lists_the_outputs_of_an_unknown_layout()
    {
        ModelShape shape = new(320, 320, false, [new("a", [17, 3]), new("b", [5])], null);

        InvalidDataException e = Assert.Throws<InvalidDataException>(() => Layouts.Recognise(shape, DetectorLayout.Auto));

        Assert.Contains("input 320x320, outputs a [1, 17, 3], b [1, 5]", e.Message, StringComparison.Ordinal);
        Assert.Contains("set detector.layout to one of", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Recognise_refuses_a_person_class_that_the_model_has_not()
    {
        ModelShape shape = new(320, 320, false, [new("output", [84, 2100])], 80);

        InvalidDataException e = Assert.Throws<InvalidDataException>(() => Layouts.Recognise(shape, DetectorLayout.Auto));

        Assert.Contains("80 classes", e.Message, StringComparison.Ordinal);
    }

    private static List<Detection> Decode(DetectorLayout expected, OutputShape[] shapes, params float[][] values)
    {
        using ModelOutputs outputs = new(values, 1);
        (DetectorLayout layout, IBoxDecoder decoder) = Layouts.Recognise(new(320, 320, false, shapes, null), DetectorLayout.Auto);
        Assert.Equal(expected, layout);
        List<Detection> boxes = [];
        decoder.Decode(outputs, 0, 0.25f, boxes);
        return boxes;
    }
}

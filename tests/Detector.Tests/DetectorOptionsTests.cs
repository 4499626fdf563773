using Pipeline.Detector;

namespace Pipeline.Tests.Detector;

public sealed class DetectorOptionsTests
{
    [Fact]
    public void Problems_finds_none_in_the_defaults() => Assert.Empty(new DetectorOptions().Problems());

    [Fact]
    public void Problems_names_every_value_out_of_range()
    {
        DetectorOptions options = new()
        {
            Model = " ",
            Pad = 256,
            Mean = "1, 2",
            Std = "0",
            InputWidth = 16,
            InputHeight = 5000,
            PersonClass = -2,
            ScoreThreshold = float.NaN,
            NmsIou = 0,
            Batch = 0,
            BatchSpan = TimeSpan.FromSeconds(11),
            MotionHold = TimeSpan.FromMilliseconds(100),
            MotionHoldScore = 2,
        };

        string[] keys =
        [
            "detector.model", "detector.pad", "detector.mean", "detector.std", "detector.input_width", "detector.input_height",
            "detector.person_class", "detector.score_threshold", "detector.nms_iou", "detector.batch", "detector.batch_span_ms",
            "detector.motion_hold_ms", "detector.motion_hold_score",
        ];
        Assert.Equal(keys, options.Problems().Select(problem => problem.Key));
    }

    [Fact]
    public void With_takes_what_the_settings_say_over_the_layouts_usual()
    {
        DetectorOptions options = new() { Fit = PictureFit.Stretch, Colour = ColourOrder.Rgb, Mean = "1,2,3", Std = "4", Pad = 9 };

        PictureFormat format = PictureFormat.Of(DetectorLayout.Yolox).With(options);

        Assert.Equal((PictureFit.Stretch, ColourOrder.Rgb, 9), (format.Fit, format.Colour, format.Pad));
        Assert.Equal([1, 2, 3], format.Mean);
        Assert.Equal([4, 4, 4], format.Std);
    }
}

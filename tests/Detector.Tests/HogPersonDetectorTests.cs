using OpenCvSharp;
using Pipeline.Detector;
using Pipeline.Detector.Benchmarks;
using Pipeline.Tests.Detector.Support;
using Xunit.Abstractions;

namespace Pipeline.Tests.Detector;

public sealed class HogPersonDetectorTests(ITestOutputHelper output)
{
    // Plain HOG on the picture enlarged twice has 0.719 and 0.494; every fifth frame of the truth keeps the test short.
    [SkippableFact]
    public void Average_precision_on_vtest_is_above_plain_hog()
    {
        using HogPersonDetector detector = new(new DetectorOptions { ScoreThreshold = DetectorBenchmark.AccuracyThreshold });

        DetectorAccuracy found = DetectorBenchmark.Accuracy(
            detector,
            TestData.Shared("data", "recordings", "vtest", "cam1", "vtest.avi"),
            TestData.Shared("data", "models", "vtest_truth.json"),
            every: 5);

        output.WriteLine($"{found.Consensus:f4} / {found.Public:f4}");
        Assert.True(found.Consensus > 0.8, $"{found}");
        Assert.True(found.Public > 0.8, $"{found}");
    }

    [SkippableFact]
    public void Detect_finds_the_same_person_in_a_region_as_in_the_whole_picture()
    {
        using HogPersonDetector detector = new(new DetectorOptions { ScoreThreshold = 0.5f });
        using Mat frame = Models.Frame("vtest_0300.png");
        Detection best = detector.Detect([frame])[0][0];

        IReadOnlyList<Detection> found = detector.Detect([frame], [[best.Box]])[0];

        Assert.Contains(found, other => other.Box.IoU(best.Box) > 0.5f);
    }

    [Fact]
    public void Detect_looks_nowhere_without_regions()
    {
        using HogPersonDetector detector = new(new DetectorOptions());
        using Mat picture = Pictures.Room(100);

        Assert.Empty(detector.Detect([picture], [[]])[0]);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(5, 200)]
    public void Detect_takes_pictures_smaller_than_its_window(int width, int height)
    {
        using HogPersonDetector detector = new(new DetectorOptions());
        using Mat picture = new(height, width, MatType.CV_8UC3, Scalar.All(100));

        Assert.Empty(detector.Detect([picture])[0]);
    }
}

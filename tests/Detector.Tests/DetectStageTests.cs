using System.Threading.Channels;
using OpenCvSharp;
using Pipeline.Detector;
using Pipeline.Ingest;
using Pipeline.Tests.Detector.Support;

namespace Pipeline.Tests.Detector;

public sealed class DetectStageTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task RunAsync_keeps_the_order_and_passes_marks_on()
    {
        Segment a = Pictures.Segment(Pictures.Camera("a"));
        Segment b = Pictures.Segment(Pictures.Camera("b"));
        List<CameraItem> items =
        [
            Pictures.Frame(a, 0, 50), Pictures.Frame(b, 0, 60), Pictures.Frame(a, 0.2, 50),
            new SegmentEnd(a, Pictures.Start.AddSeconds(0.2), 2, 2, null), new CameraEnd(a.Camera, Pictures.Start.AddSeconds(0.2)),
            Pictures.Frame(b, 0.2, 60), new SegmentEnd(b, Pictures.Start.AddSeconds(0.2), 2, 2, null),
        ];

        List<CameraItem> found = await RunAsync(items, new DetectorOptions());

        Assert.Equal(items.Select(item => (item.Camera, item.At)), found.Select(item => (item.Camera, item.At)));
        Assert.Equal(
            [typeof(DetectedFrame), typeof(DetectedFrame), typeof(DetectedFrame), typeof(SegmentEnd), typeof(CameraEnd), typeof(DetectedFrame), typeof(SegmentEnd)],
            found.Select(item => item.GetType()));
        Assert.Equal([50, 60, 50, 60], found.OfType<DetectedFrame>().Select(frame => frame.Detections[0].Box.X));
    }

    [Theory]
    [InlineData(1, 400)]
    [InlineData(3, 400)]
    [InlineData(64, 400)]
    public async Task RunAsync_gives_the_same_in_any_batches(int batch, int span)
    {
        DetectorOptions options = new() { BatchSpan = TimeSpan.FromMilliseconds(span) };

        List<CameraItem> expected = await RunAsync(Visit(), options);
        List<CameraItem> found = await RunAsync(Visit(), options with { Batch = batch });

        Assert.Equal(expected.Cast<DetectedFrame>().Select(Show), found.Cast<DetectedFrame>().Select(Show));
        Assert.Contains(found.Cast<DetectedFrame>(), frame => frame.Rested);
    }

    [Fact]
    public async Task RunAsync_rests_in_an_empty_room_and_never_loses_who_stands_still()
    {
        FakeDetector detector = new();
        DetectStage stage = new(detector, new DetectorOptions());
        List<DetectedFrame> found = [.. (await RunAsync(stage, Visit())).Cast<DetectedFrame>()];

        // Nobody up to 6 s, somebody comes in, stands still for 30 s and is gone at 40 s, nobody up to 60 s.
        Assert.All(found.Where(frame => Second(frame) is > 3.2 and < 6), frame => Assert.True(frame.Rested));
        Assert.All(found.Where(frame => Second(frame) is >= 6 and < 40), frame => Assert.Single(frame.Detections));
        Assert.All(found.Where(frame => Second(frame) > 47), frame => Assert.True(frame.Rested));
        DetectorActivity activity = Assert.Single(stage.Activity);
        Assert.Equal((found.Count(frame => !frame.Rested), found.Count(frame => frame.Rested)), ((int)activity.Analysed, (int)activity.Rested));
        Assert.Equal(activity.Analysed, detector.Pictures);
    }

    [Fact]
    public async Task RunAsync_looks_at_every_frame_without_the_gate()
    {
        List<CameraItem> found = await RunAsync(Visit(), new DetectorOptions { MotionGate = false });

        Assert.All(found.Cast<DetectedFrame>(), frame => Assert.False(frame.Rested));
    }

    [Fact]
    public async Task RunAsync_starts_every_segment_awake()
    {
        Camera camera = Pictures.Camera();
        List<CameraItem> items = [.. Enumerable.Range(0, 50).Select(i => Pictures.Frame(Pictures.Segment(camera, i / 25), i * 0.2))];

        List<DetectedFrame> found = [.. (await RunAsync(items, new DetectorOptions())).Cast<DetectedFrame>()];

        Assert.Equal(found.Take(25).Select(frame => frame.Rested), found.Skip(25).Select(frame => frame.Rested));
        Assert.False(found[25].Rested);
        Assert.True(found[24].Rested);
    }

    [Fact]
    public async Task RunAsync_does_not_let_a_live_picture_wait_for_others()
    {
        Channel<CameraItem> input = Channel.CreateUnbounded<CameraItem>();
        Channel<CameraItem> output = Channel.CreateUnbounded<CameraItem>();
        using FakeDetector detector = new();
        Task run = new DetectStage(detector, new DetectorOptions()).RunAsync(input.Reader, output.Writer, CancellationToken.None);

        await input.Writer.WriteAsync(Pictures.Frame(Pictures.Segment(Pictures.Camera("a", CameraKind.Live)), 0, 50));
        CameraItem found = await output.Reader.ReadAsync().AsTask().WaitAsync(Patience);

        Assert.IsType<DetectedFrame>(found);
        input.Writer.Complete();
        await run.WaitAsync(Patience);
    }

    [Fact]
    public async Task RunAsync_hands_a_failure_down_and_gives_the_frames_back()
    {
        int given = 0;
        Segment segment = Pictures.Segment(Pictures.Camera());
        Channel<CameraItem> input = Channel.CreateUnbounded<CameraItem>();
        Channel<CameraItem> output = Channel.CreateUnbounded<CameraItem>();
        for (int i = 0; i < 3; i++)
        {
            await input.Writer.WriteAsync(Pictures.Frame(segment, 0, 50, mat =>
            {
                given++;
                mat.Dispose();
            }));
        }

        input.Writer.Complete();
        using FakeDetector detector = new() { Failure = new InvalidOperationException("broken") };

        Task run = new DetectStage(detector, new DetectorOptions()).RunAsync(input.Reader, output.Writer, CancellationToken.None);

        await Assert.ThrowsAsync<InvalidOperationException>(() => run.WaitAsync(Patience));
        await Assert.ThrowsAsync<InvalidOperationException>(() => output.Reader.Completion.WaitAsync(Patience));
        Assert.Equal(3, given);
    }

    private static List<CameraItem> Visit()
    {
        Segment segment = Pictures.Segment(Pictures.Camera());
        return [.. Enumerable.Range(0, 300).Select(i => Pictures.Frame(segment, i * 0.2, i is >= 30 and < 200 ? Math.Min(100, (i - 30) * 10) : -1))];
    }

    private static double Second(DetectedFrame frame) => (frame.At - Pictures.Start).TotalSeconds;

    private static string Show(DetectedFrame frame) => $"{frame.At:O} {frame.Rested} {string.Join(" ", frame.Detections)}";

    private static async Task<List<CameraItem>> RunAsync(List<CameraItem> items, DetectorOptions options)
    {
        using FakeDetector detector = new();
        return await RunAsync(new DetectStage(detector, options), items);
    }

    private static async Task<List<CameraItem>> RunAsync(DetectStage stage, List<CameraItem> items)
    {
        Channel<CameraItem> input = Channel.CreateUnbounded<CameraItem>();
        Channel<CameraItem> output = Channel.CreateUnbounded<CameraItem>();
        items.ForEach(item => input.Writer.TryWrite(item));
        input.Writer.Complete();
        await stage.RunAsync(input.Reader, output.Writer, CancellationToken.None).WaitAsync(Patience);
        List<CameraItem> found = [];
        await foreach (CameraItem item in output.Reader.ReadAllAsync())
        {
            found.Add(item);
            (item as DetectedFrame)?.Dispose();
        }

        return found;
    }

    /// <summary>Finds the dark person of <see cref="Pictures.Room"/> by its pixels.</summary>
    private sealed class FakeDetector : IPersonDetector
    {
        public string Id => "fake";

        public string Description => "finds dark boxes";

        public Exception? Failure { get; init; }

        public int Pictures { get; private set; }

        public IReadOnlyList<IReadOnlyList<Detection>> Detect(IReadOnlyList<Mat> pictures)
        {
            Pictures += pictures.Count;
            return Failure is null ? [.. pictures.Select(Find)] : throw Failure;
        }

        public void Dispose()
        {
        }

        private static IReadOnlyList<Detection> Find(Mat picture)
        {
            Span<byte> line = picture.AsSpan<byte>().Slice(100 * 320 * 3, 320 * 3);
            int first = line.IndexOf((byte)20);
            return first < 0 ? [] : [new(new(first / 3, 80, 40, 120), 0.9f)];
        }
    }
}

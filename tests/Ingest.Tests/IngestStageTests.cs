using System.Threading.Channels;
using OpenCvSharp;
using Pipeline.Ingest;

namespace Pipeline.Tests.Ingest;

public class IngestStageTests
{
    [Fact]
    public async Task Frames_are_due_by_their_timestamps_and_the_rest_is_skipped()
    {
        using Clips clips = new();
        clips.Video("cam/a.avi", frames: 10, fps: 10);

        List<CameraItem> items = await Reading.All(clips.Root);

        Assert.Equal(
            [
                "cam a.avi 0 00:00:00.000", "cam a.avi 2 00:00:00.200", "cam a.avi 4 00:00:00.400", "cam a.avi 6 00:00:00.600",
                "cam a.avi 8 00:00:00.800", "cam a.avi end 00:00:00.900 10/5", "cam end 00:00:00.900",
            ],
            items.Lines());
        Assert.Equal(CaptureTime.OrderStart, items[0].At);
        Assert.Equal((40, 30), (((Frame)items[0]).Width, ((Frame)items[0]).Height));
    }

    [Fact]
    public async Task Pictures_carry_the_pixels_of_their_frame()
    {
        using Clips clips = new();
        clips.Video("cam/a.avi", frames: 5, fps: 5);
        IngestOptions options = new();
        Channel<CameraItem> items = Channel.CreateUnbounded<CameraItem>();

        await new IngestStage(CameraFolders.Discover([clips.Root], options), options).RunAsync(items.Writer, CancellationToken.None);
        List<double> values = [];
        await foreach (CameraItem item in items.Reader.ReadAllAsync())
        {
            if (item is Frame frame)
            {
                values.Add(Cv2.Mean(frame.Picture)[0]);
                frame.Dispose();
                Assert.Throws<ObjectDisposedException>(() => frame.Picture);
            }
        }

        Assert.All(values.Index(), v => Assert.Equal(10 * v.Index, v.Item, 2.0));
        Assert.Equal(5, values.Count);
    }

    [Fact]
    public async Task Segments_known_by_order_follow_one_another_closely()
    {
        using Clips clips = new();
        clips.Video("cam/1.avi", frames: 2, fps: 10);
        clips.Video("cam/2.avi", frames: 1, fps: 10);

        List<CameraItem> items = await Reading.All(clips.Root);

        Assert.Equal(
            ["cam 1.avi 0 00:00:00.000", "cam 1.avi end 00:00:00.100 2/1", "cam 2.avi 0 00:00:00.140", "cam 2.avi end 00:00:00.140 1/1", "cam end 00:00:00.140"],
            items.Lines());
    }

    [Fact]
    public async Task Gaps_stay_and_overlaps_are_said_and_left_out()
    {
        using Clips clips = new();
        clips.Video("cam/2024-05-01_12-00-00.avi", frames: 15, fps: 5);
        clips.Video("cam/2024-05-01_12-00-02.avi", frames: 10, fps: 5);
        clips.Video("cam/2024-05-01_13-00-00.avi", frames: 1, fps: 5);

        List<CameraItem> items = await Reading.All(clips.Root);

        Assert.Equal(items.Select(i => i.At).Order(), items.Select(i => i.At));
        SegmentEnd[] ends = [.. items.OfType<SegmentEnd>()];
        Assert.Contains("5 frames overlap", ends[1].Problem, StringComparison.Ordinal); // 2.0 to 2.8 s were there before
        Assert.Equal(5, ends[1].FramesAnalysed);
        Assert.Equal(new DateTimeOffset(2024, 5, 1, 13, 0, 0, TimeSpan.Zero), ends[2].At);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(8, 5)]
    public async Task Many_cameras_merge_in_the_same_order_on_any_number_of_threads(int threads, int readAhead)
    {
        using Clips clips = new();
        for (int i = 0; i < 12; i++)
        {
            clips.Video($"cam{i:00}/2024-05-01_12-00-0{i % 3}.avi", frames: 5 + i, fps: 5);
        }

        List<CameraItem> items = await Reading.All(clips.Root, new IngestOptions { DecoderThreads = threads, ReadAhead = readAhead });

        Assert.Equal(items.OrderBy(i => i.At).ThenBy(i => i.Camera.Id, StringComparer.Ordinal).Select(i => (i.At, i.Camera.Id)), items.Select(i => (i.At, i.Camera.Id)));
        Assert.Equal(12, items.OfType<CameraEnd>().Count());
        Assert.Equal(Enumerable.Range(0, 12).Sum(i => 5 + i), items.OfType<Frame>().Count());
    }

    [Fact]
    public async Task A_resumed_run_gives_what_an_undisturbed_one_gives_from_there_on()
    {
        using Clips clips = new();
        clips.Video("cam/1.avi", frames: 7, fps: 7);
        clips.Video("cam/2.avi", frames: 5, fps: 7);

        List<CameraItem> whole = await Reading.All(clips.Root);
        SegmentEnd first = whole.OfType<SegmentEnd>().First();
        List<CameraItem> rest = await Reading.All(
            clips.Root, start: new Dictionary<string, StartPosition> { ["cam"] = new(1, first.At) });

        Assert.Equal(whole.SkipWhile(i => i != first).Skip(1).Lines(), rest.Lines());
    }

    [Fact]
    public async Task A_resumed_run_behind_the_last_segment_only_ends()
    {
        using Clips clips = new();
        clips.Video("cam/1.avi");

        List<CameraItem> items = await Reading.All(
            clips.Root, start: new Dictionary<string, StartPosition> { ["cam"] = new(1, CaptureTime.OrderStart) });

        Assert.Equal(["cam end 00:00:00.000"], items.Lines());
    }

    [Fact]
    public async Task Progress_tells_frames_footage_and_share()
    {
        using Clips clips = new();
        clips.Video("cam/1.avi", frames: 11, fps: 10);
        IngestOptions options = new() { Fps = 0 };
        IngestStage stage = new(CameraFolders.Discover([clips.Root], options), options);

        await Reading.All(stage);

        CameraProgress progress = Assert.Single(stage.Progress);
        Assert.Equal((11, 11, 1, 1, 0), (progress.Decoded, progress.Analysed, progress.SegmentsDone, progress.SegmentsTotal, progress.Problems));
        Assert.Equal((1.0, 1.0), (progress.Footage.TotalSeconds, progress.Share));
        Assert.Equal(CaptureTime.OrderStart.AddSeconds(1), progress.Reached);
    }

    [Fact]
    public async Task Cancelling_ends_the_stage_and_its_output()
    {
        using Clips clips = new();
        clips.Video("a/1.avi", frames: 50);
        clips.Video("b/1.avi", frames: 50);
        IngestOptions options = new();
        IngestStage stage = new(CameraFolders.Discover([clips.Root], options), options);
        Channel<CameraItem> items = Channel.CreateBounded<CameraItem>(1);
        using CancellationTokenSource stop = new();

        Task running = stage.RunAsync(items.Writer, stop.Token);
        await items.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running.WaitAsync(TimeSpan.FromSeconds(30)));
        while (items.Reader.TryRead(out _))
        {
        }

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => items.Reader.Completion.WaitAsync(TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public async Task Image_sequences_have_the_rate_of_the_settings()
    {
        using Clips clips = new();
        for (int i = 1; i <= 5; i++)
        {
            clips.Picture($"cam/{i}.png", i);
        }

        List<CameraItem> items = await Reading.All(clips.Root, new IngestOptions { ImageFps = 10 });

        Assert.Equal(["0", "2", "4"], items.OfType<Frame>().Select(f => $"{f.Number}"));
        Assert.Equal("images", ((Frame)items[0]).Segment.Kind);
        Assert.Matches("^[0-9a-f]{64}$", ((Frame)items[0]).Segment.Digest);
    }

    [Fact]
    public void The_pool_gives_pictures_again_and_keeps_within_its_bound()
    {
        using FramePool pool = new(maxIdleBytes: 40 * 30 * 3);
        Mat first = Clips.Grey(1);
        IntPtr pixels = first.Data;

        pool.Return(first);
        pool.Return(Clips.Grey(2));

        Assert.Equal(40 * 30 * 3, pool.IdleBytes);
        Assert.Equal(pixels, pool.Rent(new Size(40, 30)).Data);
        Assert.True(pool.Rent(new Size(40, 30)).Empty());
    }
}

using System.Collections.Concurrent;
using System.Threading.Channels;
using OpenCvSharp;
using Pipeline.Ingest;

namespace Pipeline.Tests.Ingest;

public class LiveCameraTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 21, 8, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task A_lost_stream_is_connected_again_with_growing_pauses_and_each_connection_is_a_segment()
    {
        Clock clock = new();
        int connection = 0;
        FakeSource? Open(string url) => connection++ is 1 or 2 ? null : new FakeSource([0, 1, 2], _ => clock.Step(TimeSpan.FromSeconds(1)));
        IngestOptions options = new() { ReconnectAfter = TimeSpan.FromSeconds(2), ReconnectAtMost = TimeSpan.FromSeconds(3) };
        await using LiveRun run = new(options, clock, Open);

        List<CameraItem> items = await run.ReadUntil(item => item is SegmentEnd { Segment.Ordinal: 1 });

        Assert.Equal([2, 2, 3], clock.Pauses.Take(3).Select(p => p.TotalSeconds)); // lost, then twice out of reach
        SegmentEnd first = items.OfType<SegmentEnd>().First();
        Assert.Equal(("http", "10-0-0-5", TimeSource.Arrival), (first.Segment.Kind, first.Segment.Ref, first.Segment.TimeSource));
        Assert.Contains("http://***@10.0.0.5/", first.Problem, StringComparison.Ordinal);
        Assert.Equal(Start.AddSeconds(1), first.Segment.StartAt);
        Assert.Equal(items.Select(i => i.At).Order(), items.Select(i => i.At));
        Assert.Equal(["Online", "Offline ended", "Online"], run.States.Take(3)); // out of reach is offline still: no change
    }

    [Fact]
    public async Task Only_the_newest_frame_waits_and_the_others_are_counted()
    {
        using FramePool pool = new();

        (LiveCamera camera, CameraProgress progress) = await RunOneConnectionAsync(pool, i => Clips.Grey(i));

        LiveFrame frame = Assert.IsType<LiveFrame>(camera.TryTake());
        Assert.Equal(3, frame.Number);
        Assert.IsType<LiveEnd>(camera.TryTake());
        Assert.Null(camera.TryTake());
        Assert.Equal((1, 4, 3), (progress.Connections, progress.Decoded, progress.Dropped));
    }

    [Fact]
    public async Task Frames_that_cannot_be_decoded_are_counted_and_the_stream_goes_on()
    {
        using FramePool pool = new();

        (LiveCamera camera, CameraProgress progress) = await RunOneConnectionAsync(pool, i => i is 1 or 2 ? throw new OpenCVException("damaged") : Clips.Grey(i));

        Assert.Equal((4, 2, 2), (progress.Decoded, progress.Analysed, progress.DecodeErrors));
        Assert.Equal(3, Assert.IsType<LiveFrame>(camera.TryTake()).Number);
    }

    [Fact]
    public async Task A_picture_that_never_changes_is_frozen_until_it_changes()
    {
        Clock clock = new();
        FakeSource source = new(
            [.. Enumerable.Range(0, 8).Select(i => (double)i)], _ => clock.Step(TimeSpan.FromSeconds(6)), i => Clips.Grey(i is > 0 and < 6 ? 5 : i));
        int connection = 0;
        await using LiveRun run = new(new IngestOptions(), clock, _ => connection++ == 0 ? source : null);

        await run.ReadUntil(item => item is SegmentEnd);

        Assert.Equal(["Online", "Degraded frozen", "Online", "Offline ended"], run.States.Take(4));
    }

    [Fact]
    public void A_still_picture_with_noise_is_not_frozen()
    {
        using FrozenPicture frozen = new(TimeSpan.FromSeconds(1));
        using Mat picture = Clips.Grey(3, 640, 480);
        bool[] seen = [.. Enumerable.Range(0, 5).Select(i =>
        {
            for (int pixel = 0; pixel < 640 * 480; pixel += 7)
            {
                picture.Set(pixel / 640, pixel % 640, new Vec3b((byte)(30 + (i % 2)), 30, 30));
            }

            return frozen.IsFrozen(picture, Start.AddSeconds(i));
        })];

        Assert.DoesNotContain(true, seen);
    }

    [Fact]
    public async Task A_stream_over_http_is_read_as_it_comes()
    {
        using System.Net.Sockets.TcpListener server = new(System.Net.IPAddress.Loopback, 0);
        server.Start();
        Task serving = ServeOneAsync(server, frames: 40);
        string url = $"http://{server.LocalEndpoint}/cam.mjpg";

        int frames = await Task.Run(() =>
        {
            using VideoSource? source = VideoSource.Stream(url, TimeSpan.FromSeconds(20));
            using Mat picture = new();
            int grabbed = 0;
            while (source is not null && source.Grab() && source.Retrieve(picture))
            {
                grabbed++;
            }

            Assert.Equal((64, 48), (picture.Width, picture.Height));
            return grabbed;
        }).WaitAsync(TimeSpan.FromSeconds(60));
        await serving;

        Assert.Equal(40, frames);
    }

    [Fact]
    public async Task A_stream_that_nobody_serves_does_not_open()
    {
        using System.Net.Sockets.TcpListener server = new(System.Net.IPAddress.Loopback, 0);
        server.Start();
        string url = $"http://{server.LocalEndpoint}/";
        server.Stop();

        Assert.Null(await Task.Run(() => VideoSource.Stream(url, TimeSpan.FromSeconds(5))).WaitAsync(TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public void Recordings_and_streams_in_one_run_are_refused()
    {
        using Clips clips = new();
        clips.Text("cam/a.mp4");

        Assert.Throws<InvalidDataException>(() => CameraFolders.Discover([clips.Root, "rtsp://10.0.0.5/x"], new IngestOptions()));
    }

    /// <summary>A stream of four frames, a second apart, until it is lost.</summary>
    private static async Task<(LiveCamera Camera, CameraProgress Progress)> RunOneConnectionAsync(FramePool pool, Func<int, Mat> picture)
    {
        CameraPlan plan = Plan();
        CameraProgress progress = new(plan.Camera, 0, 0);
        using CancellationTokenSource stop = new();
        Clock clock = new() { OnPause = stop.Cancel }; // behind the first connection
        FakeSource source = new([0, 1, 2, 3], _ => clock.Step(TimeSpan.FromSeconds(1)), picture);
        LiveCamera camera = new(plan, new IngestOptions(), _ => source, clock, pool, progress, _ => { }, () => { });
        await camera.RunAsync(stop.Token).WaitAsync(TimeSpan.FromSeconds(30));
        return (camera, progress);
    }

    private static async Task ServeOneAsync(System.Net.Sockets.TcpListener server, int frames)
    {
        using System.Net.Sockets.TcpClient client = await server.AcceptTcpClientAsync();
        await using System.Net.Sockets.NetworkStream stream = client.GetStream();
        _ = await stream.ReadAsync(new byte[4096]); // an unread request would reset the connection at its end
        byte[] body = [.. Enumerable.Range(0, frames).SelectMany(i =>
        {
            using Mat picture = Clips.Grey(i % 20, 64, 48);
            return picture.ToBytes(".jpg");
        })];
        await stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes(
            $"HTTP/1.0 200 OK\r\nContent-Type: video/x-motion-jpeg\r\nContent-Length: {body.Length}\r\n\r\n"));
        await stream.WriteAsync(body);
    }

    private static CameraPlan Plan() => CameraFolders.Discover(["http://u:p@10.0.0.5/"], new IngestOptions()).Cameras[0];

    /// <summary>A clock that tests move; a pause is over at once, and noted.</summary>
    private sealed class Clock : TimeProvider
    {
        private long _ticks = Start.UtcTicks;

        public ConcurrentQueue<TimeSpan> Pauses { get; } = [];

        public Action OnPause { get; set; } = () => { };

        public void Step(TimeSpan by) => Interlocked.Add(ref _ticks, by.Ticks);

        public override DateTimeOffset GetUtcNow() => new(Interlocked.Read(ref _ticks), TimeSpan.Zero);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Pauses.Enqueue(dueTime);
            OnPause();
            return base.CreateTimer(callback, state, TimeSpan.Zero, period);
        }
    }

    private sealed class LiveRun : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly Channel<CameraItem> _items = Channel.CreateUnbounded<CameraItem>();
        private readonly Task _running;
        private readonly FramePool _pool = new();

        public LiveRun(IngestOptions options, TimeProvider clock, Func<string, IFrameSource?> open)
        {
            IngestPlan plan = new([Plan()], CameraClocks.Unrelated, [], []);
            CameraProgress[] progress = [new(plan.Cameras[0].Camera, 0, 0)];
            _running = LiveStage.RunAsync(
                plan, options, progress, s => States.Enqueue($"{s.State} {s.Code}".TrimEnd()), clock, _pool, _items.Writer, _stop.Token, open);
        }

        public ConcurrentQueue<string> States { get; } = [];

        public async Task<List<CameraItem>> ReadUntil(Func<CameraItem, bool> last)
        {
            List<CameraItem> items = [];
            using CancellationTokenSource timeout = new(TimeSpan.FromSeconds(30));
            do
            {
                items.Add(await _items.Reader.ReadAsync(timeout.Token));
            }
            while (!last(items[^1]));
            return items;
        }

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _running.WaitAsync(TimeSpan.FromSeconds(30)));
            _stop.Dispose();
            _pool.Dispose();
        }
    }
}

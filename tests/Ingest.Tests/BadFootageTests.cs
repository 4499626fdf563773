using OpenCvSharp;
using Pipeline.Ingest;

namespace Pipeline.Tests.Ingest;

/// <summary>Footage as it comes from broken disks, cut power and curious users: each is said, and what follows it is read.</summary>
public class BadFootageTests
{
    [Fact]
    public Task A_zero_length_video() => Says("is empty (0 bytes)", clips => clips.Text("cam/1.mp4"));

    [Fact]
    public Task A_pipe_named_mp4_is_not_waited_for() => Says("is empty (0 bytes), or a pipe", clips => OddFile.Pipe(clips.PathOf("cam", "1.mp4")));

    [Fact]
    public async Task A_pipe_beside_a_video_that_looks_like_its_times_is_not_waited_for()
    {
        using Clips clips = new();
        clips.Video("cam/1.avi");
        OddFile.Pipe(clips.PathOf("cam", "1.avi.json"));
        OddFile.Pipe(clips.PathOf("cam", "times.csv"));
        OddFile.Pipe(clips.PathOf("mot", "seqinfo.ini"));
        clips.Picture("mot/img1/1.png");

        IngestPlan plan = await Task.Run(() => CameraFolders.Discover([clips.Root], new IngestOptions { Time = TimeRule.Container })).WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Contains(plan.Problems, p => p.Contains("'1.avi.json' is empty (0 bytes), or a pipe, socket or device. It was left out", StringComparison.Ordinal));
        Assert.Contains(plan.Problems, p => p.Contains("times.csv' is empty (0 bytes), or a pipe, socket or device. It was left out", StringComparison.Ordinal));
        Assert.Contains(plan.Notices, p => p.Contains("seqinfo.ini gives no frameRate", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Pipes_sockets_and_folders_named_as_pictures_are_not_waited_for_and_the_pictures_beside_them_are_read()
    {
        using Clips clips = new();
        clips.Picture("cam/1.png");
        OddFile.Pipe(clips.PathOf("cam", "2.png"));
        OddFile.Socket(clips.PathOf("cam", "3.png"));
        clips.Picture("cam/4.png");
        Directory.CreateDirectory(clips.PathOf("cam", "5.png"));
        IngestOptions options = new() { Fps = 0 };
        IngestPlan plan = CameraFolders.Discover([clips.Root], options);

        List<CameraItem> items = await Reading.All(new IngestStage(plan, options)).WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal([0, 3], items.OfType<Frame>().Select(f => f.Number));
        SegmentEnd end = items.OfType<SegmentEnd>().Single();
        Assert.Equal(
            "camera cam, '.': 2 frames are damaged and were left out; the first: '2.png' is empty (0 bytes), or a pipe, socket or device. "
            + "Put pictures in their place, or take them out of the folder.",
            end.Problem);
        Assert.NotEqual("", end.Segment.Digest);
        Assert.Contains("5.png' is a folder with the name of a file", Assert.Single(plan.Problems), StringComparison.Ordinal);
    }

    [Fact]
    public Task A_link_to_a_device_without_end() => Says("is empty (0 bytes)", clips => File.CreateSymbolicLink(clips.PathOf("cam", "1.mp4"), "/dev/zero"));

    [Fact]
    public Task A_link_to_nothing() => Says("or a link to nothing", clips => File.CreateSymbolicLink(clips.PathOf("cam", "1.mp4"), "/nonexistent/1.mp4"));

    [Fact]
    public void A_flag_that_does_not_exist_is_not_called_a_folder()
    {
        InvalidDataException e = Assert.Throws<InvalidDataException>(() => CameraFolders.Discover(["--otput"], new IngestOptions()));

        Assert.Equal("'--otput' is no option of this command, and neither a folder nor a file. See --help.", e.Message);
    }

    [Fact]
    public async Task Segments_that_cannot_be_read_whole_are_the_camera_s_decode_errors()
    {
        using Clips clips = new();
        clips.Text("cam/1.mp4");
        string cut = clips.Video("cam/2.avi", frames: 100);
        File.WriteAllBytes(cut, File.ReadAllBytes(cut)[..((int)new FileInfo(cut).Length / 2)]);
        clips.Video("cam/3.avi");
        IngestOptions options = new();
        IngestStage stage = new(CameraFolders.Discover([clips.Root], options), options);

        await Reading.All(stage);

        Assert.Equal(2, stage.Progress[0].DecodeErrors);
    }

    [Fact]
    public Task A_text_file_named_mp4() => Says("is text, not a video", clips => clips.Text("cam/1.mp4", "dear diary\n"));

    [Fact]
    public Task A_video_that_lost_its_index() => Says("(moov) cannot be read", clips =>
    {
        string file = clips.Video("cam/1.mp4", frames: 30);
        byte[] bytes = File.ReadAllBytes(file);
        File.WriteAllBytes(file, bytes[..(bytes.Length / 2)]);
    });

    [Fact]
    public Task A_truncated_video() => Says("of 100 announced frames could be read", clips =>
    {
        string file = clips.Video("cam/1.avi", frames: 100);
        byte[] bytes = File.ReadAllBytes(file);
        File.WriteAllBytes(file, bytes[..(bytes.Length / 2)]);
    }, framesAtLeast: 40);

    [Fact]
    public Task A_corrupt_video() => Says("announced frames could be read", clips =>
    {
        string file = clips.Video("cam/1.mp4", frames: 100);
        byte[] bytes = File.ReadAllBytes(file);
        int data = bytes.AsSpan().IndexOf("mdat"u8);
        int index = bytes.AsSpan().IndexOf("moov"u8);
        int from = data + ((index - data) / 3), to = data + ((index - data) * 2 / 3);
        new Random(1).NextBytes(bytes.AsSpan(from..to));
        File.WriteAllBytes(file, bytes);
    }, framesAtLeast: 10);

    [Fact]
    public Task A_video_without_frames() => Says("gave no frame", clips =>
    {
        string file = clips.Video("cam/1.avi", frames: 3);
        byte[] bytes = File.ReadAllBytes(file);
        int frames = bytes.AsSpan().IndexOf("movi"u8);
        File.WriteAllBytes(file, bytes[..(frames + 4)]);
    });

    [Fact]
    public Task Random_bytes() => Says("none that can be decoded", clips =>
    {
        byte[] bytes = new byte[10000];
        new Random(1).NextBytes(bytes);
        File.WriteAllBytes(clips.PathOf("cam", "1.mkv"), bytes);
    });

    [Fact]
    public async Task A_file_that_goes_away_between_listing_and_reading()
    {
        using Clips clips = new();
        string file = clips.Video("cam/1.avi");
        clips.Video("cam/2.avi");
        IngestOptions options = new();
        IngestPlan plan = CameraFolders.Discover([clips.Root], options);
        File.Delete(file);

        List<CameraItem> items = await Reading.All(new IngestStage(plan, options));

        Assert.Contains("is gone", items.OfType<SegmentEnd>().First().Problem, StringComparison.Ordinal);
        Assert.Equal(5, items.OfType<Frame>().Count());
    }

    [SkippableFact]
    public Task An_unreadable_file()
    {
        Skip.If(OperatingSystem.IsWindows() || Environment.UserName == "root", "root may read everything");
        return Says("cannot be read", clips => MakeUnreadable(clips.Video("cam/1.avi")));
    }

    [Fact]
    public async Task A_resolution_change_in_mid_stream_goes_on_with_the_new_size()
    {
        using Clips clips = new();
        string file = clips.PathOf("cam", "1.avi"); // JPEG pictures one behind the other are a stream too
        using (FileStream stream = File.Create(file))
        {
            for (int i = 0; i < 20; i++)
            {
                using Mat picture = i < 10 ? Clips.Grey(1, 64, 48) : Clips.Grey(20, 32, 16);
                stream.Write(picture.ToBytes(".jpg"));
            }
        }

        List<CameraItem> items = await Reading.All(clips.Root, new IngestOptions { Fps = 0 });

        Assert.Equal(
            Enumerable.Repeat((64, 48), 10).Concat(Enumerable.Repeat((32, 16), 10)),
            items.OfType<Frame>().Select(f => (f.Width, f.Height)));
        Assert.Null(items.OfType<SegmentEnd>().Single().Problem);
    }

    [Fact]
    public async Task A_rotated_video_comes_out_upright()
    {
        using Clips clips = new();
        string file = clips.PathOf("cam", "1.mp4");
        using (VideoWriter writer = new(file, FourCC.MP4V, 10, new Size(64, 32)))
        using (Mat picture = new(32, 64, MatType.CV_8UC3, Scalar.All(20)))
        {
            using Mat left = new(picture, new Rect(0, 0, 32, 32));
            left.SetTo(Scalar.All(220));
            for (int i = 0; i < 10; i++)
            {
                writer.Write(picture);
            }
        }

        byte[] bytes = File.ReadAllBytes(file);
        int matrix = bytes.AsSpan().IndexOf("tkhd"u8) + 4 + 40; // version and flags, times, track, duration, layer, volume
        byte[] quarterTurn = [0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 0, 0, 0, 0, 0, 0];
        quarterTurn.CopyTo(bytes, matrix);
        File.WriteAllBytes(file, bytes);

        List<CameraItem> items = await Reading.All(clips.Root);

        Assert.All(items.OfType<Frame>(), f => Assert.Equal((32, 64), (f.Width, f.Height)));
        Assert.Equal(5, items.OfType<Frame>().Count());
        using VideoSource source = VideoSource.File(file, threads: 1)!;
        using Mat turned = new();
        Assert.True(source.Grab() && source.Retrieve(turned));
        ReadOnlySpan<byte> pixels = turned.AsSpan<byte>();
        byte above = pixels[((8 * 32) + 16) * 3], below = pixels[((56 * 32) + 16) * 3];
        Assert.True(above > below + 100, $"{above} above, {below} below"); // a quarter clockwise: what was left is above
    }

    [Fact]
    public void Time_that_goes_backwards_inside_a_file()
    {
        Camera camera = new("cam", "cam", CameraKind.Recorded);
        Segment segment = new(camera, "file", "1.ts", 0, "", CaptureTime.OrderStart, TimeSource.Order);
        using FramePool pool = new();
        FakeSource source = new([0, 200, 400, 300, 600, 5000, 0, 200, 400]);
        using VideoDecoder decoder = new(segment, source, 5, pool, null, new CameraProgress(camera, 1, 0));

        List<double> times = [];
        while (decoder.Next() is { } frame)
        {
            times.Add(frame.Offset.TotalMilliseconds);
            frame.Dispose();
        }

        Assert.Equal([0, 200, 400, 600, 5000, 6000, 6200, 6400], times);
        Assert.Contains("1 frame is not later", decoder.Problem(), StringComparison.Ordinal);
        Assert.Contains("1 jump of its clock", decoder.Problem(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Damaged_pictures_of_a_sequence_are_counted()
    {
        using Clips clips = new();
        clips.Picture("cam/1.png");
        clips.Text("cam/2.png", "no picture");
        clips.Picture("cam/3.png");

        List<CameraItem> items = await Reading.All(clips.Root, new IngestOptions { Fps = 0 });

        Assert.Equal(2, items.OfType<Frame>().Count());
        Assert.Contains("1 frame is damaged and was left out; the first: '2.png' is no picture that can be decoded", items.OfType<SegmentEnd>().Single().Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Hostile_file_names_are_read_like_any()
    {
        using Clips clips = new();
        clips.Video("cam/%03d $(x) 'q' \u001b[31m.avi");
        clips.Video("cam/concat:a|b.avi");
        clips.Video("cam/-i.avi");

        List<CameraItem> items = await Reading.All(clips.Root);

        Assert.Equal(15, items.OfType<Frame>().Count());
        Assert.All(items.OfType<SegmentEnd>(), e => Assert.Null(e.Problem));
    }

    [SkippableFact]
    public async Task A_header_that_announces_too_little_is_not_believed()
    {
        string folder = TestData.Shared("data", "recordings", "caviar_front", "OneLeaveShop1front");

        List<CameraItem> items = await Reading.All(folder);

        SegmentEnd end = items.OfType<SegmentEnd>().Single();
        Assert.Equal(295, end.FramesDecoded);
        Assert.Null(end.Problem);
        Assert.Equal(60, end.FramesAnalysed); // 11.8 s by its own timestamps, five a second
    }

    [SkippableTheory]
    [InlineData("corridor_2cam", 2, 1128)]
    [InlineData("vtest", 1, 795)]
    [InlineData("mot17_mini", 1, 8)]
    public async Task Real_recordings_are_read_to_the_last_frame(string scene, int cameras, long frames)
    {
        List<CameraItem> items = await Reading.All(TestData.Shared("data", "recordings", scene));

        Assert.Equal(cameras, items.OfType<CameraEnd>().Count());
        Assert.Equal(frames, items.OfType<SegmentEnd>().Sum(e => e.FramesDecoded));
        Assert.All(items.OfType<SegmentEnd>(), e => Assert.Null(e.Problem));
    }

    private static void MakeUnreadable(string file)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file, UnixFileMode.None);
        }
    }

    private static async Task Says(string words, Action<Clips> make, int framesAtLeast = 0)
    {
        using Clips clips = new();
        make(clips);
        clips.Video("cam/2.avi", frames: 10);

        List<CameraItem> items = await Reading.All(clips.Root);

        SegmentEnd[] ends = [.. items.OfType<SegmentEnd>()];
        Assert.Equal(2, ends.Length);
        Assert.Contains(words, ends[0].Problem, StringComparison.Ordinal);
        Assert.StartsWith("camera cam, '1.", ends[0].Problem, StringComparison.Ordinal);
        Assert.True(ends[0].FramesDecoded >= framesAtLeast, $"{ends[0].FramesDecoded} frames");
        Assert.Null(ends[1].Problem);
        Assert.Equal(5, ends[1].FramesAnalysed);
        Assert.IsType<CameraEnd>(items[^1]);
    }
}

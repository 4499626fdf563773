using Pipeline.Ingest;

namespace Pipeline.Tests.Ingest;

public class CameraFoldersTests
{
    [Fact]
    public void One_camera_a_sub_folder_with_its_videos_in_natural_order()
    {
        using Clips clips = new();
        clips.Text("cam1/clip10.mp4");
        clips.Text("cam1/clip2.mp4");
        clips.Text("cam2/a.MKV");
        clips.Text("truth.txt");
        clips.Text("cam1/clip2.gt.txt");

        IngestPlan plan = Discover(clips);

        Assert.Equal(["cam1", "cam2"], plan.Cameras.Select(c => c.Camera.Id));
        Assert.Equal(["clip2.mp4", "clip10.mp4"], plan.Cameras[0].Segments.Select(s => s.Ref));
        Assert.Equal([0, 1], plan.Cameras[0].Segments.Select(s => s.Ordinal));
        Assert.Empty(plan.Notices);
        Assert.Empty(plan.Problems);
    }

    [Theory]
    [InlineData("front.mp4,back.mp4", "back,front")]
    [InlineData("cam1.mp4,cam2.mp4", "cam1,cam2")]
    [InlineData("clip_001.mp4,clip_002.mp4", "rec")]
    [InlineData("0001.avi,0002.avi", "rec")]
    [InlineData("2024-05-01_12-30-00.mp4,2024-05-01_13-30-00.mp4", "rec")]
    [InlineData("front_20240501_123000.mp4,front_20240501_133000.mp4,back_20240501_123000.mp4", "back,front")]
    [InlineData("only.mp4", "only")]
    public void Files_directly_in_the_folder_are_one_camera_each_unless_they_look_like_segments(string files, string cameras)
    {
        using Clips clips = new();
        foreach (string file in files.Split(','))
        {
            clips.Text($"rec/{file}");
        }

        IngestPlan plan = CameraFolders.Discover([Path.Combine(clips.Root, "rec")], new IngestOptions());

        Assert.Equal(cameras.Split(',').Order(), plan.Cameras.Select(c => c.Camera.Id).Order());
    }

    [Fact]
    public void A_folder_without_footage_is_told_since_its_recorder_may_be_dead()
    {
        using Clips clips = new();
        clips.Text("door/1.mp4");
        clips.Text("yard/1.mp4.json", "{}");

        IngestPlan plan = Discover(clips);

        Assert.Equal("door", Assert.Single(plan.Cameras).Camera.Id);
        Assert.Contains("yard' holds neither videos nor a sequence of pictures", Assert.Single(plan.Notices), StringComparison.Ordinal);
        Assert.Empty(plan.Problems);
    }

    [Fact]
    public void A_file_is_a_camera()
    {
        using Clips clips = new();

        IngestPlan plan = CameraFolders.Discover([clips.Text("door.mp4")], new IngestOptions());

        Assert.Equal("door", Assert.Single(plan.Cameras).Camera.Id);
        Assert.Equal("door.mp4", plan.Cameras[0].Segments[0].Ref);
    }

    [Fact]
    public void Frigate_recordings_are_gathered_by_camera_in_utc()
    {
        using Clips clips = new();
        clips.Text("2026-11-21/08/dock/15.20.mp4");
        clips.Text("2026-11-21/09/dock/00.00.mp4");
        clips.Text("2026-11-20/23/gate/59.50.mp4");

        IngestPlan plan = Discover(clips, new IngestOptions { TimeZone = "+05:00" });

        Assert.Equal(["dock", "gate"], plan.Cameras.Select(c => c.Camera.Id));
        SegmentPlan first = plan.Cameras[0].Segments[0];
        Assert.Equal(("frigate", "2026-11-21/08/dock/15.20.mp4"), (first.Kind, first.Ref));
        Assert.Equal(new DateTimeOffset(2026, 11, 21, 8, 15, 20, TimeSpan.Zero), first.StartAt);
        Assert.Equal(TimeSource.FileName, plan.Cameras[0].TimeSource);
        Assert.True(plan.AreComparable("dock", "gate"));
    }

    [Fact]
    public void MOTChallenge_sequences_have_the_rate_of_their_info()
    {
        using Clips clips = new();
        clips.Picture("MOT17-04/img1/000002.jpg");
        clips.Picture("MOT17-04/img1/000001.jpg");
        clips.Text("MOT17-04/seqinfo.ini", "[Sequence]\nname=MOT17-04\nframeRate=30\n");

        IngestPlan all = Discover(clips);
        IngestPlan one = CameraFolders.Discover([Path.Combine(clips.Root, "MOT17-04")], new IngestOptions());

        SegmentPlan segment = Assert.Single(all.Cameras[0].Segments);
        Assert.Equal(("mot", "img1", 30), (segment.Kind, segment.Ref, segment.ImageFps));
        Assert.Equal(["000001.jpg", "000002.jpg"], segment.Files.Select(Path.GetFileName));
        Assert.Equal("mot17-04", one.Cameras[0].Camera.Id);
    }

    [Fact]
    public void Pictures_are_a_sequence_where_there_is_no_video()
    {
        using Clips clips = new();
        clips.Picture("cam/10.png");
        clips.Picture("cam/9.png");
        clips.Picture("with-video/thumb1.png");
        clips.Picture("with-video/thumb2.png");
        clips.Text("with-video/a.mp4");

        IngestPlan plan = Discover(clips);

        Assert.Equal(["9.png", "10.png"], plan.Cameras[0].Segments[0].Files.Select(Path.GetFileName));
        Assert.Equal("file", Assert.Single(plan.Cameras[1].Segments).Kind);
    }

    [Fact]
    public void Names_become_slugs_and_two_that_meet_are_told_apart_and_said()
    {
        using Clips clips = new();
        clips.Text("Front Door/a.mp4");
        clips.Text("front-door/a.mp4");
        clips.Text("Tür Süd/a.mp4");

        IngestPlan plan = Discover(clips);

        Assert.Equal(["front-door", "front-door-2", "tur-sud"], plan.Cameras.Select(c => c.Camera.Id));
        Assert.Equal("Front Door", plan.Cameras[0].Camera.Name);
        Assert.Contains(plan.Notices, n => n.Contains("front-door is taken by another camera", StringComparison.Ordinal));
        Assert.Contains(plan.Notices, n => n == "camera 'Tür Süd' has the id tur-sud");
    }

    [Theory]
    [InlineData("$(reboot); #", "reboot")]
    [InlineData("-rf", "rf")]
    [InlineData("%2e%2e", "2e-2e")]
    [InlineData("a\nb\u001b[31m", "a-b-31m")]
    [InlineData("摄像头", "camera")]
    [InlineData("+#topic", "topic")]
    public void Hostile_names_are_harmless(string name, string id)
    {
        using Clips clips = new();
        clips.Text($"{name}/{name}.mp4");

        IngestPlan plan = Discover(clips);

        Assert.Equal(id, Assert.Single(plan.Cameras).Camera.Id);
        Assert.DoesNotContain(plan.Notices, n => n.Any(char.IsControl));
    }

    [Fact]
    public void An_empty_folder_says_what_was_looked_for()
    {
        using Clips clips = new();

        InvalidDataException error = Assert.Throws<InvalidDataException>(() => Discover(clips));

        Assert.Contains(clips.Root, error.Message, StringComparison.Ordinal);
        Assert.Contains("one sub-folder per camera", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_without_cameras_and_an_absent_one_are_refused()
    {
        using Clips clips = new();
        clips.Text("notes/readme.txt");
        clips.Text(".hidden/a.mp4");

        Assert.Throws<InvalidDataException>(() => Discover(clips));
        Assert.Contains("neither", Assert.Throws<InvalidDataException>(() => CameraFolders.Discover(["/does/not/exist"], new())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Settings_rename_switch_off_and_slow_down_cameras_and_unknown_ones_are_said()
    {
        using Clips clips = new();
        clips.Text("a/1.mp4");
        clips.Text("b/1.mp4");
        Dictionary<string, CameraOptions> cameras = new()
        {
            ["a"] = new() { Name = "Dock", Fps = 2 },
            ["b"] = new() { Enabled = false },
            ["c"] = new(),
        };

        IngestPlan plan = Discover(clips, new IngestOptions { Cameras = cameras });

        CameraPlan camera = Assert.Single(plan.Cameras);
        Assert.Equal(("a", "Dock", 2), (camera.Camera.Id, camera.Camera.Name, camera.Fps));
        Assert.Contains(plan.Notices, n => n.Contains("switched off", StringComparison.Ordinal));
        Assert.Contains(plan.Notices, n => n.Contains("'c' that is not among", StringComparison.Ordinal));
    }

    [Fact]
    public void Cameras_known_by_order_are_comparable_only_when_declared_so()
    {
        using Clips clips = new();
        clips.Text("a/1.mp4");
        clips.Text("b/1.mp4");
        clips.Text("c/2024-05-01_12-30-00.mp4");

        IngestPlan unrelated = Discover(clips);
        IngestPlan together = Discover(clips, new IngestOptions { Clocks = CameraClocks.Together });

        Assert.False(unrelated.AreComparable("a", "b"));
        Assert.True(together.AreComparable("a", "b"));
        Assert.False(together.AreComparable("a", "c"));
        Assert.True(unrelated.AreComparable("a", "a"));
    }

    [Fact]
    public void Streams_are_cameras_and_never_show_their_passwords()
    {
        IngestPlan plan = CameraFolders.Discover(["rtsp://admin:secret@10.0.0.5:554/Dock?token=abc"], new IngestOptions());

        CameraPlan camera = Assert.Single(plan.Cameras);
        Assert.Equal(("10-0-0-5-dock", CameraKind.Live), (camera.Camera.Id, camera.Camera.Kind));
        Assert.Equal("rtsp://***@10.0.0.5:554/Dock?***", StreamAddress.Masked(camera.Url!));
        Assert.DoesNotContain("secret", string.Concat(plan.Notices) + camera, StringComparison.Ordinal);
    }

    [Fact]
    public void Settings_out_of_range_are_named_with_their_keys()
    {
        IngestOptions options = new()
        {
            Fps = -1,
            ReadAhead = 0,
            TimeZone = "Mars/Olympus",
            TimePattern = "%Y%q",
            Cameras = new Dictionary<string, CameraOptions> { ["a"] = new() { Fps = double.NaN, Url = "ftp://x" } },
        };

        Assert.Equal(
            ["ingest.fps", "ingest.read_ahead", "ingest.time_pattern", "ingest.time_zone", "ingest.cameras.a.fps", "ingest.cameras.a.url"],
            options.Problems().Select(p => p.Key));
        Assert.Empty(new IngestOptions().Problems());
    }

    [Fact]
    public void Slugs_stay_within_64_characters_also_with_a_number()
    {
        HashSet<string> taken = [];
        string longest = Slug.From(new string('x', 99));

        Assert.Equal(64, Slug.Take(longest, taken).Length);
        Assert.Equal(new string('x', 62) + "-2", Slug.Take(longest, taken));
    }

    private static IngestPlan Discover(Clips clips, IngestOptions? options = null) =>
        CameraFolders.Discover([clips.Root], options ?? new IngestOptions());
}

using Pipeline.Ingest;

namespace Pipeline.Tests.Ingest;

public class CaptureTimeTests
{
    [Theory]
    [InlineData("2024-05-01_12-30-00", "2024-05-01T12:30:00.0000000+00:00")]
    [InlineData("20240501T123000Z", "2024-05-01T12:30:00.0000000+00:00")]
    [InlineData("20240501_123000", "2024-05-01T12:30:00.0000000+00:00")]
    [InlineData("20240501123000", "2024-05-01T12:30:00.0000000+00:00")]
    [InlineData("front 2024-05-01 12.30.15.250", "2024-05-01T12:30:15.2500000+00:00")]
    [InlineData("2024-05-01T12-30-00+0200", "2024-05-01T10:30:00.0000000+00:00")]
    [InlineData("2024-05-01/12-30-00_dock", "2024-05-01T12:30:00.0000000+00:00")]
    [InlineData("ch1/2024/05/01/12.30.00", "2024-05-01T12:30:00.0000000+00:00")]
    [InlineData("1714566600", "2024-05-01T12:30:00.0000000+00:00")]
    [InlineData("1714566600250", "2024-05-01T12:30:00.2500000+00:00")]
    [InlineData("2024-02-30_12-30-00", null)]
    [InlineData("clip1", null)]
    [InlineData("12345678901234567", null)]
    public void Common_names_tell_the_time(string name, string? expected)
    {
        bool found = NamePattern.Common.TryFind(name, TimeZoneInfo.Utc, out DateTimeOffset time, out _);

        Assert.Equal(expected, found ? time.ToString("O") : null);
    }

    [Fact]
    public void A_given_pattern_is_read_like_strftime()
    {
        Assert.True(NamePattern.TryParse("v*_%d%m%Y-%H%M%S", out NamePattern? pattern, out _));

        Assert.True(pattern.TryFind("vab_01052024-123000", TimeZoneInfo.Utc, out DateTimeOffset time, out _));
        Assert.Equal(new DateTimeOffset(2024, 5, 1, 12, 30, 0, TimeSpan.Zero), time);
        Assert.False(NamePattern.TryParse("%H%M", out _, out string? fault));
        Assert.Contains("%Y", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_are_in_the_zone_given_unless_they_say_otherwise()
    {
        Assert.True(CaptureTime.TryZone("+02:00", out TimeZoneInfo? zone));

        NamePattern.Common.TryFind("2024-05-01_12-30-00", zone, out DateTimeOffset local, out _);
        NamePattern.Common.TryFind("2024-05-01_12-30-00Z", zone, out DateTimeOffset own, out _);

        Assert.Equal(new DateTimeOffset(2024, 5, 1, 10, 30, 0, TimeSpan.Zero), local);
        Assert.Equal(new DateTimeOffset(2024, 5, 1, 12, 30, 0, TimeSpan.Zero), own);
    }

    [Theory]
    [InlineData("""{"start_time":"2024-05-01T12:30:00Z"}""")]
    [InlineData("""{"start_time":"2024-05-01T14:30:00+02:00"}""")]
    [InlineData("""{"start_time":"2024-05-01 12:30:00"}""")]
    [InlineData("""{"Started_At":1714566600}""")]
    [InlineData("""{"timestamp":1714566600000}""")]
    public void A_sidecar_comes_before_the_name(string json)
    {
        using Clips clips = new();
        clips.Text("cam/2020-01-01_00-00-00.mp4");
        clips.Text("cam/2020-01-01_00-00-00.mp4.json", json);

        CameraPlan camera = CameraFolders.Discover([clips.Root], new IngestOptions()).Cameras[0];

        Assert.Equal(TimeSource.Sidecar, camera.TimeSource);
        Assert.Equal(new DateTimeOffset(2024, 5, 1, 12, 30, 0, TimeSpan.Zero), camera.Segments[0].StartAt);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("no json")]
    public void A_sidecar_that_cannot_be_read_is_said_and_left_out(string json)
    {
        using Clips clips = new();
        clips.Text("cam/2020-01-01_00-00-00.mp4");
        clips.Text("cam/2020-01-01_00-00-00.mp4.json", json);

        IngestPlan plan = CameraFolders.Discover([clips.Root], new IngestOptions());

        Assert.Equal(TimeSource.FileName, plan.Cameras[0].TimeSource);
        Assert.Contains("2020-01-01_00-00-00.mp4.json", Assert.Single(plan.Problems), StringComparison.Ordinal);
    }

    [Fact]
    public void A_table_gives_times_and_sets_the_order_and_its_bad_lines_are_said()
    {
        using Clips clips = new();
        clips.Text("cam/a.mp4");
        clips.Text("cam/b.mp4");
        clips.Text("cam/times.csv", "file,start\nb.mp4,2024-05-01T12:00:00Z\na.mp4,2024-05-01T13:00:00Z\nnonsense\n");

        IngestPlan plan = CameraFolders.Discover([clips.Root], new IngestOptions());

        Assert.Equal(["b.mp4", "a.mp4"], plan.Cameras[0].Segments.Select(s => s.Ref));
        Assert.Equal(TimeSource.Sidecar, plan.Cameras[0].TimeSource);
        Assert.Contains("times.csv:4", Assert.Single(plan.Problems), StringComparison.Ordinal);
    }

    [Fact]
    public void One_segment_without_a_time_puts_the_camera_into_order_and_that_is_said()
    {
        using Clips clips = new();
        clips.Text("cam/2024-05-01_12-30-00.mp4");
        clips.Text("cam/again.mp4");

        IngestPlan plan = CameraFolders.Discover([clips.Root], new IngestOptions());

        Assert.Equal(TimeSource.Order, plan.Cameras[0].TimeSource);
        Assert.All(plan.Cameras[0].Segments, s => Assert.Null(s.StartAt));
        Assert.Contains("1 of 2 segments", Assert.Single(plan.Notices), StringComparison.Ordinal);
    }

    [Fact]
    public void The_container_is_asked_only_when_told_to()
    {
        using Clips clips = new();
        string file = clips.Video("cam/a.mp4");
        byte[] bytes = File.ReadAllBytes(file);
        int header = bytes.AsSpan().IndexOf("mvhd"u8);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(header + 8), 2082844800u + 1714566600u); // since 1904
        File.WriteAllBytes(file, bytes);

        CameraPlan auto = CameraFolders.Discover([clips.Root], new IngestOptions()).Cameras[0];
        CameraPlan container = CameraFolders.Discover([clips.Root], new IngestOptions { Time = TimeRule.Container }).Cameras[0];

        Assert.Equal(TimeSource.Order, auto.TimeSource);
        Assert.Equal(TimeSource.Container, container.TimeSource);
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1714566600), container.Segments[0].StartAt);
    }

    [Fact]
    public void Pictures_may_each_have_a_time()
    {
        using Clips clips = new();
        clips.Picture("cam/20240501_123000.png");
        clips.Picture("cam/20240501_123007.png");

        SegmentPlan segment = CameraFolders.Discover([clips.Root], new IngestOptions()).Cameras[0].Segments[0];

        Assert.Equal([0, 7], segment.ImageTimes!.Select(t => (t - segment.StartAt!.Value).TotalSeconds));
    }

    [Fact]
    public void The_clock_of_a_segment_only_goes_forward()
    {
        SegmentClock clock = new(10);
        double[] timestamps = [500, 600, 590, 700, 100, 200, 1e18, double.NaN];

        bool[] taken = [.. timestamps.Select(clock.Advance)];

        Assert.Equal([true, true, false, true, false, false, true, true], taken);
        Assert.Equal((3, 2), (clock.Backward, clock.Jumps));
        Assert.Equal(400, clock.Last);
    }

    [Fact]
    public void A_recorder_that_counts_afresh_is_followed()
    {
        SegmentClock clock = new(10);

        double[] offsets = [.. new double[] { 0, 1000, 2000, 0, 1000, 2000 }.Select(t => clock.Advance(t) ? clock.Last : -1)];

        Assert.Equal([0, 1000, 2000, 3000, 4000, 5000], offsets);
        Assert.Equal(1, clock.Jumps);
    }

    [Fact]
    public void The_digest_depends_on_length_and_blocks()
    {
        using Clips clips = new();
        byte[] bytes = new byte[3 << 20];
        string file = clips.PathOf("a.bin");
        File.WriteAllBytes(file, bytes);
        string first = SegmentDigest.OfFile(file);
        bytes[0] = 1;
        File.WriteAllBytes(file, bytes);
        string second = SegmentDigest.OfFile(file);
        File.WriteAllBytes(file, new byte[(3 << 20) + 1]);

        Assert.Matches("^[0-9a-f]{64}$", first);
        Assert.NotEqual(first, second);
        Assert.NotEqual(first, SegmentDigest.OfFile(file));
    }
}

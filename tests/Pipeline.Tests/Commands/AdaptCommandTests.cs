using Pipeline.Cli.Adapting;
using Pipeline.Cli.Commands;
using Pipeline.Reid;
using Pipeline.Store;
using Pipeline.Tracker;

namespace Pipeline.Tests.Cli;

public sealed class AdaptCommandTests : IDisposable
{
    private static readonly DateTimeOffset s_start = new(2026, 5, 1, 8, 0, 0, TimeSpan.Zero);

    private readonly CommandRun _run = new();

    public void Dispose() => _run.Dispose();

    [Fact]
    public async Task Everything_wrong_on_the_command_line_is_told_at_once()
    {
        (ExitCode code, _, string error) = await CommandRun.RunAsync(
            "adapt", _run.In("recordings"), "--output", _run.In("out"), "--epochs", "0", "--held-out", "0.95", "--learning-rate", "1", "--source", _run.In("nowhere"));

        Assert.Equal(ExitCode.WrongUse, code);
        Assert.Contains("--epochs: 1 to 100, got 0", error, StringComparison.Ordinal);
        Assert.Contains("--held-out: 0.1 to 0.9, got 0.95", error, StringComparison.Ordinal);
        Assert.Contains("--learning-rate: above 0, 0.01 at most, got 1", error, StringComparison.Ordinal);
        Assert.Contains($"--source '{_run.In("nowhere")}': no such folder", error, StringComparison.Ordinal);
        Assert.Contains($"'{_run.In("recordings")}': no such folder or store", error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_run.In("out")));
    }

    [SkippableFact]
    public async Task A_model_without_weights_to_train_is_refused()
    {
        Skip.IfNot(HasLibtorch(), "no libtorch");
        Directory.CreateDirectory(_run.In("recordings"));

        (ExitCode code, _, string error) = await CommandRun.RunAsync("adapt", _run.In("recordings"), "--output", _run.In("out"), "--reid-model", "colour");

        Assert.Equal(ExitCode.WrongUse, code);
        Assert.Contains("there is no file to adapt", error, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task Recordings_with_nobody_in_them_are_refused()
    {
        Skip.IfNot(HasLibtorch() && ShippedModel.Exists, "no libtorch, or no model");
        StoreSetup setup = new() { Path = _run.In("identities.db"), Site = "north", EncodeJpeg = picture => PictureIo.ToJpeg(picture), Publish = false };
        using (IdentityStore store = IdentityStore.Open(setup))
        {
            store.EndRun(store.BeginRun("site", _run.In("run"), "m@1", "{}"), RunOutcome.Finished);
        }

        (ExitCode code, _, string error) = await CommandRun.RunAsync("adapt", _run.In("identities.db"), "--output", _run.In("out"));

        Assert.Equal(ExitCode.WrongUse, code);
        Assert.Contains("nobody is in these recordings", error, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task A_source_of_too_few_people_is_refused_before_the_recordings_are_looked_at()
    {
        Skip.IfNot(HasLibtorch() && ShippedModel.Exists, "no libtorch, or no model");
        Directory.CreateDirectory(_run.In("recordings"));
        foreach (string picture in (string[])["ann/hall/1.jpg", "ann/door/1.jpg", "ben/hall/1.jpg", "ben/door/1.jpg"])
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_run.In("people", picture))!);
            File.WriteAllBytes(_run.In("people", picture), PictureIo.ToJpeg(new Picture(16, 32, new byte[3 * 16 * 32])));
        }

        (ExitCode code, _, string error) = await CommandRun.RunAsync("adapt", _run.In("recordings"), "--output", _run.In("out"), "--source", _run.In("people"));

        Assert.Equal((ExitCode.WrongUse, false), (code, Directory.Exists(_run.In("out"))));
        Assert.Contains("66 people or more are needed, of whom 64 judge what was forgotten, got 2", error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_latest_tracks_of_each_camera_are_held_out_and_who_was_there_at_once_is_two_people()
    {
        SightingView[] sightings =
        [
            Sighting(1, "hall", 0, 10), Sighting(2, "hall", 5, 15), Sighting(3, "hall", 20, 30), Sighting(4, "hall", 25, 28), Sighting(5, "hall", 27, 40),
            Sighting(6, "door", 0, 3), Sighting(7, "door", 4, 9), Sighting(8, "door", 8, 12, crops: 1),
        ];

        SiteTracks tracks = SiteTracks.Of(sightings, new LinkerOptions(), 0.4);

        Assert.Equal(["door", "hall"], tracks.Cameras);
        Assert.Equal([6, 1, 2, 3], tracks.Learned.Select(one => one.TrackNumber)); // the eighth has one picture only
        Assert.Equal([7, 4, 5], tracks.HeldOut.Select(one => one.TrackNumber));
        Assert.Equal([(1, 2)], tracks.HeldOutApart); // 4 and 5; the door is seen by no clock
    }

    [Fact]
    public void The_threshold_keeps_its_place_when_similarities_change_their_meaning()
    {
        SightingView[] sightings = [.. Enumerable.Range(0, 6).Select(i => Sighting(i + 1, "hall", 20 * (i / 2), (20 * (i / 2)) + 10))];
        SiteGrouping grouping = new(sightings, new LinkerOptions { Normalise = false, RelinkNeighbours = 0, RelinkMargin = 0 }, 0.9f, 0);

        IReadOnlyList<int> before = grouping.Group([.. new[] { 0, 70, 2, 74, 4, 78 }.Select(angle => At(angle))]);
        IReadOnlyList<int> after = grouping.Group([.. new[] { 0, 70, 2, 74, 4, 78 }.Select(angle => At(angle / 3.0))]);

        Assert.Equal(before, after);
        Assert.Equal(2, before.Distinct().Count());
    }

    private static bool HasLibtorch()
    {
        try
        {
            return TorchSharp.torch.get_num_threads() > 0;
        }
        catch (DllNotFoundException)
        {
            return false;
        }
    }

    private static float[] At(double degrees) => [(float)Math.Cos(degrees * Math.PI / 180), (float)Math.Sin(degrees * Math.PI / 180)];

    private static SightingView Sighting(int number, string camera, double start, double end, int crops = 4) => new()
    {
        TrackletId = new Guid(number, 0, 0, new byte[8]),
        RunId = Guid.Empty,
        IdentityId = null,
        Camera = camera,
        CameraName = camera,
        TrackNumber = number,
        StartAt = s_start.AddSeconds(start),
        EndAt = s_start.AddSeconds(end),
        TimeSource = "order",
        SourceRef = "a.mp4",
        Offset = TimeSpan.Zero,
        Detections = 10,
        Frames = crops,
        Quality = 0.5f,
        IsNew = true,
        Similarity = null,
        Threshold = null,
        Margin = null,
        Band = null,
        Crops = [.. Enumerable.Range(0, crops).Select(i => new CropView(Guid.Empty, $"{number}-{i}.jpg", 10, 20, s_start, 0.5f, i == 0))],
    };
}

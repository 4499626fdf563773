using Pipeline.Cli.Running;
using Pipeline.Store;
using Pipeline.Tracker.Evaluation;

namespace Pipeline.Tests.Cli;

public sealed class RunTracksTests
{
    private static readonly DateTimeOffset s_start = new(2026, 5, 1, 8, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Boxes_of_a_track_that_was_cut_belong_to_the_tracklet_of_their_time()
    {
        SightingView[] tracklets = [Sighting("hall", 4, 0, 10), Sighting("hall", 4, 12, 20), Sighting("dock", 4, 0, 20)];
        Dictionary<int, DateTimeOffset?> frames = Enumerable.Range(1, 25).ToDictionary(frame => frame, frame => (DateTimeOffset?)s_start.AddSeconds(frame));
        int[] asked = [1, 10, 11, 12, 20, 21]; // 11 is between the two, 21 after both

        List<MotRow> rows = new RunTracks(tracklets).Renumber("hall", asked.Select(frame => Row(frame, 4)), frames, tracklet => Array.IndexOf(tracklets, tracklet) + 1);

        Assert.Equal([1, 1, -1, 2, 2, 2], rows.Select(row => row.Id));
        Assert.Equal(asked, rows.Select(row => row.Frame));
    }

    [Fact]
    public void A_whole_track_needs_no_times_and_one_without_a_tracklet_or_an_id_has_one_of_its_own()
    {
        RunTracks tracks = new([Sighting("hall", 1, 0, 10), Sighting("hall", 2, 0, 10)]);

        List<MotRow> hall = tracks.Renumber("hall", [Row(1, 1), Row(2, 2), Row(3, 7), Row(4, 7)], null, tracklet => tracklet.TrackNumber == 1 ? 5 : null);
        List<MotRow> dock = tracks.Renumber("dock", [Row(1, 1), Row(2, 7)], null, _ => 5);

        Assert.Equal([5, -1, -2, -2], hall.Select(row => row.Id));
        Assert.Equal([-3, -4], dock.Select(row => row.Id));
    }

    private static MotRow Row(int frame, int track) => new(frame, track, 0, 0, 10, 20, 1, -1);

    private static SightingView Sighting(string camera, int track, int from, int to) => new()
    {
        TrackletId = Guid.NewGuid(), RunId = Guid.Empty, IdentityId = Guid.NewGuid(), Camera = camera, CameraName = camera, TrackNumber = track,
        StartAt = s_start.AddSeconds(from), EndAt = s_start.AddSeconds(to), TimeSource = "file_name", SourceRef = "a.mp4", Offset = TimeSpan.Zero, Detections = 9,
        Frames = 8, Quality = 1, IsNew = true, Similarity = null, Threshold = null, Margin = null, Band = null, Crops = [],
    };
}

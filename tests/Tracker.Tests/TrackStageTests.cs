using Pipeline.Detector;
using Pipeline.Ingest;
using Pipeline.Reid;
using Pipeline.Tracker;

namespace Pipeline.Tests.Tracker;

public sealed class TrackStageTests
{
    [Fact]
    public async Task Time_of_the_outputs_never_decreases_and_every_second_has_a_watermark()
    {
        List<CropSet> sets = await Scene.TrackAsync(new Scene(1).Items());
        List<TrackerOutput> outputs = [.. sets.Select(set => (TrackerOutput)set.Key)];

        Assert.All(outputs.Zip(outputs.Skip(1)), pair => Assert.True(pair.First.At <= pair.Second.At));
        Assert.Equal(60, outputs.OfType<Watermark>().Count());
        Assert.Equal(18, outputs.OfType<SegmentCheckpoint>().Count());
        Assert.Equal(3, outputs.OfType<CameraFinished>().Count());
    }

    [Fact]
    public async Task Tracklets_hold_their_best_crops_spread_over_their_life()
    {
        List<Tracklet> tracklets = [.. (await Scene.TrackAsync(new Scene(2).Items())).Select(set => set.Key).OfType<Tracklet>()];

        Assert.NotEmpty(tracklets);
        Assert.Equal(tracklets.Count, tracklets.Select(tracklet => tracklet.Id).Distinct().Count());
        Assert.All(tracklets, tracklet =>
        {
            Assert.InRange(tracklet.Crops.Count, 1, 8);
            Assert.Equal(tracklet.Quality, tracklet.Crops.Max(crop => crop.Quality));
            Assert.Equal(tracklet.BoxAt, tracklet.Crops[tracklet.BestCrop].CapturedAt);
            Assert.Equal(tracklet.Crops.OrderBy(crop => crop.CapturedAt), tracklet.Crops);
            Assert.Equal(tracklet.BoxAt, tracklet.Segment.StartAt + tracklet.Offset);
        });
        Tracklet longest = tracklets.MaxBy(tracklet => tracklet.Detections)!;
        TimeSpan life = longest.EndAt - longest.StartAt;
        Assert.True(longest.Crops[^1].CapturedAt - longest.Crops[0].CapturedAt > life / 2);
    }

    [Fact]
    public async Task A_tracklet_can_be_cut_between_any_two_of_its_crops()
    {
        Tracklet whole = (await Scene.TrackAsync(new Scene(2).Items())).Select(set => set.Key).OfType<Tracklet>().MaxBy(tracklet => tracklet.Detections)!;
        Assert.Equal(8, whole.Crops.Count);
        Assert.NotNull(whole.Entry);
        Assert.NotNull(whole.Exit);
        for (int cut = 1; cut < whole.Crops.Count; cut++)
        {
            (Tracklet before, Tracklet after) = (whole.Part!(..cut), whole.Part!(cut..));

            Assert.Equal(whole.Crops, [.. before.Crops, .. after.Crops]);
            Assert.Equal(cut, before.Crops.Count);
            Assert.InRange(before.Detections + after.Detections, whole.Crops.Count, whole.Detections); // what lies between may belong to neither
            Assert.Equal(whole.StartAt, before.StartAt);
            Assert.True(before.Crops[^1].CapturedAt <= before.EndAt && before.EndAt < after.StartAt && after.StartAt <= after.Crops[0].CapturedAt);
            Assert.Equal((whole.EndAt, whole.Id), (after.EndAt, after.Id)); // whoever knew the whole by its id means the part that went on
            Assert.NotEqual(whole.Id, before.Id);
            Assert.Equal((whole.Entry, whole.Exit), (before.Entry, after.Exit));
            Assert.Equal((null, null), (before.Exit, after.Entry)); // nobody came or went where the track was cut
            Assert.Equal((whole.Number, whole.At, whole.MediaDigest), (before.Number, before.At, before.MediaDigest));
            foreach (Tracklet part in (Tracklet[])[before, after])
            {
                Assert.Equal(part.Quality, part.Crops.Max(crop => crop.Quality));
                Assert.Equal(part.BoxAt, part.Crops[part.BestCrop].CapturedAt);
            }
        }
    }

    [Fact]
    public async Task Frames_are_given_back_once_they_are_followed()
    {
        List<CameraItem> items = [.. new Scene(3, seconds: 20).Items()];

        await Scene.TrackAsync(items);

        Assert.All(items.OfType<DetectedFrame>(), frame => Assert.Throws<ObjectDisposedException>(() => frame.Frame.Picture));
    }

    [Fact]
    public async Task A_checkpoint_restored_and_saved_again_is_the_same_to_the_bit_and_goes_on_the_same()
    {
        Scene scene = new(4);
        List<CropSet> whole = await Scene.TrackAsync(scene.Items());
        Dictionary<string, byte[]> states = whole.Select(set => set.Key).OfType<SegmentCheckpoint>()
            .Where(checkpoint => checkpoint.End.Segment.Ordinal == 2).ToDictionary(checkpoint => checkpoint.Camera.Id, checkpoint => checkpoint.State);

        List<CropSet> rest = await Scene.TrackAsync(scene.Items(states.ToDictionary(state => state.Key, _ => 3)), states);

        Assert.All(states, state => Assert.Equal(state.Value, CameraFollower.Restore(state.Value, "site", new TrackerOptions()).Save()));
        Assert.Equal(Last(whole, rest.Count), Last(rest, rest.Count));
        Assert.Contains(states.Values, state => state.Length > 1000); // somebody was in view at a border, with crops
    }

    [Fact]
    public async Task People_in_view_are_told_when_their_number_changes()
    {
        List<(string, int)> told = [];

        await Scene.TrackAsync(new Scene(5, cameras: 2, people: 2, seconds: 20).Items(), people: (camera, _, number) => told.Add((camera.Id, number)));

        Assert.NotEmpty(told);
        Assert.All(told.GroupBy(one => one.Item1), camera =>
        {
            Assert.All(camera.Zip(camera.Skip(1)), pair => Assert.NotEqual(pair.First, pair.Second));
            Assert.Equal(0, camera.Last().Item2); // when the recording is over, nobody is in view
        });
    }

    [Fact]
    public async Task A_stream_that_is_lost_has_nobody_in_view_until_its_own_next_frame()
    {
        List<(string Camera, DateTimeOffset At, int Number)> told = [];
        List<CameraItem> items = [.. new Scene(5, cameras: 2, people: 4, seconds: 20, kind: CameraKind.Live).Items()];
        SegmentEnd lost = items.OfType<SegmentEnd>().First(end => end.Camera.Id == "cam0");
        items.RemoveAll(item => item.Camera.Id == "cam0" && item.At > lost.At); // it does not come back, the other goes on

        await Scene.TrackAsync(items, people: (camera, at, number) => told.Add((camera.Id, at, number)));

        (string, DateTimeOffset At, int Number)[] last = [.. told.Where(one => one.Camera == "cam0").TakeLast(2)];
        Assert.True(last[0].Number > 0);
        Assert.Equal((lost.At, 0), (last[1].At, last[1].Number));
        Assert.Contains(told, one => one.Camera == "cam1" && one.At > lost.At + new TrackerOptions().MaxLost && one.Number > 0);
    }

    [Fact]
    public async Task A_live_track_is_decided_once_it_holds_its_crops_and_not_again_when_it_ends()
    {
        TrackerOptions options = new() { EarlyQuality = 0 };
        List<Tracklet> recorded = [.. (await Scene.TrackAsync(new Scene(6).Items(), options: options)).Select(set => set.Key).OfType<Tracklet>()];

        List<Tracklet> live = [.. (await Scene.TrackAsync(new Scene(6, kind: CameraKind.Live).Items(), options: options)).Select(set => set.Key).OfType<Tracklet>()];

        Assert.Equal(
            recorded.Select(tracklet => (tracklet.Camera.Id, tracklet.Number)).Order(), live.Select(tracklet => (tracklet.Camera.Id, tracklet.Number)).Order());
        Assert.DoesNotContain(recorded, tracklet => tracklet.At == tracklet.EndAt && tracklet.At < Scene.Start.AddSeconds(59));
        List<Tracklet> early = [.. live.Where(tracklet => tracklet.At == tracklet.EndAt && tracklet.At < Scene.Start.AddSeconds(59))];
        Assert.NotEmpty(early);
        Assert.All(early, tracklet => Assert.Equal(8, tracklet.Crops.Count));
    }

    [Fact]
    public void A_checkpoint_of_another_version_is_refused_with_the_remedy()
    {
        InvalidDataException e = Assert.Throws<InvalidDataException>(
            () => new TrackStage(new TrackerOptions(), "site", new Dictionary<string, byte[]> { ["door"] = [9, 0, 0, 0] }));

        Assert.Equal(
            "tracker checkpoint: version 5 is needed, got 9. It was written by another version of the program; run again without --resume.", e.Message);
    }

    // Tracklets by content, checkpoints by their bytes. Which camera showed a watermark may differ: it says nothing.
    private static List<string> Last(List<CropSet> sets, int count) => [.. sets.TakeLast(count).Where(set => set.Key is not Watermark).Select(set => set.Key switch
    {
        Tracklet tracklet => $"{tracklet.Id} {tracklet.Camera.Id} {tracklet.Number} {tracklet.StartAt:O} {tracklet.EndAt:O} {tracklet.At:O} {tracklet.Quality} {string.Join(' ', tracklet.Crops.Select(crop => crop.Quality))}",
        SegmentCheckpoint checkpoint => $"{checkpoint.Camera.Id} {Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(checkpoint.State))}",
        _ => set.Key.ToString()!,
    })];
}

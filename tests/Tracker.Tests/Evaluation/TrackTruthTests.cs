using Pipeline.Tracker.Evaluation;

namespace Pipeline.Tests.Tracker;

public sealed class TrackTruthTests
{
    [Fact]
    public void A_track_is_whom_most_of_its_boxes_lie_on()
    {
        // Track 5 follows person 1 for four frames, then person 2 for one.
        MotRow[] truth = [.. Enumerable.Range(1, 5).SelectMany(frame => (MotRow[])[Row(frame, 1, 0), Row(frame, 2, 100)])];
        MotRow[] found = [.. Enumerable.Range(1, 5).Select(frame => Row(frame, 5, frame == 5 ? 101 : 2))];

        Assert.Equal(new TrackTruth(5, 5, 1, 4, 1), TrackTruth.Of(truth, found).Single());
    }

    [Fact]
    public void A_track_with_fewer_than_half_of_its_boxes_on_anybody_is_nobody()
    {
        MotRow[] found = [Row(1, 7, 0), Row(2, 7, 40), Row(3, 7, 40)];

        Assert.Equal(new TrackTruth(7, 3, 0, 1, 0), TrackTruth.Of([Row(1, 1, 0), Row(2, 1, 0)], found).Single());
    }

    [Fact]
    public void One_person_goes_to_one_track_of_a_frame_and_rows_that_do_not_count_are_nobody()
    {
        MotRow[] truth = [Row(1, 1, 0), Row(1, 2, 100) with { Confidence = 0 }];

        IReadOnlyList<TrackTruth> tracks = TrackTruth.Of(truth, [Row(1, 1, 1), Row(1, 2, 5), Row(1, 3, 100)]);

        Assert.Equal([1, 0, 0], tracks.Select(track => track.Truth));
    }

    private static MotRow Row(int frame, int id, double x) => new(frame, id, x, 0, 50, 100, 1, -1);
}

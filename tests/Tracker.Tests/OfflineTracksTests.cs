using Pipeline.Tracker;
using Pipeline.Tracker.Evaluation;

namespace Pipeline.Tests.Tracker;

public sealed class OfflineTracksTests
{
    private const double Rate = 10;

    [Fact]
    public void Two_pieces_of_one_walk_become_one_track_without_a_gap()
    {
        IReadOnlyList<MotRow> tracks = Refine([.. Walk(1, 20, id: 1), .. Walk(25, 50, id: 2)]);

        Assert.Equal([1], tracks.Select(row => row.Id).Distinct());
        Assert.Equal(Enumerable.Range(1, 50), tracks.Select(row => row.Frame));
    }

    [Fact]
    public void A_walk_that_begins_off_the_way_of_another_stays_apart()
    {
        Assert.Equal(2, Refine([.. Walk(1, 20, id: 1), .. Walk(31, 50, id: 2, down: 120)]).Select(row => row.Id).Distinct().Count());
    }

    [Fact]
    public void Tracks_of_one_time_are_never_joined()
    {
        Assert.Equal(2, Refine([.. Walk(1, 20, id: 1), .. Walk(20, 50, id: 2)]).Select(row => row.Id).Distinct().Count());
    }

    [Fact]
    public void A_gap_longer_than_allowed_stays()
    {
        Assert.DoesNotContain(Refine([.. Walk(1, 20, id: 1), .. Walk(55, 70, id: 1)]), row => row.Frame is > 20 and < 55);
    }

    [Fact]
    public void Short_and_doubtful_tracks_go()
    {
        IReadOnlyList<MotRow> tracks = Refine([.. Walk(1, 20, id: 1), .. Walk(1, 2, id: 2, down: 200), .. Walk(1, 20, id: 3, down: 400, score: 0.2)]);

        Assert.Equal([1], tracks.Select(row => row.Id).Distinct());
    }

    [Fact]
    public void Smoothing_takes_noise_away_and_leaves_a_straight_walk_as_it_is_to_its_ends()
    {
        Random random = new(1);
        MotRow[] straight = [.. Walk(1, 40, id: 1)];
        MotRow[] noisy = [.. straight.Select(row => row with { X = row.X + (4 * (random.NextDouble() - 0.5)) })];

        Assert.All(Refine(straight).Zip(straight), pair => Assert.Equal(pair.Second.X, pair.First.X, 6));
        Assert.True(Error(Refine(noisy), straight) < 0.8 * Error(noisy, straight));
    }

    private static double Error(IEnumerable<MotRow> rows, MotRow[] real) => rows.Zip(real, (row, truth) => Math.Abs(row.X - truth.X)).Average();

    private static IReadOnlyList<MotRow> Refine(IReadOnlyList<MotRow> rows) => new OfflineTracks(new TrackerOptions(), Rate).Refine(rows);

    private static IEnumerable<MotRow> Walk(int from, int to, int id, double down = 0, double score = 0.9) =>
        Enumerable.Range(from, to - from + 1).Select(frame => new MotRow(frame, id, 10 * frame, 100 + down, 40, 100, score, -1));
}

using Pipeline.Tracker.Evaluation;

namespace Pipeline.Tests.Tracker;

public sealed class LinkScoresTests
{
    private static readonly Guid s_one = Guid.Parse("00000000-0000-7000-8000-000000000001");
    private static readonly Guid s_two = Guid.Parse("00000000-0000-7000-8000-000000000002");
    private static readonly Guid s_three = Guid.Parse("00000000-0000-7000-8000-000000000003");

    [Fact]
    public void Links_count_as_right_wrong_or_missed_where_their_latest_tracklet_was()
    {
        LinkScores scores = LinkScores.Of(
        [
            new("hall", 1, s_one), // first sight
            new("door", 1, s_one), // right, across
            new("door", 1, s_one), // right, within
            new("door", 2, s_one), // wrong, within
            new("hall", 2, s_two), // missed, across: person 2 was at the door, though under another's name
            new("hall", 1, null), // too poor: no decision
            new("hall", 0, s_two), // wrong, within: nobody joins somebody
        ]);

        Assert.Equal(new LinkCounts(1, 0, 1), scores.AcrossCameras);
        Assert.Equal(new LinkCounts(1, 2, 0), scores.SameCamera);
        Assert.Equal(0, scores.FalseIdentities);
    }

    [Fact]
    public void An_identity_of_nobody_is_false_and_who_joins_it_is_wrong()
    {
        LinkScores scores = LinkScores.Of([new("hall", 0, s_three), new("door", 1, s_three)]);

        Assert.Equal(1, scores.FalseIdentities);
        Assert.Equal(new LinkCounts(0, 1, 0), scores.AcrossCameras);
    }
}

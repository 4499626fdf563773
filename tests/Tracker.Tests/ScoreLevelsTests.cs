using Pipeline.Tracker;
using Pipeline.Tracker.Evaluation;

namespace Pipeline.Tests.Tracker;

public sealed class ScoreLevelsTests
{
    [Theory]
    [InlineData(1.0, 0.65)]
    [InlineData(0.9, 0.585)]
    [InlineData(0.1, 0.1)] // never below the low threshold
    public void Thresholds_follow_the_best_scores_however_many_unsure_boxes_there_are(double clear, double high)
    {
        TrackerOptions fitted = ScoreLevels.Fit(
            new TrackerOptions(), Enumerable.Range(1, 30).SelectMany(frame => Enumerable.Range(0, 50).Select(box => Row(frame, box == 7 ? clear : 0.02))));

        Assert.Equal(high, fitted.HighThreshold, 3);
        Assert.Equal(high + 0.1, fitted.NewTrackThreshold, 3);
    }

    [Fact]
    public void Scores_that_are_no_shares_and_no_scores_at_all_change_nothing()
    {
        TrackerOptions options = new();

        Assert.Same(options, ScoreLevels.Fit(options, []));
        Assert.Same(options, ScoreLevels.Fit(options, [Row(1, 2.5), Row(2, -0.4)]));
    }

    private static MotRow Row(int frame, double score) => new(frame, -1, 0, 0, 40, 100, score, -1);
}

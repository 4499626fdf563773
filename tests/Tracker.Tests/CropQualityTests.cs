using Pipeline.Detector;
using Pipeline.Tracker;
using Xunit;

namespace Pipeline.Tests.Tracker;

public sealed class CropQualityTests
{
    private const int FrameWidth = 1920;
    private const int FrameHeight = 1080;

    [Fact]
    public void A_whole_person_is_worth_more_than_a_close_up_of_the_same_height()
    {
        float whole = Bound(400, 200, 150, 400);
        float closeUp = Bound(400, 200, 380, 400);

        Assert.True(whole > 1.2f * closeUp, $"{whole} against {closeUp}");
    }

    [Fact]
    public void Proportions_of_standing_and_striding_people_count_alike()
    {
        Assert.Equal(Bound(400, 200, 100, 400), Bound(400, 200, 210, 400));
    }

    [Fact]
    public void A_strip_of_somebody_behind_a_post_is_worth_less()
    {
        Assert.True(Bound(400, 200, 40, 400) < Bound(400, 200, 120, 400));
    }

    [Fact]
    public void Somebody_cut_off_at_the_knees_is_worth_less_than_one_cut_at_a_side_and_both_less_than_one_seen_whole()
    {
        float whole = Bound(400, 200, 200, 400);
        float atSide = Bound(0, 200, 200, 400);
        float atKnees = Bound(400, FrameHeight - 400, 200, 400);

        Assert.True(atKnees < 0.85f * atSide && atSide < 0.95f * whole, $"{atKnees}, {atSide}, {whole}");
    }

    private static float Bound(float x, float y, float width, float height) =>
        CropQuality.Bound(new Detection(new Box(x, y, width, height), 0.9f), overlap: 0, FrameWidth, FrameHeight);
}

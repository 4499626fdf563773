using OpenCvSharp;
using Pipeline.Detector;
using Pipeline.Tracker;

namespace Pipeline.Tests.Tracker;

public sealed class LifeSignsTests
{
    private static readonly Box s_place = new(100, 40, 40, 100);
    private static readonly TimeSpan s_still = TimeSpan.FromSeconds(10);

    [Theory]
    [InlineData(0, NoPerson.NeverChanged)]
    [InlineData(20, NoPerson.NeverChanged)] // people pass in front of a poster now and then
    [InlineData(60, null)]
    public void What_never_changes_is_a_thing_even_when_somebody_passes_in_front(int covered, NoPerson? verdict)
    {
        LifeSigns life = new();
        for (int sight = 0; sight < 100; sight++)
        {
            See(life, sight % 100 >= 100 - covered ? 200 : 90, s_place);
        }

        Assert.Equal(verdict, life.Verdict(TimeSpan.FromSeconds(20), s_still));
    }

    [Fact]
    public void Somebody_who_came_in_and_then_stands_still_is_a_person()
    {
        LifeSigns life = new();
        See(life, 90, s_place);
        for (int sight = 0; sight < 100; sight++)
        {
            See(life, 30, s_place with { X = 200 }, first: s_place); // he stands elsewhere; where he came in there is ground again
        }

        Assert.Null(life.Verdict(TimeSpan.FromSeconds(20), s_still));
    }

    [Fact]
    public void Too_short_a_life_proves_nothing_and_the_rule_can_be_left_out()
    {
        LifeSigns life = new();
        See(life, 90, s_place);
        See(life, 90, s_place);

        Assert.Null(life.Verdict(TimeSpan.FromSeconds(9), s_still));
        Assert.Null(life.Verdict(TimeSpan.FromHours(9), TimeSpan.Zero));
        Assert.Equal(NoPerson.NeverChanged, life.Verdict(s_still, s_still));
    }

    [Fact]
    public void What_was_never_upright_is_no_person_and_somebody_who_fell_is_one()
    {
        LifeSigns cat = new();
        LifeSigns fallen = new();
        See(fallen, 90, s_place);
        foreach (LifeSigns life in new[] { cat, fallen })
        {
            See(life, 90, new Box(100, 100, 100, 40));
            See(life, 30, new Box(110, 100, 100, 40));
        }

        Assert.Equal(NoPerson.NeverUpright, cat.Verdict(TimeSpan.FromSeconds(1), s_still));
        Assert.Null(fallen.Verdict(TimeSpan.FromSeconds(1), s_still));
    }

    private static void See(LifeSigns life, int grey, in Box box, Box? first = null)
    {
        using Mat picture = new(240, 320, MatType.CV_8UC3, Scalar.All(grey));
        life.See(picture, box, first ?? box, maxAspect: 1.6);
    }
}

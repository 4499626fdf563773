using System.Numerics;
using Pipeline.Rendering.Sites;
using Pipeline.Rendering.Sites.Plans;
using Pipeline.Rendering.Sites.Walks;

namespace Pipeline.Tests.Rendering.Sites;

public class SiteTests
{
    private static readonly SiteOptions _small = new() { Cameras = 5, People = 20, Minutes = 2, Seed = 4, Alike = .5, Changing = .5 };

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(7)]
    [InlineData(50)]
    public void All_areas_of_a_plan_can_be_reached_from_each_other(int cameras)
    {
        FloorPlan plan = new Site(new SiteOptions { Cameras = cameras, People = 1, Minutes = .1, Seed = 9 }).Plan;

        Assert.Equal(cameras, plan.Areas.Count);
        Assert.NotEmpty(plan.Exits);
        Assert.All(plan.Areas, area => Assert.NotEmpty(area.Doors));
        Assert.All(plan.Areas.Skip(1), area =>
        {
            int at = 0;
            Assert.All(plan.Route(0, area.Number), passage => at = passage.Beyond(at));
            Assert.Equal(area.Number, at);
        });
    }

    [Fact]
    public void Passages_join_doors_of_their_own_and_areas_do_not_lie_on_each_other()
    {
        FloorPlan plan = new Site(new SiteOptions { Cameras = 30, People = 1, Minutes = .1, Seed = 3 }).Plan;

        (int Area, Side Side)[] used =
        [
            .. plan.Passages.SelectMany(p => new[] { (p.First, p.FirstSide), (p.Second, p.SecondSide) }), .. plan.Exits.Select(e => (e.Area, e.Side)),
        ];
        Assert.Equal(used.Length, used.Distinct().Count());
        Assert.Equal(plan.Areas.Sum(area => area.Doors.Count), used.Length);
        Assert.All(plan.Areas, one => Assert.All(plan.Areas.Where(other => other.Number > one.Number), other => Assert.True(Apart(one, other), $"{one.Number} and {other.Number}")));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Ways_keep_out_of_the_furniture(int seed)
    {
        FloorPlan plan = new Site(new SiteOptions { Cameras = 12, People = 1, Minutes = .1, Seed = seed }).Plan;

        Assert.All(plan.Areas, area => Assert.All(area.Doors, from => Assert.All(area.Doors, to =>
        {
            Vector2[]? way = area.Way(from.Inside(area.Size), to.Inside(area.Size));
            Assert.NotNull(way);
            Footway walked = new(way);
            for (float distance = 0; distance < walked.Length; distance += 2)
            {
                Vector2 at = walked.At(distance);
                Assert.DoesNotContain(area.Furniture, thing => at.X > thing.Low.X && at.X < thing.High.X && at.Y > thing.Low.Y && at.Y < thing.High.Y);
            }
        })));
    }

    [Fact]
    public void Whoever_goes_to_another_area_is_out_of_sight_for_no_less_than_the_least_travel_time()
    {
        Site site = new(_small);
        int moves = 0;

        foreach (Visitor visitor in site.Visitors)
        {
            Stretch? last = null;
            foreach (Stretch stretch in visitor.Itinerary.Stretches.Where(s => s.IsInArea))
            {
                if (last is not null && last.Area != stretch.Area)
                {
                    moves++;
                    Assert.True(stretch.Start - last.End >= site.LeastTravel(last.Area, stretch.Area) - 1e-3, $"person {visitor.Id} at {last.End:F1} s from {last.Area} to {stretch.Area}");
                }

                last = stretch;
            }
        }

        Assert.True(moves > site.Visitors.Length, $"{moves} moves");
    }

    [Fact]
    public void Itineraries_have_no_gaps_and_walking_has_a_walking_speed()
    {
        Site site = new(_small);

        Assert.All(site.Visitors, visitor =>
        {
            IReadOnlyList<Stretch> stretches = visitor.Itinerary.Stretches;
            Assert.All(stretches.Zip(stretches.Skip(1)), pair => Assert.Equal(pair.First.End, pair.Second.Start, 6));
            Assert.True(stretches[^1].End >= site.Options.Minutes * 60);
            Assert.All(stretches.Where(s => s.Doing == Doing.Walking), s => Assert.InRange(s.Way.Length / (s.End - s.Start), 9.9, Site.Fastest));
        });
    }

    [Fact]
    public void People_move_without_jumps_and_do_not_walk_through_each_other()
    {
        Site site = new(_small);
        int close = 0, pairs = 0;

        for (double time = 0; time < 60; time += .1)
        {
            Whereabouts?[] now = [.. Enumerable.Range(0, site.Visitors.Length).Select(i => site.Crowd.At(i, time))], next = [.. Enumerable.Range(0, now.Length).Select(i => site.Crowd.At(i, time + .1))];
            Assert.All(now.Zip(next), pair => Assert.True(pair.First?.Area != pair.Second?.Area || pair.First is null || Vector2.Distance(pair.First.Value.At, pair.Second!.Value.At) < 6, $"{time:F1} s: {pair}"));
            Whereabouts[] present = [.. now.OfType<Whereabouts>()];
            foreach (Vector2[] area in present.GroupBy(w => w.Area).Select(g => g.Select(w => w.At).ToArray()))
            {
                for (int a = 0; a < area.Length; a++)
                {
                    for (int b = a + 1; b < area.Length; b++)
                    {
                        pairs++;
                        close += Vector2.Distance(area[a], area[b]) < 3 ? 1 : 0;
                    }
                }
            }
        }

        Assert.True(close < .02 * pairs, $"{close} of {pairs} pairs nearer than 0.3 m");
    }

    [Fact]
    public void The_same_options_give_the_same_site()
    {
        Site one = new(_small), other = new(_small);

        Assert.All(Enumerable.Range(0, one.Visitors.Length), i => Assert.All(Enumerable.Range(0, 120), second => Assert.Equal(one.Crowd.At(i, second), other.Crowd.At(i, second))));
        Assert.NotEqual(
            Enumerable.Range(0, 20).Select(i => one.Crowd.At(i, 30)), Enumerable.Range(0, 20).Select(i => new Site(_small with { Seed = 5 }).Crowd.At(i, 30)));
    }

    [Fact]
    public void Shares_of_look_alikes_and_of_coats_are_about_those_asked_for()
    {
        Site site = new(_small with { Cameras = 9, People = 60 }), none = new(_small with { Alike = 0, Changing = 0 });

        Assert.InRange(site.Visitors.Count(visitor => visitor.AlikeTo > 0), 20, 40);
        Assert.InRange(site.Visitors.Count(visitor => visitor.Looks.Count > 1), 10, 40);
        Assert.All(site.Visitors.Where(visitor => visitor.Looks.Count > 1), visitor => Assert.Null(site.Crowd.At(visitor.Id - 1, visitor.Looks[1].From)));
        Assert.All(none.Visitors, visitor => Assert.True(visitor.AlikeTo == 0 && visitor.Looks.Count == 1));
    }

    [Fact]
    public void Overlapping_cameras_share_an_area_and_the_others_do_not()
    {
        Site site = new(_small with { Cameras = 6, Overlap = 2 });

        (int Area, bool Opposite)[] watched = [.. Enumerable.Range(0, 6).Select(site.Watches)];
        Assert.Equal(4, site.Plan.Areas.Count);
        Assert.Equal([2, 2, 1, 1], watched.GroupBy(w => w.Area).Select(g => g.Count()));
        Assert.Equal([false, false, false, false, true, true], watched.Select(w => w.Opposite));
    }

    [Fact]
    public void More_people_than_the_routes_hold_are_refused_with_a_remedy()
    {
        InvalidDataException e = Assert.Throws<InvalidDataException>(() => SiteGenerator.Check(new SiteOptions { Cameras = 2, People = 900 }));

        Assert.Matches(@"^--people: the routes of this site \(2 cameras, seed 1\) hold \d+ people who walk freely, got 900\. Ask for fewer people, or for more cameras with --cameras\.$", e.Message);
    }

    [Fact]
    public void Options_outside_their_range_are_all_named()
    {
        InvalidDataException e = Assert.Throws<InvalidDataException>(
            () => SiteGenerator.Check(new SiteOptions { Cameras = 0, People = 0, Minutes = double.NaN, Seed = -1, Overlap = 3, Alike = 2, Changing = -1, Fps = 1, Threads = -1 }));

        Assert.All(["cameras", "people", "minutes", "seed", "overlap", "alike", "changing", "fps", "threads"], key => Assert.Contains($"--{key}: ", e.Message, StringComparison.Ordinal));
    }

    private static bool Apart(Area one, Area other)
    {
        Vector2 Half(Area area) => (area.QuarterTurns % 2 == 0 ? area.Size : new Vector2(area.Size.Y, area.Size.X)) / 2;
        Vector2 apart = Vector2.Abs(one.Middle - other.Middle) - Half(one) - Half(other);
        return apart.X > 0 || apart.Y > 0;
    }
}

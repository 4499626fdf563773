using Pipeline.Rendering.Sites.Plans;

namespace Pipeline.Rendering.Sites.Walks;

/// <summary>Draws the people of a site: who goes with whom, where, looking how.</summary>
internal static class Cast
{
    private const float GroupShare = .3f;

    /// <summary>Draws them.</summary>
    public static Visitor[] Draw(FloorPlan plan, SiteOptions options)
    {
        ulong seed = (ulong)options.Seed;
        SeatBook seats = new();
        List<Visitor> visitors = [];
        int groups = 0;
        while (visitors.Count < options.People)
        {
            SeededRandom random = SeededRandom.Of(seed, Purpose.SiteWalk, visitors.Count);
            int size = Math.Min(options.People - visitors.Count, random.Chance(GroupShare) ? 2 + random.Below(2) : 1);
            int group = size > 1 ? ++groups : 0;
            Itinerary itinerary = new ItineraryDraw(plan, seats, options.Minutes * 60, size == 1, random).Draw();
            float circle = random.Uniform(0, MathF.Tau);
            for (int member = 0; member < size; member++)
            {
                float aside = size == 1 ? random.Uniform(1.5f, 4.5f) : (3.2f * member) + random.Uniform(-1, 1) - (size == 3 ? 1.5f : 0);
                visitors.Add(Draw(plan, options, visitors, itinerary, group, member * random.Uniform(.25f, .6f), aside, size > 1 ? circle + (MathF.Tau * member / size) : null));
            }
        }

        return [.. visitors];
    }

    private static Visitor Draw(FloorPlan plan, SiteOptions options, List<Visitor> before, Itinerary itinerary, int group, double lag, float aside, float? onCircle)
    {
        ulong seed = (ulong)options.Seed;
        int number = before.Count;
        SeededRandom likeness = SeededRandom.Of(seed, Purpose.SiteLookAlike, number), coat = SeededRandom.Of(seed, Purpose.SiteCoat, number);
        Visitor? model = likeness.Uniform() < options.Alike && number > 0 ? before[likeness.Below(number)] : null;
        Look look = model is null ? LookDraw.Draw(SeededRandom.Of(seed, Purpose.SiteLook, number)) : LookDraw.Vary(model.Looks[0].Look, likeness);
        List<(double, Look)> looks = [(double.MinValue, look)];
        if (coat.Uniform() < options.Changing && OutOfSight(itinerary, options.Minutes * 60) is { } when)
        {
            looks.Add((when + lag, LookDraw.ChangeCoat(look, coat)));
        }

        return new Visitor(plan)
        {
            Id = number + 1, Itinerary = itinerary, Group = group, Lag = lag, Aside = aside, OnCircle = onCircle, Looks = looks, AlikeTo = model?.Id ?? 0,
            Gait = new Gait(SeededRandom.Of(seed, Purpose.SiteGait, number), look.Burden),
        };
    }

    // The middle of the longest time that nobody sees them between two times that they are seen.
    private static double? OutOfSight(Itinerary itinerary, double duration)
    {
        Stretch? longest = itinerary.Stretches.Skip(1).SkipLast(1).Where(stretch => !stretch.IsInArea && stretch.Start > 0 && stretch.End < duration)
            .MaxBy(stretch => stretch.End - stretch.Start);
        return longest is null ? null : (longest.Start + longest.End) / 2;
    }
}

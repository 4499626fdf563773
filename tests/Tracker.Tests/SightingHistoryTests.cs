using Pipeline.Tracker;

namespace Pipeline.Tests.Tracker;

public sealed class SightingHistoryTests
{
    private static readonly DateTimeOffset s_start = new(2026, 5, 1, 8, 0, 0, TimeSpan.Zero);
    private static readonly string[] s_cameras = ["hall", "door", "yard"];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_index_by_time_forbids_what_looking_at_all_forbids(bool windows)
    {
        TravelWindow window = new() { Min = TimeSpan.FromSeconds(20), Max = TimeSpan.FromSeconds(300) };
        LinkerOptions options = new() { TravelTimes = windows ? new Dictionary<string, TravelWindow> { ["hall->door"] = window, ["door->yard"] = window } : [] };
        CameraRules rules = new(options);
        Random random = new(1);
        (int forbidden, int allowed) = (0, 0);
        for (int round = 0; round < 400; round++)
        {
            List<KnownSighting> all = [.. Enumerable.Range(0, random.Next(1, 12)).Select(order => Random(random, order))];
            SightingHistory history = new();
            all.ForEach(history.Add);
            KnownSighting here = Random(random, 99);

            Verdict? found = rules.Forbids(history, here, []);

            Assert.Equal(Slow(all, here, windows ? options : new LinkerOptions()), found);
            Assert.Equal(all.Where(one => one.EndAt <= here.EndAt && rules.Comparable(one, here)).OrderBy(one => one.EndAt).ThenBy(one => one.Order).LastOrDefault(), history.Latest(here.EndAt, one => rules.Comparable(one, here), decidedLast: true));
            forbidden += found is null ? 0 : 1;
            allowed += found is null ? 1 : 0;
        }

        Assert.True(forbidden > 50 && allowed > 50, $"{forbidden} and {allowed}");
    }

    [Fact]
    public void What_is_left_depends_on_what_was_added_and_the_latest_moment_alone()
    {
        Random random = new(2);
        for (int round = 0; round < 200; round++)
        {
            List<KnownSighting> all = [.. Enumerable.Range(0, 20).Select(order => Random(random, order, spread: 60 * order))];
            HashSet<Guid> kept = [.. all.Where(_ => random.Next(8) == 0).Select(one => one.TrackletId)];
            SightingHistory often = new();
            DateTimeOffset limit = s_start;
            foreach (KnownSighting one in all)
            {
                limit = s_start.AddSeconds(Math.Max((limit - s_start).TotalSeconds, (60 * one.Order) - 300));
                often.Add(one);
                often.Trim(limit, kept.Contains);
            }

            SightingHistory once = new();
            all.ForEach(once.Add);
            once.Trim(limit, kept.Contains);

            Assert.Equal(once, often);
            Assert.True(often.Count < 20 && often.IsCut);
            Assert.Equal(all[^1], often[^1]);
            Assert.All(kept, id => Assert.Contains(often, one => one.TrackletId == id));
        }
    }

    [Fact]
    public void Somebody_without_a_clock_does_not_grow_old()
    {
        SightingHistory history = new();
        history.Add(Sighting("hall", 0, 5, 1, clock: true));
        Assert.Equal(s_start.AddSeconds(5), history.LastSeen);

        history.Add(Sighting("hall", 0, 4, 2, clock: false));

        Assert.Null(history.LastSeen);
        history.Remove(history[1].TrackletId);
        Assert.Equal(s_start.AddSeconds(5), history.LastSeen);
    }

    // As the rule is written (spec/tracking.md 3.2), with no index.
    private static Verdict? Slow(List<KnownSighting> all, KnownSighting here, LinkerOptions options)
    {
        bool Comparable(KnownSighting one) => one.Camera == here.Camera || (one.HasClock && here.HasClock);
        TravelWindow? Window(string from, string to) => options.TravelTimes.GetValueOrDefault($"{from}->{to}");
        bool Fast(KnownSighting one, KnownSighting other) => one.EndAt <= other.StartAt && Window(one.Camera, other.Camera) is { } window && other.StartAt - one.EndAt < window.Min;
        if (all.Any(one => one.Camera == here.Camera && one.StartAt <= here.EndAt && here.StartAt <= one.EndAt))
        {
            return Verdict.SameCameraOverlap;
        }

        bool impossible = all.Any(one => Comparable(one) && ((one.Camera != here.Camera && one.StartAt < here.EndAt && here.StartAt < one.EndAt) || Fast(one, here) || Fast(here, one)));
        KnownSighting? before = all.Where(one => Comparable(one) && one.EndAt <= here.StartAt).OrderByDescending(one => one.EndAt).ThenBy(one => one.Order).FirstOrDefault();
        bool slow = before is not null && Window(before.Camera, here.Camera) is { } last && here.StartAt - before.EndAt > last.Max;
        return impossible || slow ? Verdict.ImpossibleTransit : null;
    }

    private static KnownSighting Random(Random random, int order, int spread = 0)
    {
        double from = spread + random.Next(600);
        return Sighting(s_cameras[random.Next(3)], from, from + 1 + random.Next(40), order, random.Next(6) > 0);
    }

    private static KnownSighting Sighting(string camera, double from, double to, int order, bool clock) =>
        new(ContentId.Create(s_start, $"{camera} {from} {to} {order}"), camera, s_start.AddSeconds(from), s_start.AddSeconds(to), clock) { Order = order };
}

using Pipeline.Reid;
using Pipeline.Tracker;

namespace Pipeline.Tests.Tracker;

public sealed class TravelModelTests
{
    private static readonly DateTimeOffset s_start = new(2026, 11, 21, 8, 0, 0, TimeSpan.Zero);
    private static readonly FootPoint s_left = new(0.1f, 0.9f);
    private static readonly FootPoint s_right = new(0.9f, 0.9f);

    [Fact]
    public void Nothing_is_said_before_four_ways_were_seen_on_the_whole_site()
    {
        TravelModel model = Learned("hall", "door", 2, 20);
        Learn(model, "yard", "door", 1, 20);
        Assert.Equal(0, Ratio(model, "hall", "door", 20));

        Learn(model, "yard", "hall", 1, 20);

        Assert.True(Ratio(model, "hall", "door", 20) > 0.5);
        Assert.True(Ratio(model, "hall", "door", 900) < -1.5);
        Assert.True(Ratio(model, "door", "dock", 20) > 0); // nobody went there yet: as on the whole site
    }

    [Fact]
    public void More_ways_say_more()
    {
        double[] right = [.. new[] { 4, 8, 30, 200 }.Select(ways => Ratio(Learned("hall", "door", ways, 20), "hall", "door", 20))];

        Assert.Equal(right.Order(), right);
        Assert.True(right[^1] <= TravelModel.MostRatio);
        Assert.Equal(TravelModel.MostRatio, right[^1], 0.1);
    }

    [Fact]
    public void A_few_ways_of_a_pair_weigh_against_those_of_the_site_until_they_are_many()
    {
        double After(int ways)
        {
            TravelModel model = Learned("hall", "door", 100, 20);
            Learn(model, "door", "yard", ways, 120);
            return Ratio(model, "door", "yard", 120) - Ratio(model, "door", "yard", 20);
        }

        Assert.True(After(0) < -1);
        Assert.True(After(1) > After(0));
        Assert.True(After(4) > After(1));
        Assert.True(After(20) > 2);
    }

    [Fact]
    public void Times_between_zones_are_told_apart_within_a_pair_of_cameras()
    {
        TravelModel model = new();
        model.Observe(Sighting("hall", 0, exit: s_left));
        model.Observe(Sighting("hall", 0, exit: s_right));
        model.Observe(Sighting("door", 0, entry: s_left));
        for (int way = 0; way < 20; way++)
        {
            model.Learn(Sighting("hall", 0, exit: s_left), Sighting("door", 10, entry: s_left));
            model.Learn(Sighting("hall", 0, exit: s_right), Sighting("door", 90, entry: s_left));
        }

        double At(FootPoint? exit, double seconds) => model.Ratio(Sighting("hall", 0, exit: exit), Sighting("door", seconds, entry: s_left));
        double Sooner(FootPoint? exit) => At(exit, 10) - At(exit, 90);

        Assert.True(Sooner(s_left) > Sooner(null) + 1 && Sooner(null) > Sooner(s_right) + 1);
    }

    [Fact]
    public void The_right_time_says_less_where_many_come_in()
    {
        TravelModel model = Learned("hall", "door", 20, 20);
        for (int minute = 0; minute < 60; minute++)
        {
            for (int person = 0; person < 10; person++)
            {
                model.Observe(Sighting("door", (60 * minute) + (6 * person), entry: s_left));
            }

            model.Observe(Sighting("door", (60 * minute) + 59, entry: s_right));
        }

        model.Observe(Sighting("hall", 3600, exit: s_right));
        double At(FootPoint? entry) => model.Ratio(Sighting("hall", 0, exit: s_right), Sighting("door", 20, entry: entry));

        Assert.Equal(Math.Log(604.0 / 64), At(s_right) - At(s_left), 0.05); // 600 arrivals in an hour, and 60; four are lent to each
        Assert.True(At(null) < At(s_left)); // no zone: all that come in there
    }

    [Fact]
    public void Nothing_leads_beyond_what_the_linker_reckons_with()
    {
        TravelModel model = Learned("hall", "door", 500, 20);
        model.Observe(Sighting("door", 0));
        model.Observe(Sighting("door", 3600));

        Assert.Equal(TravelModel.MostRatio, Ratio(model, "hall", "door", 20), 1e-6);
        Assert.True(Ratio(model, "hall", "door", 3500) >= -TravelModel.MostRatio);
    }

    [Fact]
    public void A_long_pause_counts_for_an_hour()
    {
        double After(double pause)
        {
            TravelModel model = Learned("hall", "door", 20, 100);
            for (int second = 0; second < 600; second++)
            {
                model.Observe(Sighting("door", second + (second < 300 ? 0 : pause)));
            }

            return Ratio(model, "hall", "door", 100);
        }

        Assert.True(After(600) > After(0));
        Assert.Equal(After(7200), After(1e6));
    }

    [Fact]
    public void What_was_learned_comes_back_to_the_bit()
    {
        TravelModel model = Learned("hall", "door", 11, 17.3);
        for (int second = 0; second < 200; second++)
        {
            model.Observe(Sighting(second % 3 == 0 ? "hall" : "door", second, new FootPoint(second % 7 / 7f, 0.8f), second % 5 == 0 ? null : s_right));
        }

        Learn(model, Sighting("hall", 200, exit: s_right), Sighting("door", 217, entry: s_left));
        byte[] bytes = model.ToBytes();
        TravelModel back = TravelModel.From(bytes);

        Assert.False(model.Changed);
        Assert.Equal(bytes, back.ToBytes());
        foreach (TravelModel one in (TravelModel[])[model, back])
        {
            one.Observe(Sighting("door", 300, s_left, s_left));
            Learn(one, Sighting("hall", 300, exit: s_right), Sighting("door", 321, entry: s_left));
        }

        Assert.Equal(model.ToBytes(), back.ToBytes());
        Assert.Equal(
            model.Ratio(Sighting("hall", 0, exit: s_right), Sighting("door", 31, entry: s_left)), back.Ratio(Sighting("hall", 0, exit: s_right), Sighting("door", 31, entry: s_left)));
        Assert.Throws<InvalidDataException>(() => TravelModel.From([9]));
    }

    [Fact]
    public void What_was_learned_before_there_were_zones_is_read()
    {
        using MemoryStream bytes = new();
        using (BinaryWriter writer = new(bytes))
        {
            writer.Write((byte)1);
            writer.Write(2);
            foreach ((string pair, int count, double seconds) in new[] { ("door>hall", 8, 30.0), ("hall>door", 9, 20.0) })
            {
                writer.Write(pair);
                writer.Write(count);
                writer.Write(count * Math.Log(seconds));
                writer.Write(count * Math.Log(seconds) * Math.Log(seconds));
            }
        }

        TravelModel model = TravelModel.From(bytes.ToArray());

        Assert.True(Ratio(model, "hall", "door", 20) > 1);
        Assert.True(Ratio(model, "hall", "yard", 20) > 0); // the site's: both pairs together
        Assert.Single(model.Offsets(TimeSpan.FromSeconds(3)));
        Assert.Equal(Ratio(model, "hall", "door", 20), Ratio(TravelModel.From(model.ToBytes()), "hall", "door", 20));
    }

    [Fact]
    public void Clocks_that_are_apart_show_in_the_ways_there_and_back()
    {
        TravelModel model = Learned("door", "hall", 8, 30);
        Assert.Empty(model.Offsets(TimeSpan.FromSeconds(3)));

        Learn(model, "hall", "door", 7, 20);
        Learn(model, Sighting("hall", 0, exit: s_left), Sighting("door", 20, entry: s_left)); // of whatever zone

        ClockOffset offset = Assert.Single(model.Offsets(TimeSpan.FromSeconds(3)));
        Assert.Equal(("door", "hall"), (offset.Camera, offset.Other)); // 30 s there, 20 s back: the hall's clock is 5 s ahead
        Assert.Equal(5, offset.Ahead.TotalSeconds, 1e-6);
        Assert.Empty(model.Offsets(TimeSpan.FromSeconds(6)));
    }

    [Fact]
    public void The_right_time_alone_links_nobody()
    {
        Linker linker = Make(Learned("hall", "door", 50, 10));
        One(linker, LinkerTests.Clip("hall", 0, 5, 0));

        Link unlike = One(linker, LinkerTests.Clip("door", 15, 20, 60));
        ClipFeature bare = LinkerTests.Clip("door", 15, 20, 0);

        Assert.True(unlike.IsNew);
        Assert.Null(One(linker, new ClipFeature(bare.Key, null, 0)).IdentityId);
    }

    [Fact]
    public void Of_two_who_look_nearly_alike_the_one_who_comes_at_the_right_time_is_taken()
    {
        Link Decided(bool learned, out Guid? first)
        {
            TravelModel model = learned ? Learned("hall", "door", 50, 10) : new TravelModel();
            Learn(model, "yard", "door", learned ? 50 : 0, 300);

            Linker linker = Make(model);
            first = One(linker, LinkerTests.Clip("hall", 0, 5, 0)).IdentityId;
            One(linker, LinkerTests.Clip("yard", 2, 6, 40)); // elsewhere at that moment, so somebody else
            return One(linker, LinkerTests.Clip("door", 15, 20, 19)); // cosine 0.946 and 0.934
        }

        Assert.Equal(Band.Uncertain, Decided(learned: false, out _).Decision!.Band);
        Link link = Decided(learned: true, out Guid? right);
        Assert.Equal(right, link.IdentityId);
    }

    [Fact]
    public void The_wrong_time_rules_out_who_barely_looks_alike()
    {
        Link Decided(bool learned)
        {
            Linker linker = Make(learned ? Learned("hall", "door", 50, 300) : new TravelModel());
            One(linker, LinkerTests.Clip("hall", 0, 5, 0));
            return One(linker, LinkerTests.Clip("door", 8, 12, 36)); // cosine 0.809, threshold 0.8
        }

        Assert.False(Decided(learned: false).IsNew);
        Assert.True(Decided(learned: true).IsNew);
    }

    [Fact]
    public void Only_sure_links_are_learned_from()
    {
        Linker linker = Make(new TravelModel());
        One(linker, LinkerTests.Clip("hall", 0, 5, 0));
        One(linker, LinkerTests.Clip("door", 10, 15, 34)); // 0.83: a match, but not 0.05 above
        Assert.Equal(0, Ways(linker));

        One(linker, LinkerTests.Clip("yard", 20, 25, 34));
        Assert.Equal(1, Ways(linker));
        Assert.Null(linker.TakeLearned());
    }

    [Fact]
    public void Whoever_is_too_poor_to_be_linked_is_not_counted()
    {
        Linker linker = Make(new TravelModel());

        One(linker, new ClipFeature(LinkerTests.Clip("hall", 0, 5, 0).Key, null, 0));

        Assert.Null(linker.TakeLearned());
    }

    private static int Ways(Linker linker) => BitConverter.ToInt32(LearnedState.From(linker.TakeLearned()).Travel.ToBytes(), 1) / 2; // the site's and the pair's

    private static TravelModel Learned(string from, string to, int ways, double seconds)
    {
        TravelModel model = new();
        Learn(model, from, to, ways, seconds);
        return model;
    }

    private static void Learn(TravelModel model, string from, string to, int ways, double seconds)
    {
        for (int way = 0; way < ways; way++)
        {
            model.Learn(Sighting(from, 0), Sighting(to, seconds));
        }
    }

    // Zones are found in those who come and go, whoever they are.
    private static void Learn(TravelModel model, KnownSighting from, KnownSighting to)
    {
        model.Observe(from);
        model.Observe(to);
        model.Learn(from, to);
    }

    private static double Ratio(TravelModel model, string from, string to, double seconds) => model.Ratio(Sighting(from, 0), Sighting(to, seconds));

    private static KnownSighting Sighting(string camera, double second, FootPoint? entry = null, FootPoint? exit = null) =>
        new(Guid.Empty, camera, s_start.AddSeconds(second), s_start.AddSeconds(second), true) { Entry = entry, Exit = exit };

    private static Linker Make(TravelModel model) => new(new LinkerOptions(), 0.8f, GallerySnapshot.Empty with { Learned = model.ToBytes() });

    private static Link One(Linker linker, ClipFeature clip) => linker.Decide([clip]).Single();
}

using Pipeline.Reid;
using Pipeline.Tracker;

namespace Pipeline.Tests.Tracker;

public sealed class TravelModelTests
{
    [Fact]
    public void Nothing_is_said_before_enough_ways_were_seen()
    {
        TravelModel model = Learned("hall", "door", 7, 20);
        Assert.Equal(0, model.Ratio("hall", "door", TimeSpan.FromSeconds(20)));

        model.Learn("hall", "door", TimeSpan.FromSeconds(20));

        Assert.True(model.Ratio("hall", "door", TimeSpan.FromSeconds(20)) > 1);
        Assert.True(model.Ratio("hall", "door", TimeSpan.FromSeconds(400)) < -2);
        Assert.Equal(0, model.Ratio("door", "hall", TimeSpan.FromSeconds(20))); // the way back is another
    }

    [Fact]
    public void What_was_learned_comes_back_to_the_bit()
    {
        TravelModel model = Learned("hall", "door", 11, 17.3);

        TravelModel back = TravelModel.From(model.ToBytes());

        Assert.Equal(model.Ratio("hall", "door", TimeSpan.FromSeconds(31)), back.Ratio("hall", "door", TimeSpan.FromSeconds(31)));
        Assert.False(model.Changed);
        Assert.Throws<InvalidDataException>(() => TravelModel.From([9]));
    }

    [Fact]
    public void Clocks_that_are_apart_show_in_the_ways_there_and_back()
    {
        TravelModel model = Learned("door", "hall", 8, 30);
        Assert.Empty(model.Offsets(TimeSpan.FromSeconds(3)));

        for (int way = 0; way < 8; way++)
        {
            model.Learn("hall", "door", TimeSpan.FromSeconds(20));
        }

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
            for (int way = 0; learned && way < 50; way++)
            {
                model.Learn("yard", "door", TimeSpan.FromSeconds(600));
            }

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
        Assert.Null(linker.TakeLearned());

        One(linker, LinkerTests.Clip("door", 10, 15, 34)); // 0.83: a match, but not 0.05 above
        Assert.Null(linker.TakeLearned());

        One(linker, LinkerTests.Clip("yard", 20, 25, 34));
        Assert.NotNull(linker.TakeLearned());
        Assert.Null(linker.TakeLearned());
    }

    private static TravelModel Learned(string from, string to, int ways, double seconds)
    {
        TravelModel model = new();
        for (int way = 0; way < ways; way++)
        {
            model.Learn(from, to, TimeSpan.FromSeconds(seconds));
        }

        return model;
    }

    private static Linker Make(TravelModel model) => new(new LinkerOptions(), 0.8f, GallerySnapshot.Empty with { Learned = model.ToBytes() });

    private static Link One(Linker linker, ClipFeature clip) => linker.Decide([clip]).Single();
}

using Pipeline.Reid.Adapting;

namespace Pipeline.Tests.Reid;

public sealed class SelfCheckTests
{
    [Theory]
    [InlineData(6, 1, 1)] // the nearest half of somebody else is 14 degrees away
    [InlineData(12, 0, 25 / 30.0)] // 8 degrees: five neighbours of thirty pairs are more alike than one's own halves
    public void A_track_is_asked_by_one_half_for_the_other_among_those_who_were_there_too(double apart, double rank1, double order)
    {
        TrackHalves[] tracks = [.. Enumerable.Range(0, 6).Select(i => Halves(20 * i, (20 * i) + apart))];

        SelfCheck check = SelfCheck.Of(tracks, All(6));

        Assert.Equal((6, 30), (check.Same, check.Different));
        Assert.Equal(rank1, check.Rank1, 9);
        Assert.Equal(order, check.Order, 9);
        Assert.InRange(check.Separation, 0.5, 3);
    }

    [Fact]
    public void The_scale_of_similarities_does_not_matter()
    {
        TrackHalves[] tracks = [.. Enumerable.Range(0, 6).Select(i => Halves(20 * i, (20 * i) + 12))];

        (SelfCheck one, SelfCheck other) = (SelfCheck.Of(tracks, All(6)), SelfCheck.Of([.. tracks.Select(Narrowed)], All(6)));

        Assert.Equal((one.Rank1, one.Order), (other.Rank1, other.Order));
        Assert.Equal(one.Separation, other.Separation, 1e-4);
    }

    [Fact]
    public void Tracks_too_short_for_halves_are_not_asked_and_too_few_are_refused()
    {
        TrackHalves[] tracks = [.. Enumerable.Range(0, 5).Select(i => Halves(20 * i, 20 * i)), new TrackHalves([1, 0], null, null)];

        Assert.Equal(5, SelfCheck.Of(tracks, All(6)).Same);
        InvalidDataException refused = Assert.Throws<InvalidDataException>(() => SelfCheck.Of(tracks, [(0, 1), (2, 5)]));
        Assert.Contains("2 of 6 held-out tracks", refused.Message, StringComparison.Ordinal);
        Assert.Contains("Record longer", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_new_model_is_kept_only_when_it_is_surely_better()
    {
        SelfCheck before = Checked(1.0, 1.2, 0.9, 1.1, 1.0, 0.8);
        SelfCheck better = Checked(1.5, 1.6, 1.3, 1.7, 1.2, 1.4);
        SelfCheck mixed = Checked(2.5, 0.2, 1.3, 0.4, 2.0, 0.1);

        Assert.True(SelfCheckComparison.Of(before, better, null, 0).Improved);
        Assert.Contains("not surely above 0", SelfCheckComparison.Of(before, mixed, null, 0).Objection, StringComparison.Ordinal);
        Assert.Contains("not surely above 0", SelfCheckComparison.Of(before, before, null, 0).Objection, StringComparison.Ordinal);
        Assert.Contains("fewer tracks find", SelfCheckComparison.Of(before, better with { Rank1 = 0.8 }, null, 0).Objection, StringComparison.Ordinal);
        Assert.Contains("fewer pairs", SelfCheckComparison.Of(before, better with { Order = 0.9 }, null, 0).Objection, StringComparison.Ordinal);
        Assert.Contains("3.0 points", SelfCheckComparison.Of(before, better, 0.03, 0).Objection, StringComparison.Ordinal);
        Assert.True(SelfCheckComparison.Of(before, better, 0.01, 0).Improved);
    }

    [Fact]
    public void The_interval_is_that_of_the_seed_and_holds_the_gain()
    {
        (SelfCheck before, SelfCheck after) = (Checked(1.0, 1.2, 0.9, 1.1, 1.0, 0.8), Checked(1.5, 1.1, 1.3, 1.7, 1.2, 1.4));

        SelfCheckComparison one = SelfCheckComparison.Of(before, after, null, 7);

        Assert.Equal((one.Low, one.High), (SelfCheckComparison.Of(before, after, null, 7).Low, SelfCheckComparison.Of(before, after, null, 7).High));
        Assert.InRange(one.Gain, one.Low, one.High);
        Assert.Equal(2.2 / 6, one.Gain, 9);
    }

    [Fact]
    public void A_threshold_keeps_its_place_among_strangers()
    {
        SelfCheckComparison comparison = SelfCheckComparison.Of(Checked(1) with { Strangers = (0.4, 0.1) }, Checked(2) with { Strangers = (0.2, 0.2) }, null, 0);

        Assert.Equal(0.7f, comparison.Carried(0.65f), 1e-6f); // 2.5 deviations above the mean
    }

    private static SelfCheck Checked(params double[] separations) => new(separations, 0.9, 0.95, separations.Length, 20, (0.3, 0.1));

    private static (int, int)[] All(int count) => [.. from one in Enumerable.Range(0, count) from other in Enumerable.Range(one + 1, count - one - 1) select (one, other)];

    private static TrackHalves Halves(double first, double last) => new(At((first + last) / 2), At(first), At(last));

    // What all have in common: every similarity s becomes 0.5 + s / 2.
    private static TrackHalves Narrowed(TrackHalves track)
    {
        static float[] With(float[] feature) => [.. feature.Select(value => value * MathF.Sqrt(0.5f)), MathF.Sqrt(0.5f)];
        return new TrackHalves(With(track.Whole), With(track.First!), With(track.Last!)); // these have halves
    }

    private static float[] At(double degrees) => [(float)Math.Cos(degrees * Math.PI / 180), (float)Math.Sin(degrees * Math.PI / 180)];
}

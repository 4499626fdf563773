using Pipeline.Reid.Evaluation;

namespace Pipeline.Tests.Reid;

public sealed class FalseMatchTests
{
    [Fact]
    public void Rates_by_hand()
    {
        FalseMatchCurve curve = new([Same(0.9f, 1), Same(0.6f, 2), Different(0.7f, 1, 2), Different(0.5f, 1, 3), Different(0.3f, 2, 3), Different(0.1f, 3, 2)]);

        Assert.Equal((2, 4, 3, 2), (curve.Same, curve.Different, curve.PairsOfPeople, curve.PeopleSeenTwice));
        Assert.Equal([1, 0.75, 0.5, 0.25, 0], new[] { 0f, 0.3f, 0.5f, 0.6f, 0.71f }.Select(curve.FalseMatchRate)); // at the threshold counts
        Assert.Equal([0, 0, 0.5, 1], new[] { 0f, 0.6f, 0.61f, 0.95f }.Select(curve.MissRate));
    }

    [Fact]
    public void The_threshold_of_a_rate_is_the_smallest_that_keeps_it()
    {
        Random random = new(3);
        ScoredPair[] pairs = [.. from a in Enumerable.Range(0, 60) from b in Enumerable.Range(0, 60) select a == b
            ? Same(0.5f + (random.NextSingle() / 2), a)
            : Different(random.NextSingle() * 0.8f, a, b)];
        FalseMatchCurve curve = new(pairs);

        foreach (double rate in (double[])[0.5, 0.1, 0.01, 0.002])
        {
            float threshold = curve.ThresholdAt(rate).Threshold!.Value;
            Assert.InRange(curve.FalseMatchRate(threshold), 0, rate);
            Assert.True(curve.FalseMatchRate(threshold - 2e-4f) > curve.FalseMatchRate(threshold) || curve.FalseMatchRate(threshold - 0.01f) > rate);
            OperatingPoint at = curve.At(threshold);
            Assert.Equal(pairs.Count(p => !p.Same && p.Similarity >= threshold), at.FalseMatches);
            Assert.Equal(pairs.Count(p => p.Same && p.Similarity < threshold), at.Misses);
            Assert.InRange(at.FalseMatch.Value, at.FalseMatch.Low, at.FalseMatch.High);
        }
    }

    [Theory]
    [InlineData(10, 0.1, true)] // 45 pairs of people, 30 are needed
    [InlineData(10, 0.05, false)] // 60 are needed
    [InlineData(50, 0.0025, true)] // 1225, 1200
    [InlineData(50, 0.0024, false)] // 1250
    public void A_rate_that_the_people_cannot_show_is_refused_however_many_pictures_there_are(int people, double rate, bool supported)
    {
        ScoredPair[] pairs = [.. from a in Enumerable.Range(0, people) from b in Enumerable.Range(0, people) where a != b from copy in Enumerable.Range(0, 20)
                                 select Different(0.001f * copy, a, b)];

        (float? threshold, string? refusal) = new FalseMatchCurve(pairs).ThresholdAt(rate);

        Assert.Equal(supported, threshold is not null);
        if (!supported)
        {
            Assert.Contains($"needs at least {Math.Ceiling(3 / rate)} pairs of different people, there are {people * (people - 1) / 2}", refusal, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(0.01)]
    public void Of_people_whom_nobody_knows_as_many_are_taken_for_somebody_as_the_rate_says(double rate)
    {
        Random random = new(5);
        float[][] faces = [.. Enumerable.Range(0, 80).Select(_ => Enumerable.Range(0, 16).Select(_ => (float)(random.NextDouble() + random.NextDouble() - 1)).ToArray())];
        float Alike(int a, int b) => Cosine(faces[a], faces[b]) + (0.05f * (random.NextSingle() - 0.5f));
        ScoredPair[] pairs = [.. from a in Enumerable.Range(0, 80) from b in Enumerable.Range(0, a + 1) from copy in Enumerable.Range(0, 4) select a == b ? Same(0.9f, a) : Different(Alike(a, b), a, b)];

        HalfEnrolled half = HalfEnrolled.Of(pairs, rate, ways: 20);

        Assert.Null(half.Refusal);
        Assert.Equal(20, half.Ways);
        Assert.InRange(half.Seen, 0.5 * rate, 1.5 * rate);
        Assert.InRange(half.Within, 16, 20); // of 95 % intervals; the threshold, too, is from a sample
        Assert.True(half.Least <= half.Seen && half.Seen <= half.Most);
        Assert.NotNull(HalfEnrolled.Of(pairs, 1e-4, ways: 2).Refusal);
    }

    private static float Cosine(float[] a, float[] b) => System.Numerics.Tensors.TensorPrimitives.CosineSimilarity<float>(a, b);

    [Fact]
    public void Strangers_as_alike_as_can_be_have_no_threshold()
    {
        ScoredPair[] pairs = [.. from a in Enumerable.Range(0, 20) from b in Enumerable.Range(0, a) select Different(1, a, b)];
        Assert.Contains("the model cannot tell them apart", new FalseMatchCurve(pairs).ThresholdAt(0.1).Refusal, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(double.NaN)]
    public void A_rate_is_a_share(double rate) => Assert.Throws<ArgumentOutOfRangeException>(() => new FalseMatchCurve([Different(0.1f, 1, 2)]).ThresholdAt(rate));

    [Theory]
    [InlineData(0, 10, 0, 0.2775)] // the textbook's values
    [InlineData(0.5, 10, 0.2366, 0.7634)]
    [InlineData(0.1, 100, 0.0552, 0.1744)]
    [InlineData(1, 4, 0.5101, 1)]
    public void Wilson_gives_the_known_interval(double share, double trials, double low, double high)
    {
        Share interval = Share.Wilson(share, trials);

        Assert.Equal((share, low, high), (interval.Value, Math.Round(interval.Low, 4), Math.Round(interval.High, 4)));
    }

    [Fact]
    public void Copies_of_a_picture_do_not_narrow_the_interval()
    {
        Random random = new(1);
        ScoredPair[] once = [.. from a in Enumerable.Range(0, 30) from b in Enumerable.Range(0, a) select Different(random.NextSingle(), a, b)];
        ScoredPair[] often = [.. once.SelectMany(pair => Enumerable.Repeat(pair, 50))];

        Share few = new FalseMatchCurve(once).At(0.9f).FalseMatch;
        Share many = new FalseMatchCurve(often).At(0.9f).FalseMatch;

        Assert.Equal(few.Low, many.Low, 1e-9);
        Assert.Equal(few.High, many.High, 1e-9);
    }

    [Fact]
    public void A_person_who_is_like_everybody_widens_the_interval()
    {
        // 10 of 435 pairs are false matches: all with one person, or spread.
        ScoredPair[] one = [.. from a in Enumerable.Range(0, 30) from b in Enumerable.Range(0, a) select Different(b == 0 && a <= 10 ? 0.9f : 0.1f, a, b)];
        ScoredPair[] spread = [.. from a in Enumerable.Range(0, 30) from b in Enumerable.Range(0, a) select Different(a == b + 1 && a % 3 == 1 ? 0.9f : 0.1f, a, b)];

        (OperatingPoint narrow, OperatingPoint wide) = (new FalseMatchCurve(spread).At(0.5f), new FalseMatchCurve(one).At(0.5f));

        Assert.Equal((10L, 10L), (narrow.FalseMatches, wide.FalseMatches));
        Assert.True(wide.FalseMatch.High - wide.FalseMatch.Low > 1.5 * (narrow.FalseMatch.High - narrow.FalseMatch.Low));
    }

    [Fact]
    public void Points_for_drawing_go_from_one_false_match_to_all()
    {
        ScoredPair[] pairs = [.. from a in Enumerable.Range(0, 40) from b in Enumerable.Range(0, a + 1) select a == b ? Same(0.9f, a) : Different((a * 40 + b) / 1600f, a, b)];

        IReadOnlyList<(double FalseMatch, double Miss, float Threshold)> points = new FalseMatchCurve(pairs).Points(20);

        Assert.Equal(1 / 780.0, points[0].FalseMatch, 1e-9);
        Assert.Equal(1, points[^1].FalseMatch, 1e-9);
        Assert.All(points.Zip(points.Skip(1)), next => Assert.True(next.First.Threshold > next.Second.Threshold && next.First.FalseMatch < next.Second.FalseMatch));
    }

    [Fact]
    public void Clips_are_pooled_pictures_of_a_person_in_a_camera_and_pairs_leave_out_parts_of_one_track()
    {
        EvaluationPicture[] pictures =
        [
            new("1", PictureRole.Both, "a", "c1", null), new("2", PictureRole.Both, "a", "c1", null), new("3", PictureRole.Both, "a", "c1", null),
            new("4", PictureRole.Both, "a", "c2", null), new("5", PictureRole.Both, "b", "c2", null),
            new("6", PictureRole.Both, "-1", "c2", null), new("7", PictureRole.Both, "0000", "c2", null),
        ];
        FeatureRows features = new([1, 0, 0, 1, 1, 0, 1, 0, 0, 1, 1, 0, 1, 0], 2);

        LabelledClips clips = LabelledClips.Of(features, pictures, 2);
        IReadOnlyList<ScoredPair> pairs = clips.Pairs();

        Assert.Equal(["a", "a", "a", "b"], clips.People);
        Assert.Equal(0.7071, clips.Features[0][0], 1e-3); // the mean of the first two
        Assert.Equal(2, pairs.Count(p => p.Same)); // each clip of a in c1 with that in c2, not with each other
        Assert.Equal(3, pairs.Count(p => !p.Same));
        Assert.Equal(1, pairs.Count(p => p.OneCamera));
    }

    internal static ScoredPair Same(float similarity, int person) => new(similarity, true, person, person, "c1", "c2");

    internal static ScoredPair Different(float similarity, int one, int other) => new(similarity, false, one, other, "c1", "c2");
}

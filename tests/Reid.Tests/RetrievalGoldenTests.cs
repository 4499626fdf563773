using System.Text.Json;
using Pipeline.Reid.Data;
using Pipeline.Reid.Evaluation;
using Xunit.Abstractions;

namespace Pipeline.Tests.Reid;

/// <summary>Every file of golden/eval, held against our measures; the worst differences are printed.</summary>
public sealed class RetrievalGoldenTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("market_small_cosine")]
    [InlineData("market_small_euclidean")]
    [InlineData("market_medium_euclidean")]
    [InlineData("one_query_cosine")]
    [InlineData("one_query_euclidean")]
    [InlineData("ties")]
    public void Of_matches_the_reference_protocol(string name)
    {
        (Golden golden, JsonElement facts) = Open(name);
        JsonElement standard = facts.GetProperty("standard");
        JsonElement matlab = facts.GetProperty("matlab");
        (int, int)[] queries = [.. golden.Ints("qpid").Zip(golden.Ints("qcam"))];
        (int, int)[] gallery = [.. golden.Ints("gpid").Zip(golden.Ints("gcam"))];

        RetrievalMetrics metrics = RetrievalMetrics.Of(golden.Floats("dist"), queries, gallery, golden.Doubles("cmc.standard").Length);

        Check($"{name} cmc", golden.Doubles("cmc.standard"), metrics.Cmc);
        Check($"{name} cmc.matlab", golden.Doubles("cmc.matlab"), metrics.MatlabCmc);
        Check($"{name} ap", golden.Doubles("ap.standard"), metrics.AveragePrecision);
        Check($"{name} ap.trapezoid", golden.Doubles("ap.trapezoid"), metrics.TrapezoidPrecision);
        Check($"{name} inp", golden.Doubles("inp"), metrics.InversePenalty);
        Assert.Equal(golden.Ints("first_match"), metrics.FirstMatch);
        Check(
            $"{name} means",
            [Number(standard, "mAP"), Number(standard, "mINP"), Number(standard, "trapezoid_mAP_over_valid"), Number(matlab, "mAP_nan_as_0")],
            [metrics.MeanAveragePrecision, metrics.MeanInversePenalty, metrics.MeanTrapezoidPrecision, metrics.MatlabMeanPrecision]);
        Assert.Equal(standard.GetProperty("valid_queries").GetInt32(), metrics.ValidQueries);
        Assert.Equal(matlab.GetProperty("CMC_divisor").GetInt32(), metrics.TotalQueries);
        Assert.Equal(matlab.GetProperty("queries_without_match").GetInt32(), metrics.TotalQueries - metrics.ValidQueries);
        Assert.Equal(double.NaN, metrics.MarsMeanPrecision); // as the MATLAB code of MARS: some query has no match
    }

    [Theory]
    [InlineData("max")]
    [InlineData("mean")]
    public void Of_matches_both_protocols_of_MARS(string pooling)
    {
        (Golden golden, JsonElement facts) = Open("mars");
        MarsTrack[] tracks = [.. golden.Ints("tracks").Chunk(4).Select(t => new MarsTrack(t[0] - 1, t[1] - 1, t[2], t[3]))];
        int[] asking = [.. golden.Ints("query_idx_1based").Select(q => q - 1)];
        MarsProtocol authors = MarsProtocol.OfMatlab(tracks, asking);
        MarsProtocol papers = MarsProtocol.OfPython(tracks, asking);

        RetrievalMetrics matlab = RetrievalMetrics.Of(golden.Floats($"dist.matlab.{pooling}"), asking.Length, authors.Gallery.Count, authors.Rule(tracks));
        RetrievalMetrics python = RetrievalMetrics.Of(golden.Floats($"dist.python.{pooling}"), asking.Length, papers.Gallery.Count, papers.Rule(tracks));

        Check($"mars {pooling} matlab cmc", golden.Doubles($"cmc.matlab.{pooling}"), matlab.MatlabCmc);
        Check($"mars {pooling} matlab ap", golden.Doubles($"ap.matlab.{pooling}"), matlab.TrapezoidPrecision);
        Check($"mars {pooling} python cmc", golden.Doubles($"cmc.python.{pooling}"), python.Cmc);
        Check($"mars {pooling} python ap", golden.Doubles($"ap.python.{pooling}"), python.AveragePrecision);
        JsonElement wanted = facts.GetProperty(pooling);
        Check(
            $"mars {pooling} means",
            [Number(wanted.GetProperty("matlab"), "mAP"), Number(wanted.GetProperty("python"), "mAP"), Number(wanted.GetProperty("python"), "mINP")],
            [matlab.MarsMeanPrecision, python.MeanAveragePrecision, python.MeanInversePenalty]);
        Assert.Equal(wanted.GetProperty("python").GetProperty("valid_queries").GetInt32(), python.ValidQueries);
        Assert.Equal(wanted.GetProperty("python").GetProperty("gallery").GetInt32(), papers.Gallery.Count);
    }

    [Fact]
    public void Both_protocols_of_MARS_from_frames_by_our_pooling_and_cosine()
    {
        (Golden golden, JsonElement facts) = Open("mars");
        MarsTrack[] tracks = [.. golden.Ints("tracks").Chunk(4).Select(t => new MarsTrack(t[0] - 1, t[1] - 1, t[2], t[3]))];
        int[] asking = [.. golden.Ints("query_idx_1based").Select(q => q - 1)];
        float[] frames = golden.Floats("frame_features");
        FeatureRows features = new(new float[tracks.Length * 20], 20);
        for (int i = 0; i < tracks.Length; i++)
        {
            Pipeline.Reid.TemporalPooling.Average(frames.AsSpan(tracks[i].First * 20, (tracks[i].Last - tracks[i].First + 1) * 20), features[i]);
            System.Numerics.Tensors.TensorPrimitives.Divide(features[i], System.Numerics.Tensors.TensorPrimitives.Norm<float>(features[i]), features[i]);
        }

        RetrievalMetrics matlab = MarsProtocol.OfMatlab(tracks, asking).Score(tracks, features);
        RetrievalMetrics python = MarsProtocol.OfPython(tracks, asking).Score(tracks, features);

        JsonElement wanted = facts.GetProperty("mean");
        Check("mars frames to clips", golden.Floats("video.mean_l2"), features.Values, 1e-6);
        Assert.Equal(Number(wanted.GetProperty("matlab"), "mAP"), matlab.MarsMeanPrecision, 1e-9);
        Assert.Equal(Number(wanted.GetProperty("python"), "mAP"), python.MeanAveragePrecision, 1e-9);
    }

    [SkippableFact]
    public void The_real_tables_of_MARS_give_the_published_galleries()
    {
        string info = TestData.Shared("data", "mars_info");
        IReadOnlyList<MarsTrack> tracks = MarsTracks.Read(Path.Combine(info, "tracks_test_info.mat"));
        IReadOnlyList<int> asking = MarsTracks.ReadQueries(Path.Combine(info, "query_IDX.mat"));
        Random random = new(1);
        FeatureRows features = new([.. Enumerable.Range(0, tracks.Count * 8).Select(_ => random.NextSingle() - 0.5f)], 8);
        (MarsProtocol authors, MarsProtocol papers) = (MarsProtocol.OfMatlab(tracks, asking), MarsProtocol.OfPython(tracks, asking));

        RetrievalMetrics matlab = authors.Score(tracks, features);
        RetrievalMetrics python = papers.Score(tracks, features);

        Assert.Equal((12_180, 1980, 1980), (authors.Gallery.Count, matlab.TotalQueries, matlab.ValidQueries));
        Assert.Equal((9330, 1980, 1840), (papers.Gallery.Count, python.TotalQueries, python.ValidQueries));
        Assert.True(double.IsFinite(matlab.MarsMeanPrecision));
    }

    [Fact]
    public void Single_shot_matches_explicit_choices_and_the_exact_expectation()
    {
        (Golden golden, _) = Open("cuhk03_single_shot");
        int width = golden.Shape("selection")[1];
        (int, IReadOnlyList<int>)[] choices = [.. golden.Ints("selection").Chunk(width).Select(row => (row[0], (IReadOnlyList<int>)[.. row.Skip(2).Where(g => g >= 0)]))];

        double[] chosen = SingleShot.Cmc(golden.Floats("dist"), golden.Ints("qpid"), golden.Ints("gpid"), choices);
        double[] expected = SingleShot.ExpectedCmc(
            golden.Floats("dist"), [.. golden.Ints("qpid").Zip(golden.Ints("qcam"))], [.. golden.Ints("gpid").Zip(golden.Ints("gcam"))]);

        Check("cuhk03 chosen", golden.Doubles("cmc_for_selection"), chosen);
        Check("cuhk03 expected", golden.Doubles("cmc_expected"), expected);
    }

    [Fact]
    public void Two_camera_splits_match()
    {
        (Golden golden, _) = Open("two_camera_splits");
        (float[] a, float[] b) = (golden.Floats("cam_a"), golden.Floats("cam_b"));
        float[] distances = [.. from i in Enumerable.Range(0, 30) from j in Enumerable.Range(0, 30)
                                select (float)Math.Sqrt(Enumerable.Range(0, 10).Sum(d => Math.Pow(a[(i * 10) + d] - (double)b[(j * 10) + d], 2)))];
        int[][] splits = [.. golden.Ints("test_ids").Chunk(15)];

        IReadOnlyList<double[]> cmcs = TwoCameraSplits.Cmc(distances, 30, splits, 10);

        Check("splits", golden.Doubles("cmc_per_split"), [.. cmcs.SelectMany(c => c)]);
        Check("splits mean", golden.Doubles("cmc_mean"), TwoCameraSplits.Mean(cmcs));
    }

    [Theory]
    [InlineData("rerank_cosine")]
    [InlineData("rerank_euclidean")]
    public void Dense_re_ranking_matches_the_authors(string name)
    {
        (Golden golden, JsonElement facts) = Open(name);
        (int, int)[] queries = [.. golden.Ints("qpid").Zip(golden.Ints("qcam"))];
        (int, int)[] gallery = [.. golden.Ints("gpid").Zip(golden.Ints("gcam"))];
        foreach ((string key, ReRankingOptions options) in Settings)
        {
            float[] got = ReRanking.Dense(golden.Floats("qg"), golden.Floats("qq"), golden.Floats("gg"), options);
            RetrievalMetrics metrics = RetrievalMetrics.Of(got, queries, gallery);

            Check($"{name} {key}", golden.Floats($"final.{key}"), got, 1e-5);
            JsonElement wanted = facts.GetProperty("settings").GetProperty(key);
            Assert.Equal(Number(wanted, "mAP"), metrics.MeanAveragePrecision, 1e-3); // two entries at one distance may change places
            Assert.Equal(Number(wanted, "rank1"), metrics.Rank(1), 1e-9);
            Assert.Equal(wanted.GetProperty("valid").GetInt32(), metrics.ValidQueries);
        }
    }

    [Fact]
    public void Sparse_re_ranking_is_dense_re_ranking_of_unit_vectors()
    {
        (Golden golden, _) = Open("rerank_euclidean");
        FeatureRows queries = Unit(golden.Floats("qf"), 24);
        FeatureRows gallery = Unit(golden.Floats("gf"), 24);
        AnswerRule rule = AnswerRules.SameCameraRemoved([.. golden.Ints("qpid").Zip(golden.Ints("qcam"))], [.. golden.Ints("gpid").Zip(golden.Ints("gcam"))]);
        foreach ((string key, ReRankingOptions options) in Settings)
        {
            float[] dense = ReRanking.Dense(Distances(queries, gallery), Distances(queries, queries), Distances(gallery, gallery), options);
            RetrievalMetrics wanted = RetrievalMetrics.Of(dense, 15, 90, rule);

            RetrievalMetrics one = ReRanking.Of(queries, gallery, options, threads: 1).Score(queries, gallery, rule, threads: 1);
            RetrievalMetrics many = ReRanking.Of(queries, gallery, options, threads: 3).Score(queries, gallery, rule, threads: 3);

            Check($"sparse re-ranking {key}", wanted.AveragePrecision, one.AveragePrecision, 1e-9);
            Assert.Equal(one.AveragePrecision, many.AveragePrecision);
        }
    }

    [Theory]
    [InlineData(0, 1, 0.3)]
    [InlineData(5, 7, 0.3)]
    [InlineData(5, 0, 0.3)]
    [InlineData(5, 2, 1.5)]
    [InlineData(5, 2, double.NaN)]
    public void Re_ranking_refuses_settings_out_of_range(int k1, int k2, double lambda) =>
        Assert.ThrowsAny<ArgumentException>(() => ReRanking.Of(Unit([1, 0], 2), Unit([0, 1], 2), new ReRankingOptions(k1, k2, lambda)));

    [Fact]
    public void Re_ranking_of_fewer_entries_than_neighbours_still_ranks()
    {
        FeatureRows queries = Unit([1, 0], 2);
        FeatureRows gallery = Unit([0, 1, 1, 0.1f, 0.9f, 0.2f], 2);

        RetrievalMetrics metrics = ReRanking.Of(queries, gallery, new ReRankingOptions())
            .Score(queries, gallery, AnswerRules.SameCameraRemoved([(1, 1)], [(2, 2), (1, 2), (2, 2)]));

        Assert.Equal(1, metrics.Rank(1));
    }

    private static IEnumerable<(string Key, ReRankingOptions Options)> Settings =>
    [
        ("k1_20_k2_6_l030", new ReRankingOptions()),
        ("k1_7_k2_3_l050", new ReRankingOptions(7, 3, 0.5)),
        ("k1_5_k2_1_l000", new ReRankingOptions(5, 1, 0)),
        ("k1_20_k2_6_l100", new ReRankingOptions(20, 6, 1)),
    ];

    private static FeatureRows Unit(float[] values, int dimension)
    {
        FeatureRows rows = new([.. values], dimension);
        for (int i = 0; i < rows.Count; i++)
        {
            Assert.True(Pipeline.Reid.TemporalPooling.TryFinish(rows[i]));
        }

        return rows;
    }

    private static float[] Distances(FeatureRows left, FeatureRows right) =>
        [.. from i in Enumerable.Range(0, left.Count) from j in Enumerable.Range(0, right.Count)
            select left == right && i == j ? 0 : MathF.Sqrt(MathF.Max(0, 2 - (2 * Pipeline.Reid.CosineSearch.Dot(left[i], right[j]))))];

    private static (Golden Tensors, JsonElement Facts) Open(string name) =>
        (new Golden(TestData.Golden("eval", name + ".safetensors")), JsonDocument.Parse(File.ReadAllText(TestData.Golden("eval", name + ".json"))).RootElement);

    private static double Number(JsonElement at, string name) => at.GetProperty(name).GetDouble();

    private void Check(string name, float[] wanted, float[] got, double tolerance) =>
        Check(name, [.. wanted.Select(v => (double)v)], [.. got.Select(v => (double)v)], tolerance);

    private void Check(string name, double[] wanted, double[] got, double tolerance = 1e-9)
    {
        Assert.Equal(wanted.Length, got.Length);
        Assert.Equal(wanted.Select(double.IsNaN), got.Select(double.IsNaN));
        double worst = wanted.Zip(got, (a, b) => double.IsNaN(a) ? 0 : Math.Abs(a - b)).Max();
        output.WriteLine($"| eval/{name} | {worst:e1} | {tolerance:e0} |");
        Assert.InRange(worst, 0, tolerance);
    }
}

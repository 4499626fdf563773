using System.Text.Json;
using Pipeline.Reid;
using Xunit.Abstractions;

namespace Pipeline.Tests.Reid;

public sealed class TemporalTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("attention_sigmoid_b1_t9_c24")]
    [InlineData("attention_sigmoid_b2_t4_c32")]
    [InlineData("attention_sigmoid_b3_t1_c16")]
    [InlineData("attention_softmax_b1_t9_c24")]
    [InlineData("attention_softmax_b2_t4_c32")]
    [InlineData("attention_softmax_b3_t1_c16")]
    public void Weigh_matches_the_official_head(string name) => Attention(name, TestData.Golden("temporal", name + ".safetensors"));

    [SkippableTheory]
    [InlineData("attention_sigmoid_b2_t6_c64_16x8")]
    [InlineData("attention_softmax_b2_t6_c64_16x8")]
    public void Weigh_matches_the_official_head_on_large_maps(string name) =>
        Attention(name, TestData.Shared("golden", "temporal", name + ".safetensors"));

    [Theory]
    [InlineData("pool_b1_t1_c8")]
    [InlineData("pool_b3_t4_c16")]
    public void Average_and_Maximum_match_the_reference(string name)
    {
        Golden golden = new(TestData.Golden("temporal", name + ".safetensors"));
        int[] shape = golden.Shape("x");
        float[] frames = FrameFeatures(golden);
        (int clips, int times, int length) = (shape[0], shape[1], shape[2]);
        float[] mean = new float[clips * length];
        float[] maximum = new float[clips * length];

        for (int b = 0; b < clips; b++)
        {
            TemporalPooling.Average(frames.AsSpan(b * times * length, times * length), mean.AsSpan(b * length, length));
            TemporalPooling.Maximum(frames.AsSpan(b * times * length, times * length), maximum.AsSpan(b * length, length));
        }

        Check($"{name} mean", golden.Floats("feature"), mean, 3e-7);
        Check($"{name} max", golden.Floats("max_over_time"), maximum, 3e-7);
    }

    [Fact]
    public void Average_over_clips_gives_the_video_level_means()
    {
        Golden golden = new(TestData.Golden("temporal", "video_level.safetensors"));
        int[] owner = golden.Ints("owner");
        float[] clips = golden.Floats("clips");
        float[] wanted = golden.Floats("mean");
        float[] got = new float[wanted.Length];

        foreach (int video in owner.Distinct())
        {
            float[] own = [.. owner.Index().Where(o => o.Item == video).SelectMany(o => clips[(12 * o.Index)..(12 * (o.Index + 1))])];
            TemporalPooling.Average(own, got.AsSpan(12 * video, 12));
        }

        Check("video_level mean", wanted, got, 3e-7);
    }

    [Fact]
    public void Weighted_by_equal_shares_is_Average()
    {
        float[] embeddings = [1, 2, 3, 4, 5, 9];
        float[] mean = new float[2];
        float[] weighted = new float[2];

        TemporalPooling.Average(embeddings, mean);
        TemporalPooling.Weighted(embeddings, [1 / 3f, 1 / 3f, 1 / 3f], weighted);

        Assert.Equal(new float[] { 3, 5 }, mean);
        Assert.All(mean.Zip(weighted), pair => Assert.Equal(pair.First, pair.Second, 1e-6));
    }

    [Fact]
    public void Pool_by_quality_leans_to_the_better_crop_and_takes_no_notice_of_an_embedding_s_length()
    {
        Crop[] crops = [Crop(0.9f), Crop(0.1f)];
        float[] feature = new float[2];

        Assert.Equal(2, ClipFeatures.Pool([50, 0, 0, 1], crops, ClipPooling.Quality, feature));
        Assert.Equal(5, feature[0] / feature[1], 1e-4); // (0.1 + 0.9) / (0.1 + 0.1)
        Assert.Equal(2, ClipFeatures.Pool([50, 0, 0, 1], crops, ClipPooling.Mean, feature));
        Assert.Equal(1, feature[0] / feature[1], 1e-6);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(512)]
    [InlineData(1920)]
    public void TryFinish_keeps_the_norm_within_a_thousandth_after_rounding(int length)
    {
        Random random = new(length);
        float[] feature = [.. Enumerable.Range(0, length).Select(_ => (float)(random.NextDouble() - 0.5) * 1e-3f)];

        Assert.True(TemporalPooling.TryFinish(feature));

        Assert.InRange(Math.Sqrt(feature.Sum(v => (double)v * v)), 0.999, 1.001);
        Assert.All(feature, v => Assert.Equal(v, (float)(Half)v));
        float[] again = [.. feature];
        Assert.True(TemporalPooling.TryFinish([.. again]));
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void TryFinish_refuses_what_has_no_direction(float value) => Assert.False(TemporalPooling.TryFinish([value, 0]));

    private static Crop Crop(float quality) => new(new Picture(1, 1, [0, 0, 0]), DateTimeOffset.UnixEpoch, quality);

    private void Attention(string name, string path)
    {
        Golden golden = new(path);
        int[] shape = golden.Shape("x");
        (int clips, int times, int length) = (shape[0], shape[1], shape[2]);
        AttentionGeneration generation = name.Contains("softmax", StringComparison.Ordinal) ? AttentionGeneration.Softmax : AttentionGeneration.Sigmoid;
        TemporalAttention head = new(
            golden.Floats("w.attention_conv.weight"), golden.Floats("w.attention_conv.bias"),
            golden.Floats("w.attention_tconv.weight"), golden.Floats("w.attention_tconv.bias")[0], generation);
        float[] maps = golden.Floats("x");
        float[] frames = FrameFeatures(golden);
        float[] weights = new float[clips * times];
        float[] features = new float[clips * length];

        for (int b = 0; b < clips; b++)
        {
            head.Weigh(maps.AsSpan(b * times * head.MapLength, times * head.MapLength), weights.AsSpan(b * times, times));
            TemporalPooling.Weighted(frames.AsSpan(b * times * length, times * length), weights.AsSpan(b * times, times), features.AsSpan(b * length, length));
        }

        Check($"{name} attention", golden.Floats("attention"), weights, 1e-6);
        Check($"{name} feature", golden.Floats("feature"), features, 1e-6);
    }

    private static float[] FrameFeatures(Golden golden)
    {
        int[] shape = golden.Shape("x");
        int map = shape[3] * shape[4];
        return [.. golden.Floats("x").Chunk(map).Select(values => (float)values.Average(v => (double)v))];
    }

    private void Check(string name, float[] wanted, float[] got, double tolerance)
    {
        double worst = wanted.Zip(got, (a, b) => Math.Abs(a - (double)b)).Max();
        output.WriteLine($"| temporal/{name} | {worst:e1} | {tolerance:e0} |");
        Assert.Equal(wanted.Length, got.Length);
        Assert.InRange(worst, 0, tolerance);
    }
}

using System.Threading.Channels;
using Pipeline.Inference;
using Pipeline.Reid;
using Pipeline.Reid.Networks;
using Pipeline.Reid.Onnx;

namespace Pipeline.Tests.Reid;

public sealed class EmbedStageTests
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(64)]
    public async Task RunAsync_keeps_the_order_and_gives_every_set_the_same_feature_in_any_batch(int batch)
    {
        using ColourEmbedder embedder = new();
        CropSet[] sets = [.. Enumerable.Range(0, 9).Select(i => new CropSet(i, i % 4 == 3 ? [] : Crops(1 + (i % 3), i)))];

        ClipFeature[] features = await RunAsync(embedder, new ReidOptions { Batch = batch }, sets);

        Assert.Equal(sets.Select(s => s.Key), features.Select(f => f.Key));
        foreach ((CropSet set, ClipFeature feature) in sets.Zip(features))
        {
            ClipFeature alone = Assert.Single(await RunAsync(embedder, new ReidOptions { Batch = 64 }, [set]));
            Assert.Equal(alone.Vector, feature.Vector);
            Assert.Equal(set.Crops.Count, feature.Frames);
            Assert.Equal(set.Crops.Count == 0, feature.Vector is null);
            Assert.Null(feature.Problem);
        }
    }

    [Fact]
    public async Task RunAsync_gives_unit_vectors_that_16_bits_hold()
    {
        using ColourEmbedder embedder = new();

        ClipFeature feature = Assert.Single(await RunAsync(embedder, new ReidOptions(), [new CropSet("a", Crops(4, 5))]));

        Assert.All(feature.Vector!, v => Assert.Equal(v, (float)(Half)v));
        Assert.InRange(Math.Sqrt(feature.Vector!.Sum(v => (double)v * v)), 0.999, 1.001);
    }

    [Fact]
    public async Task A_set_that_may_be_cut_gives_a_feature_of_each_person_in_it_and_its_neighbours_stay_as_they_are()
    {
        float[][] seen = [[1, 0], [1, 0.1f], [1, 0], [0, 1], [0.1f, 1], [0, 1], [0, 1]];
        CropSet[] sets =
        [
            new("changes", Seconds(5), part => (part.Start.Value, part.End.Value)), // two of the first, then the second
            new("whole", Seconds(2)),
        ];
        using Script embedder = new(seen[0], seen[1], seen[3], seen[4], seen[5], seen[2], seen[6]);
        EmbedStage stage = new(embedder, new ReidOptions { Pooling = ClipPooling.Mean });

        ClipFeature[] features = await RunAsync(stage, sets);

        Assert.Equal<object>([(0, 2), (2, 5), "whole"], features.Select(feature => feature.Key));
        Assert.Equal([2, 3, 2], features.Select(feature => feature.Frames));
        Assert.InRange(features[0].Vector![0], 0.99f, 1);
        Assert.InRange(features[1].Vector![1], 0.99f, 1);
        Assert.Equal(1, stage.Cuts);
    }

    [Theory]
    [InlineData(false, 0.08f)]
    [InlineData(true, 2f)]
    public async Task A_set_is_left_whole_where_it_may_not_be_cut_or_the_settings_say_so(bool mayBeCut, float margin)
    {
        using Script embedder = new([1, 0], [1, 0], [0, 1], [0, 1]);

        ClipFeature[] features = await RunAsync(
            embedder, new ReidOptions { CutMargin = margin }, [new CropSet("all", Seconds(4), mayBeCut ? part => part : null)]);

        Assert.Equal((object)"all", Assert.Single(features).Key);
    }

    [Fact]
    public async Task A_model_with_a_head_for_clips_weighs_their_crops_itself()
    {
        using TemporaryFolder folder = new();
        string path = folder.Path("clip.onnx");
        ReidNetwork network = NetworkCatalog.Create("baseline-compact-96", 64, 32, clip: new TemporalShape { Reduced = 4, Hidden = 8 });
        ModelFiles.Export(network, NetworkWeights.Seeded(network, seed: 4), path);
        using OnnxEmbedder embedder = OnnxEmbedder.Open(path, Device.Cpu);
        CropSet[] sets = [new("a", Crops(3, 1)), new("none", []), new("b", Crops(2, 2))];

        ClipFeature[] features = await RunAsync(embedder, new ReidOptions { Pooling = ClipPooling.Attention, Batch = 64 }, sets);

        foreach ((CropSet set, ClipFeature feature) in sets.Zip(features).Where(f => f.First.Crops.Count > 0))
        {
            int count = set.Crops.Count;
            float[] embeddings = new float[count * embedder.Dimension];
            float[] taps = new float[3 * count];
            embedder.Embed([.. set.Crops.Select(c => c.Picture)], embeddings, taps);
            float[] weights = new float[count];
            TemporalAttention.Weigh(taps, AttentionGeneration.Softmax, weights);
            Assert.NotEqual(weights[0], weights[1]);
            double[] sum = new double[embedder.Dimension];
            for (int t = 0; t < count; t++)
            {
                float[] row = embeddings[(t * embedder.Dimension)..((t + 1) * embedder.Dimension)];
                double norm = Math.Sqrt(row.Sum(v => (double)v * v));
                sum = [.. sum.Zip(row, (s, v) => s + (weights[t] * v / norm))];
            }

            double length = Math.Sqrt(sum.Sum(v => v * v));
            Assert.Equal(count, feature.Frames);
            Assert.All(sum.Zip(feature.Vector!), v => Assert.InRange(v.Second, (v.First / length) - 1e-4, (v.First / length) + 1e-4));
        }
    }

    [Fact]
    public void Attention_is_refused_for_a_model_without_it()
    {
        using ColourEmbedder embedder = new();

        InvalidDataException e = Assert.Throws<InvalidDataException>(() => new EmbedStage(embedder, new ReidOptions { Pooling = ClipPooling.Attention }));

        Assert.Contains("reid.pooling attention", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_crop_without_an_embedding_has_no_say_in_the_attention()
    {
        float[] feature = new float[2];

        int used = ClipFeatures.PoolByAttention([3, 0, float.NaN, 1, 0, 2], [0, 1, 0, 9, 9, 9, 0, 1, 0], feature);

        Assert.Equal(2, used);
        Assert.Equal([0.5f, 0.5f], feature);
    }

    [Fact]
    public async Task A_tracklet_comes_out_though_nothing_follows_it()
    {
        using ColourEmbedder embedder = new();
        Channel<CropSet> input = Channel.CreateBounded<CropSet>(4);
        Channel<ClipFeature> output = Channel.CreateBounded<ClipFeature>(4);
        Task running = new EmbedStage(embedder, new ReidOptions()).RunAsync(input, output, CancellationToken.None);

        await input.Writer.WriteAsync(new CropSet("live", Crops(1, 1)));
        ClipFeature feature = await output.Reader.ReadAsync().AsTask().WaitAsync(_patience);

        Assert.Equal("live", feature.Key);
        Assert.False(running.IsCompleted);
        input.Writer.Complete();
        await running.WaitAsync(_patience);
    }

    [Fact]
    public async Task A_crop_of_NaN_is_left_out_and_counted_and_a_set_of_them_has_no_vector_but_a_problem()
    {
        using Script embedder = new([float.NaN, 1], [3, 4], [float.PositiveInfinity, 0], [float.NaN, float.NaN], [0, 0]);
        EmbedStage stage = new(embedder, new ReidOptions());
        CropSet[] sets = [new("one of two", Crops(2, 1)), new("none of two", Crops(2, 2)), new("zero", Crops(1, 3))];

        ClipFeature[] features = await RunAsync(stage, sets);

        Assert.Equal([(float)(Half)0.6f, (float)(Half)0.8f], features[0].Vector!);
        Assert.Equal(1, features[0].Frames);
        Assert.Null(features[0].Problem);
        Assert.All(features[1..], f => Assert.Null(f.Vector));
        Assert.Contains("script@test", features[1].Problem, StringComparison.Ordinal);
        Assert.Contains("2 crops", features[1].Problem, StringComparison.Ordinal);
        Assert.Equal(4, stage.UnusableCrops);
        Assert.Equal(5, stage.Crops);
    }

    [Fact]
    public async Task RunAsync_hands_a_failure_on_to_the_next_stage()
    {
        using Script embedder = new();
        Channel<CropSet> input = Channel.CreateBounded<CropSet>(4);
        Channel<ClipFeature> output = Channel.CreateBounded<ClipFeature>(4);
        await input.Writer.WriteAsync(new CropSet("a", Crops(1, 1)));

        Task running = new EmbedStage(embedder, new ReidOptions()).RunAsync(input, output, CancellationToken.None);

        await Assert.ThrowsAsync<InvalidOperationException>(() => running.WaitAsync(_patience));
        await Assert.ThrowsAsync<InvalidOperationException>(() => output.Reader.Completion.WaitAsync(_patience));
    }

    [Fact]
    public async Task RunAsync_stops_when_cancelled()
    {
        using ColourEmbedder embedder = new();
        using CancellationTokenSource stop = new();
        Task running = new EmbedStage(embedder, new ReidOptions())
            .RunAsync(Channel.CreateBounded<CropSet>(1), Channel.CreateBounded<ClipFeature>(1), stop.Token);

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running.WaitAsync(_patience));
    }

    [Fact]
    public void Problems_names_every_key_that_breaks_a_rule()
    {
        Assert.Empty(new ReidOptions().Problems());
        Assert.Equal(
            [
                ("reid.model", "default, colour, an ONNX file or the name of a network is needed, got none"),
                ("reid.pooling", "mean, quality or attention, got 9"),
                ("reid.cut_margin", "-1 to 2, got NaN"),
                ("reid.batch", "1 to 1024 crops, got 0"),
            ],
            new ReidOptions { Model = " ", Pooling = (ClipPooling)9, CutMargin = float.NaN, Batch = 0 }.Problems());
    }

    private static Crop[] Crops(int count, int seed) =>
        [.. Enumerable.Range(0, count).Select(i => new Crop(Pictures.Noise(30 + i, 70, (100 * seed) + i), DateTimeOffset.UnixEpoch, 0.2f * (i + 1)))];

    private static Crop[] Seconds(int count) =>
        [.. Enumerable.Range(0, count).Select(i => new Crop(Pictures.Noise(30, 70, i), DateTimeOffset.UnixEpoch.AddSeconds(i), 1))];

    private static Task<ClipFeature[]> RunAsync(IEmbedder embedder, ReidOptions options, CropSet[] sets) =>
        RunAsync(new EmbedStage(embedder, options), sets);

    private static async Task<ClipFeature[]> RunAsync(EmbedStage stage, CropSet[] sets)
    {
        Channel<CropSet> input = Channel.CreateUnbounded<CropSet>();
        Channel<ClipFeature> output = Channel.CreateUnbounded<ClipFeature>();
        foreach (CropSet set in sets)
        {
            await input.Writer.WriteAsync(set);
        }

        input.Writer.Complete();
        await stage.RunAsync(input, output, CancellationToken.None).WaitAsync(_patience);
        return [.. output.Reader.ReadAllAsync().ToBlockingEnumerable()];
    }

    /// <summary>Gives the embeddings it was told, then fails.</summary>
    private sealed class Script(params float[][] embeddings) : IEmbedder
    {
        private int _next;

        public string ModelId => "script@test";

        public int Dimension => 2;

        public string? Notice => null;

        public float DefaultThreshold => 0.5f;

        public void Embed(IReadOnlyList<Picture> pictures, Span<float> target)
        {
            for (int i = 0; i < pictures.Count; i++)
            {
                float[] embedding = _next < embeddings.Length ? embeddings[_next++] : throw new InvalidOperationException("no more");
                embedding.CopyTo(target[(2 * i)..]);
            }
        }

        public void Dispose()
        {
        }
    }
}

using Pipeline.Reid.Networks;
using Pipeline.Reid.Training.Losses;
using Pipeline.Reid.Weights;
using TorchSharp;
using Xunit.Abstractions;
using static TorchSharp.torch;
using Picture = Pipeline.Reid.Picture;

namespace Pipeline.Tests.Networks;

/// <summary>The compact network: its sizes, where it starts from, and how it is trained.</summary>
[Collection("parity")]
public sealed class CompactNetworkTests(ParityTable table, ITestOutputHelper output)
{
    [Theory]
    [InlineData("baseline-compact-96", 34, 77, 137)]
    [InlineData("baseline-compact", 74, 167, 298)]
    public void Multiplications_are_those_published_at_every_size(string name, int at128, int at192, int at256)
    {
        foreach ((int height, int width, int expected) in new[] { (128, 64, at128), (192, 96, at192), (256, 128, at256) })
        {
            double attention = NetworkCatalog.Create(name.Replace("baseline", "rga-sc", StringComparison.Ordinal), height, width).CountMultiplications() / 1e6;
            double found = NetworkCatalog.Create(name, height, width).CountMultiplications() / 1e6;
            output.WriteLine($"{name} {height}x{width}: {found:0.0} M multiplications, {attention:0.0} with RGA-SC");

            Assert.InRange(found, expected - 1, expected + 1);
            Assert.InRange(attention, found, found * 1.6);
        }
    }

    [Fact]
    public void The_feature_is_four_stripes_of_128_and_a_whole_of_256()
    {
        ReidNetwork network = NetworkCatalog.Create("rga-sc-compact-96", 160, 64, classes: 7); // 10 rows: stripes 1 and 2 share one

        Assert.Equal(768, network.FeatureLength);
        Assert.Equal(["[128, 96]", "[256, 96]", "[7, 768]"], new[] { "head.part.3.weight", "head.whole.weight", "cls.weight" }.Select(
            key => $"[{string.Join(", ", network.Tensors.Single(t => t.Name == key).Shape)}]"));
        Assert.Throws<ArgumentException>(() => NetworkCatalog.Create("rga-sc-compact-96", 160, 64, stripes: new StripeShape { Count = 11 }));
    }

    [SkippableFact]
    public void A_start_from_folded_weights_computes_the_same_on_other_pictures()
    {
        Libtorch.Require(threads: 2);
        ReidNetwork network = NetworkCatalog.Create("baseline-compact", 192, 96, classes: 3);
        TfliteConvolution[] published = Published(network);

        StartingWeights start = CompactStart.From(network, published, Pictures(16), seed: 3);

        Dictionary<string, WeightTensor> folded = new(start.Weights);
        IReadOnlyDictionary<Part, WeightTensor> biases = CompactStart.Lay(network, published, folded);
        float[] images = Golden.Images("other", 2, 192, 96, block: 16);
        float[] expected = Pooled(network, folded, images, (root, parts, values) => new Folded(root, parts, values, biases));
        float[] found = Pooled(network, start.Weights, images);
        table.Compare(output, "compact start against the folded network", expected, found, 1e-4, ofScale: true);
        Assert.All(start.Untrained, name => Assert.DoesNotContain("features", name, StringComparison.Ordinal));
        Assert.Equal(network.Tensors.Count(), start.Taken.Count + start.Untrained.Count);
    }

    [SkippableFact]
    public void A_start_with_instance_normalisation_keeps_what_the_layers_give_on_the_whole()
    {
        Libtorch.Require(threads: 2);
        ReidNetwork network = NetworkCatalog.Create("baseline-compact-96-ibn", 128, 64);
        TfliteConvolution[] published = Published(network);

        StartingWeights start = CompactStart.From(network, published, Pictures(16), seed: 3);

        Assert.Contains("backbone.features.2.conv.0.1.IN.weight", start.Taken);
        Assert.DoesNotContain(start.Taken, name => name.StartsWith("backbone.features.11", StringComparison.Ordinal) && name.Contains(".IN.", StringComparison.Ordinal));
        float[] images = Golden.Images("other", 2, 128, 64, block: 16);
        Dictionary<string, WeightTensor> folded = new(start.Weights);
        IReadOnlyDictionary<Part, WeightTensor> biases = CompactStart.Lay(network, published, folded);
        float[] expected = Pooled(network, folded, images, (root, parts, values) => new Folded(root, parts, values, biases));
        float[] found = Pooled(network, start.Weights, images);
        Assert.InRange(System.Numerics.Tensors.TensorPrimitives.CosineSimilarity<float>(expected, found), 0.7f, 1f);
    }

    [Fact]
    public void A_plain_trunk_starts_one_with_instance_normalisation_but_for_those_layers()
    {
        ReidNetwork plain = NetworkCatalog.Create("baseline-compact-96", 128, 64);

        StartingWeights start = StartingWeights.From(NetworkCatalog.Create("baseline-compact-96-ibn", 128, 64), File(NetworkWeights.Seeded(plain)));

        Assert.Contains("backbone.features.2.conv.0.0.weight", start.Taken);
        Assert.Contains("backbone.features.2.conv.0.1.IN.weight", start.Untrained);
        Assert.Contains("backbone.features.2.conv.0.1.weight", start.Skipped);
    }

    [Fact]
    public void A_saved_network_is_recognised_with_its_head_and_its_depth()
    {
        foreach (string name in NetworkCatalog.Names.Where(n => n.Contains("compact", StringComparison.Ordinal)))
        {
            ReidNetwork network = NetworkCatalog.Create(
                name, 96, 48, classes: 4, new StripeShape { Count = 3, StripeLength = 64, WholeLength = 32 }, new TemporalShape { Reduced = 8, Hidden = 16 });
            using TemporaryFile file = new("network.safetensors");
            Pipeline.Reid.Onnx.ModelFiles.Save(network, NetworkWeights.Seeded(network), file.Path);

            ReidNetwork found = NetworkRecogniser.Recognise(WeightFile.Read(file.Path));

            Assert.Equal((name, 96, 48, 4, 224), (found.Name, found.Height, found.Width, found.Classes, found.FeatureLength));
            Assert.Equal(network.Tensors.Select(t => t.Name), found.Tensors.Select(t => t.Name));
        }
    }

    [Fact]
    public void A_model_that_is_not_on_MobileNetV2_starts_nothing()
    {
        ReidNetwork network = NetworkCatalog.Create("baseline-compact-96", 128, 64);
        TfliteConvolution[] published = Published(network);

        InvalidDataException e = Assert.Throws<InvalidDataException>(() => CompactStart.From(network, published[..^1], Pictures(8)));

        Assert.Contains("features.13.conv.2.weight", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Weights_of_a_small_network_without_attention_start_a_larger_one_with_it()
    {
        ReidNetwork small = NetworkCatalog.Create("baseline-compact", 128, 64, classes: 5);
        IReadOnlyDictionary<string, WeightTensor> trained = NetworkWeights.Seeded(small, seed: 5);
        ReidNetwork large = NetworkCatalog.Create("rga-sc-compact", 192, 96, classes: 9);

        StartingWeights start = StartingWeights.From(large, File(trained), seed: 6);

        Assert.Equal(small.Tensors.Select(t => t.Name).Where(n => n != "cls.weight"), start.Taken);
        Assert.Equal(["cls.weight [5, 768] instead of [9, 768]"], start.Misshapen);
        Assert.All(start.Taken, name => Assert.Same(trained[name], start.Weights[name]));
        Assert.All(start.Untrained, name => Assert.True(name == "cls.weight" || name.Contains("rga_att", StringComparison.Ordinal), name));
    }

    [Fact]
    public void A_mean_of_weights_is_the_mean_of_every_tensor_but_the_classifiers_which_are_of_other_people()
    {
        ReidNetwork network = NetworkCatalog.Create("baseline-compact-96", 128, 64, classes: 3);
        WeightFile[] files = [.. ((ulong[])[1, 2]).Select(seed => File(NetworkWeights.Seeded(network, seed)))];

        WeightFile mean = WeightMean.Of(files);

        Assert.DoesNotContain("cls.weight", mean.Tensors.Keys);
        string[] names = ["backbone.features.0.0.weight", "head.whole.weight", "feat_bn.weight"];
        Assert.All(names, name => Assert.All(
            mean.Tensors[name].ToSingles().Select((value, i) => value - ((files[0].Tensors[name].ToSingles()[i] + files[1].Tensors[name].ToSingles()[i]) / 2)),
            off => Assert.Equal(0, off, 1e-7f)));
        Assert.Equal(network.Tensors.Count() - 1, NetworkRecogniser.Recognise(mean).Tensors.Count());
    }

    [Fact]
    public void A_mean_of_weights_of_different_networks_is_refused_by_name()
    {
        WeightFile small = File(NetworkWeights.Seeded(NetworkCatalog.Create("baseline-compact-96", 128, 64))) with { Path = "small.safetensors" };
        WeightFile large = File(NetworkWeights.Seeded(NetworkCatalog.Create("baseline-compact", 128, 64)));

        Assert.Contains("'small.safetensors'", Assert.Throws<InvalidDataException>(() => WeightMean.Of([small, large])).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidDataException>(() => WeightMean.Of([large]));
    }

    [Fact]
    public void A_weight_file_says_what_its_network_takes_for_black_and_without_a_word_nothing_is()
    {
        WeightFile trained = File(NetworkWeights.Seeded(NetworkCatalog.Create("baseline-compact", 128, 64), seed: 5));

        Assert.Equal(0, NetworkRecogniser.Recognise(trained).Preprocessing.BlackPoint);
        Assert.Equal(0.02, NetworkRecogniser.Recognise(trained with { Metadata = new Dictionary<string, string> { ["black_point"] = "0.02" } }).Preprocessing.BlackPoint);
    }

    [Fact]
    public void A_classifier_is_taken_for_the_people_it_was_trained_on_and_for_no_others()
    {
        ReidNetwork network = NetworkCatalog.Create("baseline-compact", 128, 64, classes: 5);
        WeightFile trained = File(NetworkWeights.Seeded(network, seed: 5)) with { Metadata = new Dictionary<string, string> { ["people"] = "0a1b2c3d" } };

        StartingWeights same = StartingWeights.From(network, trained, people: "0a1b2c3d");
        StartingWeights others = StartingWeights.From(network, trained, people: "ffffffff");

        Assert.Empty(same.Untrained);
        Assert.Equal(["cls.weight"], others.Untrained);
    }

    [Fact]
    public void Attention_of_another_size_starts_anew_as_a_whole()
    {
        IReadOnlyDictionary<string, WeightTensor> trained = NetworkWeights.Seeded(NetworkCatalog.Create("rga-sc-compact", 128, 64), seed: 5);
        ReidNetwork large = NetworkCatalog.Create("rga-sc-compact", 192, 96);

        StartingWeights start = StartingWeights.From(large, File(trained));

        // theta_spatial has the same shape at both sizes, but weighs what gg_spatial makes of its relations.
        Assert.Contains("backbone.rga_att1.theta_spatial.0.weight", start.Untrained);
        Assert.DoesNotContain(start.Taken, name => name.Contains("rga_att", StringComparison.Ordinal));
        Assert.Contains(start.Describe(), line => line.StartsWith("taken: ", StringComparison.Ordinal) && line.Contains("backbone.features.17", StringComparison.Ordinal));
    }

    [Fact]
    public void A_file_of_another_trunk_starts_nothing()
    {
        IReadOnlyDictionary<string, WeightTensor> trained = NetworkWeights.Seeded(NetworkCatalog.Create("baseline-compact-96", 128, 64));

        InvalidDataException e = Assert.Throws<InvalidDataException>(() => StartingWeights.From(NetworkCatalog.Create("baseline-r50", 128, 64), File(trained)));

        Assert.Contains("nothing of the trunk of baseline-r50", e.Message, StringComparison.Ordinal);
    }

    [SkippableTheory]
    [InlineData("rga-sc-compact-96")]
    [InlineData("rga-sc-compact")]
    public void A_training_step_in_bfloat16_gives_nearly_the_gradients_of_single_precision(string name)
    {
        Libtorch.Require(threads: 2);
        ReidNetwork network = NetworkCatalog.Create(name, 128, 64, classes: 4);
        IReadOnlyDictionary<string, WeightTensor> weights = NetworkWeights.Seeded(network, seed: 2);
        float[] images = Golden.Images("input", 8, 128, 64, block: 16);

        (float loss, float[] gradient) = Step(network, weights, images, bfloat16: false);
        (float roughLoss, float[] roughGradient) = Step(network, weights, images, bfloat16: true);

        Assert.InRange(roughLoss, loss * 0.95, loss * 1.05);
        float likeness = System.Numerics.Tensors.TensorPrimitives.CosineSimilarity<float>(gradient, roughGradient);
        output.WriteLine($"{name}: loss {loss:0.0000} and {roughLoss:0.0000}, cosine of the gradients {likeness:0.000}");
        Assert.InRange(likeness, 0.8f, 1f);
    }

    private static (float Loss, float[] Gradient) Step(ReidNetwork network, IReadOnlyDictionary<string, WeightTensor> weights, float[] images, bool bfloat16)
    {
        using DisposeScope scope = NewDisposeScope();
        using TorchNetwork torchNetwork = new(network, weights);
        Tensor x = tensor(images, [8, 3, 128, 64]).permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2);
        Tensor pooled = torchNetwork.call(bfloat16 ? x.to(torch.bfloat16) : x);
        Assert.Equal(float32, pooled.dtype);
        Tensor labels = tensor([0L, 0, 1, 1, 2, 2, 3, 3], [8]);
        Tensor loss = CrossEntropy.Smoothed(torchNetwork.Logits(torchNetwork.Normalised(pooled)), labels);
        loss.backward();
        Tensor gradient = torchNetwork.named_parameters().Single(p => p.name == "head.whole.weight").parameter.grad!;
        return (loss.item<float>(), gradient.Values());
    }

    private static float[] Pooled(
        ReidNetwork network, IReadOnlyDictionary<string, WeightTensor> weights, float[] images,
        Func<nn.Module, IEnumerable<Part>, IReadOnlyDictionary<string, WeightTensor>, TorchOperations>? operations = null)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable plain = no_grad();
        using TorchNetwork torchNetwork = new(network, weights, operations);
        torchNetwork.eval();
        return torchNetwork.call(tensor(images, [2, 3, network.Height, network.Width])).Values();
    }

    // What a reader of a published model gives: the trunk's layers in order, one of another shape (a box head) among them.
    private static TfliteConvolution[] Published(ReidNetwork network)
    {
        IReadOnlyDictionary<string, WeightTensor> weights = NetworkWeights.Seeded(network, seed: 11);
        List<TfliteConvolution> layers =
        [
            .. network.Parts.OfType<Convolution>().Select(c => new TfliteConvolution(
                c.Key, weights[$"{c.Key}.weight"], Golden.Formula(c.Key, [c.Outputs], 0.3, 0.1), c.Groups > 1)),
        ];
        layers.Insert(30, new TfliteConvolution("box head", WeightTensor.Of([12, 576, 1, 1], new float[12 * 576]), WeightTensor.Of([12], new float[12]), false));
        return [.. layers];
    }

    private static Picture[] Pictures(int count) =>
        [.. Enumerable.Range(0, count).Select(i => new Picture(16, 32, [.. Golden.Unit($"picture {i}", 16 * 32 * 3).Select(u => (byte)(u * 256))]))];

    private static WeightFile File(IReadOnlyDictionary<string, WeightTensor> weights) =>
        new("trained.safetensors", "safetensors", new OrderedDictionary<string, WeightTensor>(weights), new Dictionary<string, string>());

    /// <summary>A normalisation only adds the bias that was folded: the network as it was published.</summary>
    private sealed class Folded(
        nn.Module root, IEnumerable<Part> parts, IReadOnlyDictionary<string, WeightTensor> weights, IReadOnlyDictionary<Part, WeightTensor> biases)
        : TorchOperations(root, parts, weights)
    {
        public override Tensor Normalise(BatchNorm part, Tensor x) =>
            biases.TryGetValue(part, out WeightTensor? bias) ? x + bias.Torch().reshape(1, part.Channels, 1, 1) : base.Normalise(part, x);

        public override Tensor NormaliseInstance(InstanceNorm part, Tensor x) => x + biases[part].Torch().reshape(1, part.Channels, 1, 1);
    }
}

using Pipeline.Reid.Networks;
using Pipeline.Reid.Onnx;
using Pipeline.Reid.Training;
using Pipeline.Reid.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Pipeline.Tests.Networks;

/// <summary>The normalisations of a mean of weights, measured again.</summary>
[Collection("parity")]
public sealed class MeanMeasurementTests
{
    private const int Height = 64;
    private const int Width = 32;

    [SkippableFact]
    public void Statistics_are_those_that_training_keeps_of_the_batches()
    {
        Libtorch.Require(threads: 2);
        ReidNetwork network = NetworkCatalog.Create("rga-sc-compact-96", 128, 64);
        Dictionary<string, WeightTensor> weights = Strayed(network, 1);
        float[][] batches = [Golden.Images("first", 6, 128, 64, block: 8), Golden.Images("second", 6, 128, 64, block: 8)];

        using BatchStatistics statistics = new(network, weights);
        foreach (float[] batch in batches)
        {
            statistics.Add(batch, 6);
        }

        OrderedDictionary<string, WeightTensor> measured = statistics.Measured();
        Dictionary<string, float[]>[] kept = [.. batches.Select(batch => KeptByTraining(network, weights, batch))];
        Assert.All(network.Tensors, tensor =>
        {
            if (!tensor.Name.Contains(".running_", StringComparison.Ordinal))
            {
                Assert.Equal(weights[tensor.Name].ToSingles(), measured[tensor.Name].ToSingles());
                return;
            }

            float[] found = measured[tensor.Name].ToSingles();
            float[] before = weights[tensor.Name].ToSingles();
            for (int i = 0; i < found.Length; i++)
            {
                // PyTorch keeps 0.9 of what was there and 0.1 of the batch.
                double expected = kept.Average(one => (one[tensor.Name][i] - (0.9 * before[i])) / 0.1);
                Assert.Equal(expected, found[i], 1e-3 * Math.Max(1, Math.Abs(expected)));
            }
        });
    }

    [SkippableFact]
    public void A_mean_is_measured_on_the_set_the_same_each_time_and_says_so()
    {
        Libtorch.Require(threads: 2);
        using Toy toy = new(people: 6);
        WeightFile mean = Mean(toy);

        WeightFile first = new MeanMeasurement(mean, Toy.Recipe, toy.Data, "auto").Measure(new TrainingProgress(), default);
        WeightFile second = new MeanMeasurement(mean, Toy.Recipe, toy.Data, "auto").Measure(new TrainingProgress(), default);

        Assert.Equal("means of the parents'", mean.Metadata[WeightMean.NormalisationsKey]);
        Assert.Equal("measured on 32 batches of 6 pictures", first.Metadata[WeightMean.NormalisationsKey]);
        Assert.All(first.Tensors, tensor => Assert.Equal(tensor.Value.ToSingles(), second.Tensors[tensor.Key].ToSingles()));
        Assert.NotEqual(mean.Tensors["feat_bn.running_mean"].ToSingles(), first.Tensors["feat_bn.running_mean"].ToSingles());
        Assert.Equal(mean.Tensors.Keys.Order(), first.Tensors.Keys.Order());
    }

    [Fact]
    public void What_cannot_be_measured_is_refused_in_words()
    {
        using Toy toy = new(people: 1, cameras: 2);
        ReidNetwork network = NetworkCatalog.Create("baseline-compact-96", Height, Width);
        WeightFile folded = Saved(toy, "untrained.safetensors", network, NetworkWeights.Seeded(network));

        Assert.Contains("has no statistics", Refusal(folded, toy.Data), StringComparison.Ordinal);
        Assert.Contains("1 person to learn from, but a batch takes 3.", Refusal(Mean(toy), toy.Data), StringComparison.Ordinal);
        Assert.Contains("no such folder", Refusal(Mean(toy), toy.In("nowhere")), StringComparison.Ordinal);
    }

    private static string Refusal(WeightFile mean, string folder) => Assert.Throws<InvalidDataException>(() => new MeanMeasurement(mean, Toy.Recipe, folder, "auto")).Message;

    private static WeightFile Mean(Toy toy)
    {
        ReidNetwork network = NetworkCatalog.Create("baseline-compact-96", Height, Width);
        return WeightMean.Of([Saved(toy, "one.safetensors", network, Strayed(network, 2)), Saved(toy, "other.safetensors", network, Strayed(network, 3))]);
    }

    private static WeightFile Saved(Toy toy, string name, ReidNetwork network, IReadOnlyDictionary<string, WeightTensor> weights)
    {
        ModelFiles.Save(network, weights, toy.In(name));
        return WeightFile.Read(toy.In(name));
    }

    // Every normalisation with statistics, scale and shift of its own.
    private static Dictionary<string, WeightTensor> Strayed(ReidNetwork network, int seed)
    {
        Random random = new(seed);
        Dictionary<string, WeightTensor> weights = new(NetworkWeights.Seeded(network, 5));
        foreach (BatchNorm norm in network.Parts.OfType<BatchNorm>())
        {
            foreach ((string name, float least, float most) in new[] { ("weight", 0.5f, 1.5f), ("bias", -0.3f, 0.3f), ("running_mean", -0.3f, 0.3f), ("running_var", 0.5f, 2f) })
            {
                weights[$"{norm.Key}.{name}"] = WeightTensor.Of([norm.Channels], [.. Enumerable.Range(0, norm.Channels).Select(_ => least + ((most - least) * random.NextSingle()))]);
            }
        }

        return weights;
    }

    private static Dictionary<string, float[]> KeptByTraining(ReidNetwork network, Dictionary<string, WeightTensor> weights, float[] batch)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable plain = no_grad();
        using TorchNetwork torchNetwork = new(network, weights);
        torchNetwork.train();
        _ = torchNetwork.Normalised(torchNetwork.call(tensor(batch, [6, 128, 64, 3]).permute(0, 3, 1, 2)));
        return torchNetwork.CopyWeights().ToDictionary(tensor => tensor.Key, tensor => tensor.Value.ToSingles());
    }
}

using Pipeline.Reid.Weights;
using static TorchSharp.torch;

namespace Pipeline.Reid.Networks;

/// <summary>
/// Measures the running statistics of a network's batch normalisations anew, scale and shift kept: those of a mean of weights belong to its parents
/// (Izmailov et al., UAI 2018, section 3.2). Each batch goes through as in training, normalised by itself, without gradients; the statistics are the means over
/// the batches.
/// </summary>
/// <remarks>Not for normalisations that were folded away: there the statistics are part of what the network computes, see <see cref="MeasuredNormalisations"/>.</remarks>
internal sealed class BatchStatistics : IDisposable
{
    private const double Momentum = 0.1; // libtorch's, unless it is told another

    private readonly Dictionary<BatchNorm, (double[] Mean, double[] Variance)> _sums = [];
    private readonly IReadOnlyDictionary<string, WeightTensor> _weights;
    private readonly TorchNetwork _network;
    private int _batches;

    /// <summary>Makes the network.</summary>
    /// <param name="network">The network.</param>
    /// <param name="weights">Every tensor of it by its full name.</param>
    internal BatchStatistics(ReidNetwork network, IReadOnlyDictionary<string, WeightTensor> weights)
    {
        _weights = weights;
        _network = new TorchNetwork(network, weights, (root, parts, values) => new Summing(root, parts, values, _sums));
        _network.train();
    }

    /// <summary>Takes a batch in.</summary>
    /// <param name="images">Pictures as <see cref="Data.Augmenter"/> writes them: rows, columns, channels.</param>
    /// <param name="count">How many, at least 2.</param>
    internal void Add(float[] images, int count)
    {
        ReidNetwork network = _network.Definition;
        using TorchSharp.DisposeScope scope = NewDisposeScope();
        using IDisposable plain = no_grad();
        Tensor pictures = tensor(images, [count, network.Height, network.Width, 3]).permute(0, 3, 1, 2);
        _ = _network.Normalised(_network.call(pictures));
        _batches++;
    }

    /// <summary>The weights with what was measured in the place of what they had.</summary>
    /// <exception cref="InvalidDataException">A statistic is not finite.</exception>
    internal OrderedDictionary<string, WeightTensor> Measured()
    {
        OrderedDictionary<string, WeightTensor> measured = new(_weights);
        foreach ((BatchNorm norm, (double[] mean, double[] variance)) in _sums)
        {
            measured[$"{norm.Key}.running_mean"] = Mean(norm, mean);
            measured[$"{norm.Key}.running_var"] = Mean(norm, variance);
        }

        return measured;
    }

    /// <inheritdoc/>
    public void Dispose() => _network.Dispose();

    private WeightTensor Mean(BatchNorm norm, double[] sums)
    {
        float[] means = [.. sums.Select(sum => (float)(sum / _batches))];
        return means.All(float.IsFinite)
            ? WeightTensor.Of([norm.Channels], means)
            : throw new InvalidDataException($"{norm.Key}: what arrives there is not finite, so nothing can be measured. Check the weights with 'pipeline model inspect'.");
    }

    /// <summary>Sums up what arrives at each normalisation.</summary>
    private sealed class Summing(
        nn.Module root, IEnumerable<Part> parts, IReadOnlyDictionary<string, WeightTensor> weights, Dictionary<BatchNorm, (double[] Mean, double[] Variance)> sums)
        : TorchOperations(root, parts, weights)
    {
        public override Tensor Normalise(BatchNorm part, Tensor x)
        {
            Dictionary<string, Tensor> state = Module(part).state_dict();
            state["running_mean"].zero_();
            state["running_var"].zero_();
            Tensor normalised = base.Normalise(part, x);
            if (!sums.TryGetValue(part, out (double[] Mean, double[] Variance) sum))
            {
                sums.Add(part, sum = (new double[part.Channels], new double[part.Channels]));
            }

            AddTo(sum.Mean, state["running_mean"]);
            AddTo(sum.Variance, state["running_var"]);
            return normalised;
        }

        // From nothing, libtorch keeps its share of the batch's own statistics.
        private static void AddTo(double[] sum, Tensor kept)
        {
            using Tensor values = kept.cpu();
            float[] numbers = values.data<float>().ToArray();
            for (int i = 0; i < sum.Length; i++)
            {
                sum[i] += numbers[i] / Momentum;
            }
        }
    }
}

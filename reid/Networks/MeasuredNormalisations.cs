using Pipeline.Reid.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Pipeline.Reid.Networks;

/// <summary>
/// Gives normalisations that were folded away statistics again, so that training can go on as if they had been there all the time: some pictures are run
/// through, what arrives at a normalisation becomes its running mean μ and variance v, and scale and shift make up for it. The function stays the same.
/// </summary>
/// <remarks>A channel that was multiplied with s and moved by t gets the scale s·√(v + ε) and the shift t + s·μ.</remarks>
internal static class MeasuredNormalisations
{
    /// <summary>The weights as they are, or, where normalisations were folded away, measured.</summary>
    /// <param name="network">The network.</param>
    /// <param name="weights">Its weights.</param>
    /// <param name="pictures">Pictures of people, asked for only where they are needed; see <see cref="Of"/>.</param>
    internal static IReadOnlyDictionary<string, WeightTensor> WhereFolded(
        ReidNetwork network, IReadOnlyDictionary<string, WeightTensor> weights, Func<IReadOnlyList<Picture>> pictures)
    {
        HashSet<Part> folded = [.. network.Parts.OfType<BatchNorm>().Where(norm => FoldedNormalisations.IsFolded(weights, norm))];
        return folded.Count == 0 ? weights : Of(network, weights, folded, pictures());
    }

    /// <summary>Measures.</summary>
    /// <param name="network">The network.</param>
    /// <param name="weights">Its weights.</param>
    /// <param name="parts">Normalisations that are to be measured; the others stay.</param>
    /// <param name="pictures">Pictures of people, <see cref="CompactStart.MostPictures"/> at most for the sake of memory: they are run through at once.</param>
    /// <returns>All weights.</returns>
    /// <exception cref="ArgumentException">There are fewer than 8 pictures.</exception>
    internal static OrderedDictionary<string, WeightTensor> Of(
        ReidNetwork network, IReadOnlyDictionary<string, WeightTensor> weights, IReadOnlySet<Part> parts, IReadOnlyList<Picture> pictures)
    {
        if (pictures.Count < 8)
        {
            throw new ArgumentException($"8 pictures or more show what arrives at each layer, got {pictures.Count}", nameof(pictures));
        }

        using DisposeScope scope = NewDisposeScope();
        using IDisposable plain = no_grad();
        using TorchNetwork torchNetwork = new(network, weights, operations: (root, all, values) => new Measuring(root, all, values, parts));
        torchNetwork.eval();
        _ = torchNetwork.call(Batch(network.Preprocessing, pictures));
        return torchNetwork.CopyWeights();
    }

    private static Tensor Batch(Preprocessing preprocessing, IReadOnlyList<Picture> pictures)
    {
        CropTensor crops = new(preprocessing);
        float[] values = new float[pictures.Count * crops.Length];
        for (int i = 0; i < pictures.Count; i++)
        {
            crops.Write(pictures[i], values.AsSpan(i * crops.Length, crops.Length));
        }

        return tensor(values, [pictures.Count, 3, preprocessing.Height, preprocessing.Width]);
    }

    /// <summary>Measures each normalisation when a batch arrives at it.</summary>
    private sealed class Measuring(nn.Module root, IEnumerable<Part> all, IReadOnlyDictionary<string, WeightTensor> weights, IReadOnlySet<Part> parts)
        : TorchOperations(root, all, weights)
    {
        public override Tensor Normalise(BatchNorm part, Tensor x)
        {
            if (parts.Contains(part))
            {
                Dictionary<string, Tensor> state = Module(part).state_dict();
                Tensor scale = state["weight"] / (state["running_var"] + part.Epsilon).sqrt();
                Tensor shift = state["bias"] - state["running_mean"].mul(scale);
                (Tensor mean, Tensor variance) = Measure(state, scale, shift, part.Epsilon, x);
                state["running_mean"].copy_(mean);
                state["running_var"].copy_(variance);
            }

            return base.Normalise(part, x);
        }

        // By instance, each picture has statistics of its own: only on the whole does this layer then do what it did.
        public override Tensor NormaliseInstance(InstanceNorm part, Tensor x)
        {
            if (parts.Contains(part))
            {
                Dictionary<string, Tensor> state = Module(part).state_dict();
                Measure(state, state["weight"].clone(), state["bias"].clone(), InstanceNorm.Epsilon, x);
            }

            return base.NormaliseInstance(part, x);
        }

        private static (Tensor Mean, Tensor Variance) Measure(Dictionary<string, Tensor> state, Tensor scale, Tensor shift, double epsilon, Tensor x)
        {
            long[] others = [0, .. Enumerable.Range(2, x.shape.Length - 2).Select(d => (long)d)]; // maps (B, C, H, W) or vectors (B, C)
            Tensor mean = x.mean(others);
            Tensor centred = x - mean.reshape([1, mean.shape[0], .. Enumerable.Repeat(1L, x.shape.Length - 2)]);
            Tensor variance = centred.mul(centred).mean(others);
            state["weight"].copy_((variance + epsilon).sqrt().mul(scale));
            state["bias"].copy_(mean.mul(scale) + shift);
            return (mean, variance);
        }
    }
}

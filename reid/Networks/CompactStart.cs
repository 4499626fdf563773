using Pipeline.Reid.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Pipeline.Reid.Networks;

/// <summary>Lays the weights of a published MobileNetV2, whose normalisations were folded into its convolutions, into the compact trunk.</summary>
/// <remarks>
/// A folded layer is convolution plus bias. Ours is convolution, then normalisation. Some pictures are run through, and what arrives at each
/// normalisation becomes its running mean and variance; with the scale √(variance + ε) and the shift mean + bias it then adds the bias and
/// nothing else: the function is the published one, and training can go on from it as if the normalisations had been there all the time.
/// </remarks>
public static class CompactStart
{
    /// <summary>Pictures that are run through at most.</summary>
    public const int MostPictures = 128;

    // Any size gives the same function; this one takes a gigabyte.
    private const int Height = 128;
    private const int Width = 64;

    /// <summary>The start of a compact network.</summary>
    /// <param name="network">The network; its attention, head and classifier come from the seed.</param>
    /// <param name="published">The layers of a model on MobileNetV2, in order. Others between them, of other shapes, are passed over.</param>
    /// <param name="pictures">Pictures of people, 8 or more; the first <see cref="MostPictures"/> are used.</param>
    /// <param name="seed">Seed of the rest.</param>
    /// <exception cref="ArgumentException">The network has another trunk, or there are too few pictures.</exception>
    /// <exception cref="InvalidDataException">The layers are not those of MobileNetV2.</exception>
    public static StartingWeights From(ReidNetwork network, IReadOnlyList<TfliteConvolution> published, IReadOnlyList<Picture> pictures, ulong seed = 0)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(published);
        ArgumentNullException.ThrowIfNull(pictures);
        if (network.Trunk is not CompactTrunk trunk)
        {
            throw new ArgumentException($"the published MobileNetV2 starts compact networks, {network.Name} is another", nameof(network));
        }

        if (pictures.Count < 8)
        {
            throw new ArgumentException($"8 pictures or more show what arrives at each layer, got {pictures.Count}", nameof(pictures));
        }

        ReidNetwork bare = NetworkCatalog.CreateCompact("start", Height, Width, 0, trunk.Shape with { Attention = RgaHalves.None });
        Dictionary<string, WeightTensor> weights = new(NetworkWeights.Seeded(bare, seed));
        IReadOnlyDictionary<Part, WeightTensor> biases = Lay(bare, published, weights);
        using DisposeScope scope = NewDisposeScope();
        using IDisposable plain = no_grad();
        using TorchNetwork torchNetwork = new(bare, weights, operations: (root, parts, values) => new Unfolding(root, parts, values, biases));
        torchNetwork.eval();
        _ = torchNetwork.call(Batch(bare.Preprocessing, pictures));
        OrderedDictionary<string, WeightTensor> unfolded = torchNetwork.CopyWeights();

        Dictionary<string, WeightTensor> start = new(NetworkWeights.Seeded(network, seed));
        HashSet<string> taken = [.. unfolded.Keys.Where(Keys.IsTrunk)];
        foreach (string name in taken)
        {
            start[name] = unfolded[name];
        }

        string[] names = [.. network.Tensors.Select(t => t.Name)];
        return new StartingWeights(start, [.. names.Where(taken.Contains)], [.. names.Where(n => !taken.Contains(n))], [], []);
    }

    /// <summary>Puts the published weights in their places.</summary>
    /// <param name="bare">A compact network without attention.</param>
    /// <param name="published">The layers.</param>
    /// <param name="weights">Receives the convolutions' weights.</param>
    /// <returns>The bias that follows each convolution of the trunk, by the normalisation that stands there.</returns>
    public static IReadOnlyDictionary<Part, WeightTensor> Lay(
        ReidNetwork bare, IReadOnlyList<TfliteConvolution> published, Dictionary<string, WeightTensor> weights)
    {
        Dictionary<Part, WeightTensor> biases = [];
        int next = 0;
        float[] bias = [];
        int used = 0;
        foreach (Part part in bare.Parts.Where(p => Keys.IsTrunk(p.Key + ".")))
        {
            if (part is not Convolution convolution)
            {
                // One normalisation or, with IBN, two share the channels of the convolution before them.
                int channels = (int)part.Tensors.First().Shape[0];
                biases.Add(part, WeightTensor.Of([channels], bias.AsSpan(used, channels)));
                used += channels;
                continue;
            }

            PartTensor wanted = convolution.Tensors.First();
            while (next < published.Count && !published[next].Weight.Shape.SequenceEqual(wanted.Shape))
            {
                next++;
            }

            if (next == published.Count)
            {
                throw new InvalidDataException(
                    $"the model is not on MobileNetV2 1.0: among its {published.Count} convolutions none of shape "
                    + $"[{string.Join(", ", wanted.Shape)}] follows for {wanted.Name}");
            }

            weights[wanted.Name] = published[next].Weight;
            bias = published[next].Bias.ToSingles();
            used = 0;
            next++;
        }

        return biases;
    }

    private static Tensor Batch(Preprocessing preprocessing, IReadOnlyList<Picture> pictures)
    {
        CropTensor crops = new(preprocessing);
        int count = Math.Min(pictures.Count, MostPictures);
        float[] values = new float[count * crops.Length];
        for (int i = 0; i < count; i++)
        {
            crops.Write(pictures[i], values.AsSpan(i * crops.Length, crops.Length), false);
        }

        return tensor(values, [count, 3, Height, Width]);
    }

    /// <summary>Sets each normalisation of the trunk, when a batch arrives at it, so that it only adds its bias.</summary>
    private sealed class Unfolding(
        nn.Module root, IEnumerable<Part> parts, IReadOnlyDictionary<string, WeightTensor> weights, IReadOnlyDictionary<Part, WeightTensor> biases)
        : TorchOperations(root, parts, weights)
    {
        public override Tensor Normalise(BatchNorm part, Tensor x)
        {
            if (biases.ContainsKey(part))
            {
                (Tensor mean, Tensor variance) = Unfold(part, part.Epsilon, x);
                Dictionary<string, Tensor> state = Module(part).state_dict();
                state["running_mean"].copy_(mean);
                state["running_var"].copy_(variance);
            }

            return base.Normalise(part, x);
        }

        // By instance, each picture has statistics of its own: only on the whole does this layer then do nothing but add its bias.
        public override Tensor NormaliseInstance(InstanceNorm part, Tensor x)
        {
            Unfold(part, InstanceNorm.Epsilon, x);
            return base.NormaliseInstance(part, x);
        }

        private (Tensor Mean, Tensor Variance) Unfold(Part part, double epsilon, Tensor x)
        {
            float[] bias = biases[part].ToSingles();
            Tensor mean = x.mean([0L, 2, 3]);
            Tensor centred = x - mean.reshape(1, bias.Length, 1, 1);
            Tensor variance = centred.mul(centred).mean([0L, 2, 3]);
            Dictionary<string, Tensor> state = Module(part).state_dict();
            state["weight"].copy_((variance + epsilon).sqrt());
            state["bias"].copy_(mean + tensor(bias, [bias.Length]));
            return (mean, variance);
        }
    }
}

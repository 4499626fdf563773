using Pipeline.Reid.Weights;

namespace Pipeline.Reid.Networks;

/// <summary>Lays the weights of a published MobileNetV2, whose normalisations were folded into its convolutions, into the compact trunk.</summary>
/// <remarks>
/// A folded layer is convolution plus bias. Ours is convolution, then normalisation, which at first adds the bias and nothing else; then
/// <see cref="MeasuredNormalisations"/> gives it statistics: the function is the published one, and training goes on from it.
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

        ReidNetwork bare = NetworkCatalog.CreateCompact("start", Height, Width, 0, trunk.Shape with { Attention = RgaHalves.None });
        Dictionary<string, WeightTensor> weights = new(NetworkWeights.Seeded(bare, seed));
        IReadOnlyDictionary<Part, WeightTensor> biases = Lay(bare, published, weights);
        foreach ((Part part, WeightTensor bias) in biases)
        {
            Neutral(weights, part, bias);
        }

        OrderedDictionary<string, WeightTensor> unfolded = MeasuredNormalisations.Of(bare, weights, new HashSet<Part>(biases.Keys), [.. pictures.Take(MostPictures)]);

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

    private static void Neutral(Dictionary<string, WeightTensor> weights, Part part, WeightTensor bias)
    {
        if (part is BatchNorm norm)
        {
            FoldedNormalisations.Lay(weights, norm, bias.ToSingles());
            return;
        }

        weights[$"{part.Key}.bias"] = bias; // by instance: its scale is 1 from the start
    }
}

using Pipeline.Reid.Weights;

namespace Pipeline.Reid.Networks;

/// <summary>
/// A network for serving has its normalisations folded into its convolutions. This lays them out again: the same function under the official keys, each
/// normalisation doing nothing but adding what the convolution added. To train on it, <see cref="MeasuredNormalisations"/> gives them statistics.
/// </summary>
internal static class FoldedNormalisations
{
    // What Onnx/OnnxGraph and Onnx/OnnxOperations call what they make of a convolution and the normalisation behind it.
    private const string Bias = ".weight.bias";
    private const string First = ".first";
    private const string Second = ".second";
    private const string Shift = ".shift";

    /// <summary>Gives constants of a graph their official names and shapes.</summary>
    /// <param name="file">The constants and the metadata of the graph.</param>
    /// <exception cref="InvalidDataException">They are those of no network of ours.</exception>
    internal static WeightFile Restore(WeightFile file)
    {
        OrderedDictionary<string, WeightTensor> tensors = [];
        foreach ((string name, WeightTensor constant) in file.Tensors)
        {
            if (name.EndsWith(First, StringComparison.Ordinal) && file.Tensors.TryGetValue(name[..^First.Length] + Second, out WeightTensor? second))
            {
                tensors[name[..^First.Length] + ".weight"] = Beside(constant, second);
            }
            else if (!((string[])[Bias, Second, Shift]).Any(ending => name.EndsWith(ending, StringComparison.Ordinal)))
            {
                tensors[name] = constant;
            }
        }

        ReidNetwork network = NetworkRecogniser.Recognise(file with { Tensors = tensors });
        Part? before = null;
        foreach (Part part in network.Parts)
        {
            if (part is BatchNorm norm && !tensors.ContainsKey($"{norm.Key}.weight"))
            {
                WeightTensor added = file.Tensors.GetValueOrDefault(before?.Key + Bias) ?? file.Tensors.GetValueOrDefault(norm.Key + Shift)
                    ?? throw new InvalidDataException($"nothing of the normalisation {norm.Key} is in it, neither by itself nor folded into the layer before it");
                Lay(tensors, norm, added.ToSingles());
            }

            before = part;
        }

        return file with { Tensors = tensors };
    }

    /// <summary>Lays down a normalisation that adds a number to each channel and does nothing else.</summary>
    /// <param name="weights">Receives its tensors.</param>
    /// <param name="norm">The normalisation.</param>
    /// <param name="added">What it adds (C).</param>
    internal static void Lay(IDictionary<string, WeightTensor> weights, BatchNorm norm, ReadOnlySpan<float> added)
    {
        long[] shape = [norm.Channels];
        weights[$"{norm.Key}.weight"] = WeightTensor.Of(shape, [.. Enumerable.Repeat((float)Math.Sqrt(1 + norm.Epsilon), norm.Channels)]);
        weights[$"{norm.Key}.bias"] = WeightTensor.Of(shape, added);
        weights[$"{norm.Key}.running_mean"] = WeightTensor.Of(shape, new float[norm.Channels]);
        weights[$"{norm.Key}.running_var"] = WeightTensor.Of(shape, [.. Enumerable.Repeat(1f, norm.Channels)]);
    }

    /// <summary>Whether a normalisation has no statistics of its own: those of <see cref="Lay"/>, which no training ends with.</summary>
    /// <param name="weights">Weights of its network.</param>
    /// <param name="norm">The normalisation.</param>
    internal static bool IsFolded(IReadOnlyDictionary<string, WeightTensor> weights, BatchNorm norm) =>
        weights[$"{norm.Key}.running_mean"].ToSingles().All(mean => mean == 0) && weights[$"{norm.Key}.running_var"].ToSingles().All(variance => variance == 1);

    // The two halves of a relation's weight (outputs, nodes), side by side as the convolution (outputs, 2 nodes, 1, 1) that they were.
    private static WeightTensor Beside(WeightTensor first, WeightTensor second)
    {
        (int outputs, int nodes) = ((int)first.Shape[0], (int)first.Shape[1]);
        (float[] left, float[] right) = (first.ToSingles(), second.ToSingles());
        float[] both = new float[2 * outputs * nodes];
        for (int output = 0; output < outputs; output++)
        {
            left.AsSpan(output * nodes, nodes).CopyTo(both.AsSpan(2 * output * nodes));
            right.AsSpan(output * nodes, nodes).CopyTo(both.AsSpan(((2 * output) + 1) * nodes));
        }

        return WeightTensor.Of([outputs, 2 * nodes, 1, 1], both);
    }
}

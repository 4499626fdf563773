namespace Pipeline.Reid.Onnx;

/// <summary>A constant of the graph.</summary>
/// <param name="Shape">Sizes; empty for a scalar.</param>
/// <param name="Values">Single precision values, or null.</param>
/// <param name="Integers">64-bit values, when there are no others.</param>
internal sealed record OnnxConstant(long[] Shape, float[]? Values, long[]? Integers = null);

/// <summary>One operation. Attributes are integers, lists of integers, or single precision numbers.</summary>
internal sealed record OnnxNode(string Operator, string[] Inputs, string Output, IReadOnlyDictionary<string, object> Attributes);

/// <summary>A graph under construction: nodes in execution order, constants by name.</summary>
internal sealed class OnnxGraph
{
    internal List<OnnxNode> Nodes { get; } = [];

    internal OrderedDictionary<string, OnnxConstant> Constants { get; } = [];

    /// <summary>Inputs and outputs: name and shape, -1 for the batch.</summary>
    internal List<(string Name, long[] Shape)> Inputs { get; } = [];

    internal List<(string Name, long[] Shape)> Outputs { get; } = [];

    internal string Add(string op, string[] inputs, params (string Name, object Value)[] attributes)
    {
        string output = $"v{Nodes.Count}";
        Nodes.Add(new OnnxNode(op, inputs, output, attributes.ToDictionary(a => a.Name, a => a.Value)));
        return output;
    }

    /// <summary>Gives a value the name that it has outside.</summary>
    internal void Rename(string value, string name)
    {
        for (int i = 0; i < Nodes.Count; i++)
        {
            OnnxNode node = Nodes[i];
            Nodes[i] = node with { Inputs = [.. node.Inputs.Select(n => n == value ? name : n)], Output = node.Output == value ? name : node.Output };
        }
    }

    /// <summary>A constant; the same name twice is the same constant.</summary>
    internal string Constant(string name, OnnxConstant value)
    {
        Constants.TryAdd(name, value);
        return name;
    }

    internal string Integers(params long[] values) => Constant($"i{string.Join('_', values)}", new OnnxConstant([values.Length], null, values));

    internal string Scalar(float value) =>
        Constant(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"s{value}"), new OnnxConstant([], [value]));

    /// <summary>
    /// Writes each normalisation that directly follows a convolution into it: w' = w·γ/σ, b' = β − μ·γ/σ, computed in double. Exact but for
    /// rounding, since both are linear at inference.
    /// </summary>
    internal void FoldNormalisations()
    {
        Dictionary<string, int> uses = [];
        foreach (string input in Nodes.SelectMany(n => n.Inputs).Concat(Outputs.Select(o => o.Name)))
        {
            uses[input] = uses.GetValueOrDefault(input) + 1;
        }

        Dictionary<string, int> makers = Nodes.Select((n, i) => (n.Output, i)).ToDictionary(n => n.Output, n => n.i);
        HashSet<int> gone = [];
        for (int i = 0; i < Nodes.Count; i++)
        {
            OnnxNode norm = Nodes[i];
            if (norm.Operator == "BatchNormalization" && makers.TryGetValue(norm.Inputs[0], out int at)
                && Nodes[at] is { Operator: "Conv", Inputs: [var x, var weight] } conv && uses[conv.Output] == 1)
            {
                (float[] scale, float[] shift) = Affine([.. norm.Inputs.Skip(1).Select(n => Constants[n].Values!)], (float)norm.Attributes["epsilon"]);
                Constants[weight] = Scaled(Constants[weight], scale);
                string bias = Constant(weight + ".bias", new OnnxConstant([shift.Length], shift));
                Nodes[at] = conv with { Inputs = [x, weight, bias], Output = norm.Output };
                gone.Add(i);
            }
        }

        List<OnnxNode> kept = [.. Nodes.Where((_, i) => !gone.Contains(i))];
        Nodes.Clear();
        Nodes.AddRange(kept);
        HashSet<string> needed = [.. Nodes.SelectMany(n => n.Inputs)];
        foreach (string name in Constants.Keys.Where(k => !needed.Contains(k)).ToArray())
        {
            Constants.Remove(name);
        }
    }

    /// <summary>What a normalisation with running statistics does to a channel: times scale, plus shift.</summary>
    /// <param name="v">Weight, bias, mean and variance.</param>
    /// <param name="epsilon">Added to the variance.</param>
    internal static (float[] Scale, float[] Shift) Affine(float[][] v, double epsilon)
    {
        double[] scale = [.. v[0].Zip(v[3], (s, variance) => s / Math.Sqrt(variance + epsilon))];
        return ([.. scale.Select(s => (float)s)], [.. v[1].Select((b, c) => (float)(b - (v[2][c] * scale[c])))]);
    }

    /// <summary>A weight with its outputs scaled.</summary>
    internal static OnnxConstant Scaled(OnnxConstant weight, float[] scale)
    {
        float[] values = [.. weight.Values!];
        int each = values.Length / scale.Length;
        for (int i = 0; i < values.Length; i++)
        {
            values[i] *= scale[i / each];
        }

        return weight with { Values = values };
    }
}

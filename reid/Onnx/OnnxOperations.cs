using Pipeline.Reid.Networks;
using Pipeline.Reid.Weights;

namespace Pipeline.Reid.Onnx;

/// <summary>Writes a network down as an ONNX graph (opset 17): each value is the name of a node's output.</summary>
/// <param name="graph">Receives nodes and constants.</param>
/// <param name="weights">Every tensor of the network by its full name.</param>
internal sealed class OnnxOperations(OnnxGraph graph, IReadOnlyDictionary<string, WeightTensor> weights) : IOperations<string>
{
    private static readonly string[] s_affine = ["weight", "bias", "running_mean", "running_var"];

    // Relations not yet normalised, with the names of their two weights.
    private readonly Dictionary<string, string[]> _relations = [];

    public string Convolve(Convolution part, string x) => graph.Add(
        "Conv", part.Bias ? [x, Weight($"{part.Key}.weight"), Weight($"{part.Key}.bias")] : [x, Weight($"{part.Key}.weight")],
        ("kernel_shape", new long[] { part.Kernel, part.Kernel }), ("strides", new long[] { part.Stride, part.Stride }),
        ("pads", new long[] { part.Padding, part.Padding, part.PaddingAfter, part.PaddingAfter }), ("group", (long)part.Groups));

    public string Project(Projection part, string x) => graph.Add(
        "Gemm", part.Bias ? [x, Weight($"{part.Key}.weight"), Weight($"{part.Key}.bias")] : [x, Weight($"{part.Key}.weight")], ("transB", 1L));

    public string Normalise(BatchNorm part, string x)
    {
        string[] affine = [.. s_affine.Select(name => Weight($"{part.Key}.{name}"))];
        if (!_relations.Remove(x, out string[]? halves))
        {
            return graph.Add("BatchNormalization", [x, .. affine], ("epsilon", (float)part.Epsilon));
        }

        // A relation is linear in its two weights: they take the scale, and what is left is one addition over the large map.
        (float[] scale, float[] shift) = OnnxGraph.Affine([.. affine.Select(name => graph.Constants[name].Values!)], part.Epsilon);
        foreach (string half in halves)
        {
            graph.Constants[half] = OnnxGraph.Scaled(graph.Constants[half], scale);
        }

        return Add(x, graph.Constant($"{part.Key}.shift", new OnnxConstant([shift.Length, 1, 1], shift)));
    }

    public string NormaliseInstance(InstanceNorm part, string x) =>
        graph.Add("InstanceNormalization", [x, Weight($"{part.Key}.weight"), Weight($"{part.Key}.bias")], ("epsilon", (float)InstanceNorm.Epsilon));

    public string Relate(Convolution part, string theta, string phi)
    {
        int nodes = part.Inputs / 2;
        float[] both = weights[$"{part.Key}.weight"].ToSingles();
        string Half(string name, int start) => graph.Constant($"{part.Key}.{name}", new OnnxConstant(
            [part.Outputs, nodes], [.. Enumerable.Range(0, part.Outputs).SelectMany(o => both.Skip((o * part.Inputs) + start).Take(nodes))]));
        (string w1, string w2) = (Half("first", 0), Half("second", nodes));

        // [W1·phiᵀ, W2·thetaᵀ]·[theta; phi]: one product over all nodes instead of two and their sum.
        string left = graph.Add(
            "Concat", [graph.Add("MatMul", [w1, Transpose(phi)]), graph.Add("MatMul", [w2, Transpose(theta)])], ("axis", 2L));
        string relation = graph.Add("MatMul", [left, Concatenate(theta, phi)]);
        _relations[relation] = [w1, w2];
        return relation;
    }

    public string Relu(string x) => graph.Add("Relu", [x]);

    public string Clamp(string x, float least, float most) => graph.Add("Clip", [x, graph.Scalar(least), graph.Scalar(most)]);

    public string Sigmoid(string x) => graph.Add("Sigmoid", [x]);

    public string Add(string a, string b) => graph.Add("Add", [a, b]);

    public string Multiply(string a, string b) => graph.Add("Mul", [a, b]);

    public string MaxPool(string x, int kernel, int stride, int padding) => graph.Add(
        "MaxPool", [x], ("kernel_shape", new long[] { kernel, kernel }), ("strides", new long[] { stride, stride }),
        ("pads", Enumerable.Repeat((long)padding, 4).ToArray()));

    public string Mean(string x, int[] dimensions, bool keep) =>
        graph.Add("ReduceMean", [x], ("axes", dimensions.Select(d => (long)d).ToArray()), ("keepdims", keep ? 1L : 0L));

    public string Concatenate(params string[] pieces) => graph.Add("Concat", pieces, ("axis", 1L));

    public string Channels(string x, int start, int count) =>
        graph.Add("Slice", [x, graph.Integers(start), graph.Integers(start + count), graph.Integers(1)]);

    public string Rows(string x, int start, int count) =>
        graph.Add("Slice", [x, graph.Integers(start), graph.Integers(start + count), graph.Integers(2)]);

    // 0 takes the size that is there: the batch.
    public string Reshape(string x, params int[] sizesBehindBatch)
    {
        string shaped = graph.Add("Reshape", [x, graph.Integers([0, .. sizesBehindBatch.Select(s => (long)s)])]);
        if (_relations.Remove(x, out string[]? halves))
        {
            _relations.Add(shaped, halves);
        }

        return shaped;
    }

    public string Transpose(string x) => graph.Add("Transpose", [x], ("perm", new long[] { 0, 2, 1 }));

    private string Weight(string key)
    {
        WeightTensor tensor = weights[key];
        return graph.Constant(key, new OnnxConstant([.. tensor.Shape], tensor.ToSingles()));
    }
}

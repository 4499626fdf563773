using System.Runtime.InteropServices;
using static Pipeline.Detector.Onnx.OnnxFields;

namespace Pipeline.Detector.Onnx;

/// <summary>A node on its way into an ONNX graph.</summary>
/// <param name="Operator">Name of the ONNX operator.</param>
/// <param name="Inputs">Names of what it reads.</param>
/// <param name="Outputs">Names of what it gives.</param>
/// <param name="Attributes">Whole numbers, lists of them, floats or texts.</param>
internal sealed record OnnxNode(
    string Operator, IReadOnlyList<string> Inputs, IReadOnlyList<string> Outputs, params IReadOnlyList<(string Name, object Value)> Attributes)
{
    /// <summary>An attribute's list of whole numbers.</summary>
    public long[] Numbers(string name) => (long[])Attributes.First(attribute => attribute.Name == name).Value;
}

/// <summary>Collects the parts of a graph and writes it as an ONNX model; parts that no output needs are left out.</summary>
internal sealed class OnnxGraphWriter
{
    private const int IrVersion = 8;
    private const int Opset = 18;
    private const int AttributeIsFloat = 1;
    private const int AttributeIsInt = 2;
    private const int AttributeIsString = 3;
    private const int AttributeIsInts = 7;

    private readonly List<OnnxNode> _nodes = [];
    private readonly Dictionary<string, OnnxNode> _makers = [];
    private readonly Dictionary<string, ProtoMessage> _constants = [];
    private readonly List<ProtoMessage> _inputs = [];

    public void AddInput(string name, IReadOnlyList<long> shape) => _inputs.Add(Value(name, shape));

    public void AddConstant(string name, ReadOnlySpan<float> values, IReadOnlyList<long> shape) => _constants[name] = new ProtoMessage()
        .AddPacked(TensorDims, shape)
        .Add(TensorDataType, FloatElements)
        .Add(TensorName, name)
        .Add(TensorRawData, MemoryMarshal.AsBytes(values).ToArray());

    public void AddConstant(string name, ReadOnlySpan<long> values) => _constants[name] = BatchAxis.Int64Tensor(name, values);

    public void Add(OnnxNode node)
    {
        _nodes.Add(node);
        foreach (string output in node.Outputs)
        {
            _makers[output] = node;
        }
    }

    /// <summary>The node that gives a value; null for inputs and constants.</summary>
    public OnnxNode? MakerOf(string value) => _makers.GetValueOrDefault(value);

    /// <summary>The model's bytes.</summary>
    /// <param name="producer">Who made it.</param>
    /// <param name="outputs">Names of the outputs.</param>
    public byte[] ToModel(string producer, IReadOnlyList<string> outputs)
    {
        HashSet<OnnxNode> needed = Needed(outputs);
        HashSet<string> read = [.. needed.SelectMany(node => node.Inputs)];
        ProtoMessage graph = new();
        foreach (OnnxNode node in _nodes.Where(needed.Contains))
        {
            graph.Add(GraphNode, Message(node));
        }

        graph.Add(GraphName, "graph");
        foreach ((_, ProtoMessage constant) in _constants.Where(constant => read.Contains(constant.Key)))
        {
            graph.Add(GraphInitializer, constant);
        }

        _inputs.ForEach(input => graph.Add(GraphInput, input));
        foreach (string output in outputs)
        {
            graph.Add(GraphOutput, Value(output, null));
        }

        return new ProtoMessage()
            .Add(ModelIrVersion, IrVersion)
            .Add(ModelProducer, producer)
            .Add(ModelGraph, graph)
            .Add(ModelOpset, new ProtoMessage().Add(OpsetVersion, Opset))
            .ToArray();
    }

    private HashSet<OnnxNode> Needed(IReadOnlyList<string> outputs)
    {
        HashSet<OnnxNode> needed = new(ReferenceEqualityComparer.Instance);
        Stack<string> open = new(outputs);
        while (open.TryPop(out string? value))
        {
            if (MakerOf(value) is { } node && needed.Add(node))
            {
                node.Inputs.ToList().ForEach(open.Push);
            }
        }

        return needed;
    }

    private static ProtoMessage Message(OnnxNode node)
    {
        ProtoMessage message = new();
        foreach (string input in node.Inputs)
        {
            message.Add(NodeInput, input);
        }

        foreach (string output in node.Outputs)
        {
            message.Add(NodeOutput, output);
        }

        message.Add(NodeName, node.Outputs[0]).Add(NodeOperator, node.Operator);
        foreach ((string name, object value) in node.Attributes)
        {
            message.Add(NodeAttribute, Attribute(name, value));
        }

        return message;
    }

    private static ProtoMessage Attribute(string name, object value)
    {
        ProtoMessage attribute = new ProtoMessage().Add(AttributeName, name);
        return value switch
        {
            float number => attribute.Add(AttributeFloat, number).Add(AttributeType, AttributeIsFloat),
            long number => attribute.Add(AttributeInt, number).Add(AttributeType, AttributeIsInt),
            string text => attribute.Add(AttributeString, text).Add(AttributeType, AttributeIsString),
            long[] numbers => attribute.AddPacked(AttributeInts, numbers).Add(AttributeType, AttributeIsInts),
            _ => throw new ArgumentException($"attribute {name} of type {value.GetType()}", nameof(value)),
        };
    }

    private static ProtoMessage Value(string name, IReadOnlyList<long>? shape)
    {
        ProtoMessage tensor = new ProtoMessage().Add(TensorTypeElement, FloatElements);
        if (shape is not null)
        {
            ProtoMessage dims = new();
            for (int i = 0; i < shape.Count; i++)
            {
                string? free = i == 0 ? "batch" : shape[i] < 0 ? $"axis_{i}" : null;
                dims.Add(ShapeDim, free is null ? new ProtoMessage().Add(DimValue, shape[i]) : new ProtoMessage().Add(DimParameter, free));
            }

            tensor.Add(TensorTypeShape, dims);
        }

        return new ProtoMessage().Add(ValueName, name).Add(ValueOfType, new ProtoMessage().Add(TypeTensor, tensor));
    }
}

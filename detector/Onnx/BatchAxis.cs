using System.Runtime.InteropServices;
using System.Text;
using static Pipeline.Detector.Onnx.OnnxFields;

namespace Pipeline.Detector.Onnx;

/// <summary>Opens the first axis of a model that was exported for one picture at a time.</summary>
internal static class BatchAxis
{
    private const string Name = "batch";

    /// <summary>
    /// Makes the first axis of inputs and outputs free and lets constant shapes of Reshape nodes follow it. Whether the graph then
    /// treats pictures apart is not known from this: the caller tries it.
    /// </summary>
    /// <param name="model">The bytes of an .onnx file.</param>
    /// <returns>The changed model.</returns>
    /// <exception cref="InvalidDataException">The bytes are no ONNX model.</exception>
    public static byte[] Open(ReadOnlyMemory<byte> model)
    {
        ProtoMessage root = ProtoMessage.Parse(model);
        root.Replace(ModelGraph, graph =>
        {
            // Old exporters list the weights among the inputs.
            HashSet<string> weights = [.. graph.All(GraphInitializer).Select(field => field.Message.Text(TensorName))];
            graph.Replace(GraphInput, input => weights.Contains(input.Text(ValueName)) ? null : OpenValue(input));
            graph.Replace(GraphOutput, OpenValue);
            graph.Fields.RemoveAll(field => field.Number == GraphValueInfo); // shapes noted for a batch of one
            OpenReshapes(graph);
            return graph;
        });
        return root.ToArray();
    }

    private static ProtoMessage? OpenValue(ProtoMessage value)
    {
        value.Replace(ValueOfType, type =>
        {
            type.Replace(TypeTensor, tensor =>
            {
                tensor.Replace(TensorTypeShape, shape =>
                {
                    int first = shape.Fields.FindIndex(field => field.Number == ShapeDim);
                    if (first >= 0)
                    {
                        shape.Fields[first] = new(ShapeDim, WireType.Length, 0, new ProtoMessage().Add(DimParameter, Name).ToArray());
                    }

                    return shape;
                });
                return tensor;
            });
            return type;
        });
        return value;
    }

    private static void OpenReshapes(ProtoMessage graph)
    {
        Dictionary<string, long[]> constants = Constants(graph);
        List<ProtoMessage> shapes = [];
        graph.Replace(GraphNode, node =>
        {
            int second = SecondInput(node);
            if (node.Text(NodeOperator) != "Reshape" || second < 0
                || !constants.TryGetValue(node.Fields[second].Text, out long[]? shape) || shape is not [1, ..])
            {
                return null;
            }

            // -1 is what remains, 0 the size that the axis had: either follows the batch, and only one axis may be -1.
            string name = $"batch_shape_{shapes.Count}";
            shapes.Add(Int64Tensor(name, [shape.Contains(-1) ? 0 : -1, .. shape.AsSpan(1)]));
            node.Fields[second] = new(NodeInput, WireType.Length, 0, Encoding.UTF8.GetBytes(name));
            return node;
        });
        foreach (ProtoMessage shape in shapes)
        {
            graph.Add(GraphInitializer, shape);
        }
    }

    /// <summary>A tensor of whole numbers.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="values">Its values.</param>
    public static ProtoMessage Int64Tensor(string name, ReadOnlySpan<long> values) => new ProtoMessage()
        .AddPacked(TensorDims, [values.Length])
        .Add(TensorDataType, Int64Elements)
        .Add(TensorName, name)
        .Add(TensorRawData, MemoryMarshal.AsBytes(values).ToArray());

    private static Dictionary<string, long[]> Constants(ProtoMessage graph)
    {
        Dictionary<string, long[]> found = [];
        foreach (ProtoField field in graph.All(GraphInitializer))
        {
            ProtoMessage tensor = field.Message;
            if (Values(tensor) is { } values)
            {
                found[tensor.Text(TensorName)] = values;
            }
        }

        foreach (ProtoField field in graph.All(GraphNode))
        {
            ProtoMessage node = field.Message;
            if (node.Text(NodeOperator) == "Constant"
                && node.All(NodeAttribute).SelectMany(attribute => attribute.Message.All(AttributeTensor)).ToList() is [var tensor]
                && Values(tensor.Message) is { } values)
            {
                found[node.Text(NodeOutput)] = values;
            }
        }

        return found;
    }

    private static long[]? Values(ProtoMessage tensor)
    {
        if (tensor.Numbers(TensorDataType) is not [Int64Elements])
        {
            return null;
        }

        ReadOnlyMemory<byte> raw = tensor.All(TensorRawData).Select(field => field.Bytes).FirstOrDefault();
        return raw.IsEmpty ? [.. tensor.Numbers(TensorInt64Data)] : MemoryMarshal.Cast<byte, long>(raw.Span).ToArray();
    }

    private static int SecondInput(ProtoMessage node)
    {
        int first = node.Fields.FindIndex(field => field.Number == NodeInput);
        return first < 0 ? -1 : node.Fields.FindIndex(first + 1, field => field.Number == NodeInput);
    }
}

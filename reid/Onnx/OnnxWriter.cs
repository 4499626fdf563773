using System.Runtime.InteropServices;
using Google.Protobuf;

namespace Pipeline.Reid.Onnx;

/// <summary>
/// Writes a graph as an ONNX file (ModelProto of onnx.proto3, IR version 8, opset 17). The few messages that a network needs are written
/// field by field; their numbers are those of onnx.proto3.
/// </summary>
internal static class OnnxWriter
{
    private const int Float = 1;
    private const int Int64 = 7;

    internal static void Write(Stream output, OnnxGraph graph, string name, IReadOnlyDictionary<string, string> metadata)
    {
        using CodedOutputStream stream = new(output, leaveOpen: true);
        Number(stream, 1, 8); // ir_version
        Text(stream, 2, "pipeline"); // producer_name
        Message(stream, 7, s => Graph(s, graph, name)); // graph
        Message(stream, 8, s => Number(s, 2, 17)); // opset_import: version; the domain is the default one
        foreach ((string key, string value) in metadata)
        {
            Message(stream, 14, s => // metadata_props
            {
                Text(s, 1, key);
                Text(s, 2, value);
            });
        }
    }

    private static void Graph(CodedOutputStream stream, OnnxGraph graph, string name)
    {
        foreach (OnnxNode node in graph.Nodes)
        {
            Message(stream, 1, s => Node(s, node));
        }

        Text(stream, 2, name);
        foreach ((string key, OnnxConstant constant) in graph.Constants)
        {
            Message(stream, 5, s => Tensor(s, key, constant));
        }

        foreach ((int field, List<(string, long[])> values) in ((int, List<(string, long[])>)[])[(11, graph.Inputs), (12, graph.Outputs)])
        {
            foreach ((string key, long[] shape) in values)
            {
                Message(stream, field, s => ValueInfo(s, key, shape));
            }
        }
    }

    private static void Node(CodedOutputStream stream, OnnxNode node)
    {
        foreach (string input in node.Inputs)
        {
            Text(stream, 1, input);
        }

        Text(stream, 2, node.Output);
        Text(stream, 4, node.Operator);
        foreach ((string key, object value) in node.Attributes)
        {
            Message(stream, 5, s => Attribute(s, key, value));
        }
    }

    private static void Attribute(CodedOutputStream stream, string name, object value)
    {
        Text(stream, 1, name);
        switch (value)
        {
            case float number:
                stream.WriteTag(2, WireFormat.WireType.Fixed32);
                stream.WriteFloat(number);
                Number(stream, 20, 1); // type FLOAT
                break;
            case long number:
                Number(stream, 3, number);
                Number(stream, 20, 2); // type INT
                break;
            case long[] numbers:
                foreach (long number in numbers)
                {
                    Number(stream, 8, number);
                }

                Number(stream, 20, 7); // type INTS
                break;
            default:
                throw new ArgumentException($"attribute {name} is a {value.GetType().Name}", nameof(value));
        }
    }

    private static void Tensor(CodedOutputStream stream, string name, OnnxConstant constant)
    {
        foreach (long size in constant.Shape)
        {
            Number(stream, 1, size);
        }

        Number(stream, 2, constant.Values is null ? Int64 : Float);
        Text(stream, 8, name);
        ReadOnlySpan<byte> bytes = constant.Values is { } values ? MemoryMarshal.AsBytes<float>(values) : MemoryMarshal.AsBytes<long>(constant.Integers);
        stream.WriteTag(9, WireFormat.WireType.LengthDelimited); // raw_data
        stream.WriteBytes(ByteString.CopyFrom(bytes)); // little-endian, as the machine
    }

    private static void ValueInfo(CodedOutputStream stream, string name, long[] shape)
    {
        Text(stream, 1, name);
        Message(stream, 2, type => Message(type, 1, tensor =>
        {
            Number(tensor, 1, Float); // elem_type
            Message(tensor, 2, dims =>
            {
                foreach (long size in shape)
                {
                    Message(dims, 1, d =>
                    {
                        if (size < 0)
                        {
                            Text(d, 2, "batch"); // dim_param
                        }
                        else
                        {
                            Number(d, 1, size); // dim_value
                        }
                    });
                }
            });
        }));
    }

    private static void Number(CodedOutputStream stream, int field, long value)
    {
        stream.WriteTag(field, WireFormat.WireType.Varint);
        stream.WriteInt64(value);
    }

    private static void Text(CodedOutputStream stream, int field, string value)
    {
        stream.WriteTag(field, WireFormat.WireType.LengthDelimited);
        stream.WriteString(value);
    }

    private static void Message(CodedOutputStream stream, int field, Action<CodedOutputStream> content)
    {
        using MemoryStream buffer = new();
        using (CodedOutputStream inner = new(buffer, leaveOpen: true))
        {
            content(inner);
        }

        stream.WriteTag(field, WireFormat.WireType.LengthDelimited);
        stream.WriteBytes(UnsafeByteOperations.UnsafeWrap(buffer.GetBuffer().AsMemory(0, (int)buffer.Length)));
    }
}

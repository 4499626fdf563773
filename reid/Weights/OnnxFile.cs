using System.Runtime.InteropServices;
using Google.Protobuf;
using Pipeline.Reid.Networks;

namespace Pipeline.Reid.Weights;

/// <summary>
/// Takes the weights out of an ONNX file that <c>pipeline model export</c> wrote, so that a network that is served can be trained on. Only constants and
/// metadata are read (ModelProto of onnx.proto3); files of other makers hold names that no network of ours has, and are refused by those.
/// </summary>
internal static class OnnxFile
{
    /// <summary>Every ONNX file begins with its format's version, field 1.</summary>
    internal const byte FirstByte = 0x08;

    /// <summary>What <see cref="WeightFile.Container"/> says of it.</summary>
    internal const string Container = "onnx";

    private const int Graph = 7;
    private const int Metadata = 14;
    private const int Initializer = 5;
    private const int Float = 1;

    /// <summary>Reads the file.</summary>
    /// <param name="path">Its path, for messages.</param>
    /// <param name="stream">Its bytes.</param>
    /// <exception cref="InvalidDataException">It is damaged, or of no network of ours.</exception>
    internal static WeightFile Read(string path, Stream stream)
    {
        Dictionary<string, string> metadata = [];
        OrderedDictionary<string, WeightTensor> constants = [];
        try
        {
            using CodedInputStream model = new(stream, leaveOpen: true);
            Fields(model, (field, content) =>
            {
                if (field == Graph)
                {
                    using CodedInputStream graph = content.CreateCodedInput();
                    Fields(graph, (inner, tensor) =>
                    {
                        if (inner == Initializer)
                        {
                            Add(constants, tensor);
                        }
                    });
                }
                else if (field == Metadata)
                {
                    string[] entry = new string[2];
                    using CodedInputStream pair = content.CreateCodedInput();
                    Fields(pair, (inner, text) => entry[inner - 1] = text.ToStringUtf8());
                    metadata[entry[0]] = entry[1];
                }
            });
        }
        catch (Exception e) when (e is InvalidProtocolBufferException or IndexOutOfRangeException or ArgumentException)
        {
            throw new InvalidDataException($"its bytes are no ONNX model: {e.Message}", e);
        }

        return FoldedNormalisations.Restore(new WeightFile(path, Container, constants, metadata));
    }

    // All that is wanted is written with a length; everything else is passed over.
    private static void Fields(CodedInputStream input, Action<int, ByteString> take)
    {
        while (input.ReadTag() is var tag and not 0)
        {
            if (WireFormat.GetTagWireType(tag) == WireFormat.WireType.LengthDelimited)
            {
                take(WireFormat.GetTagFieldNumber(tag), input.ReadBytes());
            }
            else
            {
                input.SkipLastField();
            }
        }
    }

    // Weights are single precision; whole numbers and scalars belong to the graph's own arithmetic.
    private static void Add(OrderedDictionary<string, WeightTensor> constants, ByteString tensor)
    {
        List<long> shape = [];
        long type = 0;
        string name = "";
        ByteString? raw = null;
        using CodedInputStream input = tensor.CreateCodedInput();
        while (input.ReadTag() is var tag and not 0)
        {
            switch (WireFormat.GetTagFieldNumber(tag), WireFormat.GetTagWireType(tag))
            {
                case (1, WireFormat.WireType.Varint):
                    shape.Add(input.ReadInt64());
                    break;
                case (2, WireFormat.WireType.Varint):
                    type = input.ReadInt64();
                    break;
                case (8, WireFormat.WireType.LengthDelimited):
                    name = input.ReadString();
                    break;
                case (9, WireFormat.WireType.LengthDelimited):
                    raw = input.ReadBytes();
                    break;
                default:
                    input.SkipLastField();
                    break;
            }
        }

        if (type == Float && shape.Count > 0 && raw is not null)
        {
            constants[name] = WeightTensor.Of(shape, MemoryMarshal.Cast<byte, float>(raw.Span));
        }
    }
}

using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Pipeline.Reid.Weights;

/// <summary>A convolution of a TensorFlow Lite model, its weight in the order of PyTorch.</summary>
/// <param name="Name">Name of its output.</param>
/// <param name="Weight">(outputs, inputs / groups, rows, columns).</param>
/// <param name="Bias">One number per output: what is left of a normalisation that was folded into the weight.</param>
/// <param name="Depthwise">Whether each channel is convolved by itself.</param>
public sealed record TfliteConvolution(string Name, WeightTensor Weight, WeightTensor Bias, bool Depthwise);

/// <summary>The convolutions of a TensorFlow Lite model in the order in which they run. Float32 and float16 weights are read, dequantised ones among them.</summary>
/// <remarks>
/// A model is a FlatBuffer: tables whose first word leads back to a list of field offsets. Of the schema (tensorflow/lite/schema/schema.fbs)
/// only the fields on the way to a convolution's weights are read, by their numbers there.
/// </remarks>
public static class TfliteFile
{
    private const int Convolution = 3;
    private const int DepthwiseConvolution = 4;
    private const int Dequantize = 6;

    /// <summary>Reads a file.</summary>
    /// <exception cref="InvalidDataException">It is damaged, no TensorFlow Lite model, or its weights are of a kind that is not read.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static IReadOnlyList<TfliteConvolution> Read(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        try
        {
            return Read(bytes);
        }
        catch (Exception e) when (e is InvalidDataException or ArgumentException or IndexOutOfRangeException or OverflowException)
        {
            string why = e is InvalidDataException ? e.Message : "an offset in it leads outside of the file";
            throw new InvalidDataException($"{path}: cannot be read as a TensorFlow Lite model: {why.TrimEnd('.')}. Fetch the file again.", e);
        }
    }

    private static List<TfliteConvolution> Read(byte[] bytes)
    {
        if (bytes.Length < 8 || !bytes.AsSpan(4, 4).SequenceEqual("TFL3"u8))
        {
            throw new InvalidDataException("its fifth to eighth byte are not 'TFL3'");
        }

        Table model = Table.Root(bytes);
        Table[] graphs = [.. model.Tables(2)];
        if (graphs is not [Table graph])
        {
            throw new InvalidDataException($"it has {graphs.Length} graphs, one is expected");
        }

        int[] codes = [.. model.Tables(1).Select(code => Math.Max(code.Byte(0), code.Int(3)))]; // the second field took over when a byte became too small
        Table[] buffers = [.. model.Tables(4)];
        Table[] tensors = [.. graph.Tables(0)];
        Dictionary<int, int> dequantised = [];
        List<TfliteConvolution> convolutions = [];
        foreach (Table node in graph.Tables(3))
        {
            int code = codes[node.Int(0)];
            int[] inputs = node.Ints(1);
            int[] outputs = node.Ints(2);
            if (code == Dequantize)
            {
                dequantised[outputs[0]] = inputs[0];
            }
            else if (code is Convolution or DepthwiseConvolution)
            {
                if (inputs.Length < 3)
                {
                    throw new InvalidDataException($"a convolution has {inputs.Length} inputs: picture, weight and bias are expected");
                }

                string name = tensors[outputs[0]].Text(3);
                WeightTensor Constant(int tensor) => Values(tensors[dequantised.GetValueOrDefault(tensor, tensor)], buffers, name);
                convolutions.Add(new TfliteConvolution(
                    name, ChannelsFirst(Constant(inputs[1]), code == DepthwiseConvolution), Constant(inputs[2]), code == DepthwiseConvolution));
            }
        }

        return convolutions;
    }

    private static WeightTensor Values(Table tensor, Table[] buffers, string name)
    {
        ElementType type = tensor.Byte(1) switch
        {
            0 => ElementType.F32,
            1 => ElementType.F16,
            int other => throw new InvalidDataException($"the weights of {name} are of type {other}; float32 (0) and float16 (1) are read"),
        };
        long[] shape = [.. tensor.Ints(0).Select(size => (long)size)];
        byte[] bytes = buffers[tensor.Int(2)].Bytes(0);
        long expected = shape.Aggregate(1L, (product, size) => checked(product * size)) * type.ByteCount();
        return bytes.Length == expected && shape.All(size => size > 0)
            ? WeightTensor.Of(shape, new WeightTensor(type, shape, bytes).ToSingles())
            : throw new InvalidDataException($"the weights of {name} are {bytes.Length} bytes, {expected} are expected (is it a sparse model?)");
    }

    // TensorFlow: (outputs, rows, columns, inputs); of a depthwise convolution (1, rows, columns, channels).
    private static WeightTensor ChannelsFirst(WeightTensor weight, bool depthwise)
    {
        if (weight.Shape is not [long first, long rows, long columns, long last] || (depthwise && first != 1))
        {
            throw new InvalidDataException($"a weight has shape [{string.Join(", ", weight.Shape)}]");
        }

        (long outputs, long inputs) = depthwise ? (last, 1) : (first, last);
        float[] from = weight.ToSingles();
        float[] to = new float[from.Length];
        long at = 0;
        for (long o = 0; o < outputs; o++)
        {
            for (long i = 0; i < inputs; i++)
            {
                for (long place = 0; place < rows * columns; place++)
                {
                    to[at++] = from[depthwise ? (place * last) + o : (((o * rows * columns) + place) * last) + i];
                }
            }
        }

        return WeightTensor.Of([outputs, inputs, rows, columns], to);
    }

    /// <summary>A table of a FlatBuffer. Fields are numbered from 0; one that is missing has its default.</summary>
    private readonly struct Table
    {
        private readonly byte[] _bytes;
        private readonly int _start;

        private Table(byte[] bytes, int start) => (_bytes, _start) = (bytes, start);

        internal static Table Root(byte[] bytes) => new(bytes, Follow(bytes, 0));

        internal int Byte(int field) => Place(field) is int at and not 0 ? _bytes[at] : 0;

        internal int Int(int field) => Place(field) is int at and not 0 ? ReadInt(_bytes, at) : 0;

        internal string Text(int field) => Encoding.UTF8.GetString(Bytes(field));

        internal byte[] Bytes(int field) => Vector(field, 1, out int at, out int count) ? _bytes.AsSpan(at, count).ToArray() : [];

        internal int[] Ints(int field) => Vector(field, 4, out int at, out int count) ? MemoryMarshal.Cast<byte, int>(_bytes.AsSpan(at, 4 * count)).ToArray() : [];

        internal IEnumerable<Table> Tables(int field)
        {
            Vector(field, 4, out int at, out int count);
            for (int i = 0; i < count; i++)
            {
                yield return new Table(_bytes, Follow(_bytes, at + (4 * i)));
            }
        }

        private static int ReadInt(byte[] bytes, int at) => BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(at, 4));

        private static int Follow(byte[] bytes, int at) => checked(at + ReadInt(bytes, at));

        private bool Vector(int field, int size, out int at, out int count)
        {
            (at, count) = (0, 0);
            if (Place(field) is int place and not 0)
            {
                int start = Follow(_bytes, place);
                (at, count) = (start + 4, ReadInt(_bytes, start));
                _ = _bytes.AsSpan(at, checked(count * size)); // throws when the vector leaves the file
            }

            return at > 0;
        }

        private int Place(int field)
        {
            int list = checked(_start - ReadInt(_bytes, _start));
            int fields = (BinaryPrimitives.ReadUInt16LittleEndian(_bytes.AsSpan(list, 2)) - 4) / 2;
            int offset = field < fields ? BinaryPrimitives.ReadUInt16LittleEndian(_bytes.AsSpan(list + 4 + (2 * field), 2)) : 0;
            return offset == 0 ? 0 : _start + offset;
        }
    }
}

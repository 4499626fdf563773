using System.Buffers.Binary;
using System.Text;
using Pipeline.Reid.Networks;
using Pipeline.Reid.Weights;

namespace Pipeline.Tests.Networks;

/// <summary>The reader of TensorFlow Lite models, on a model written here and, where it was fetched before, on the real one.</summary>
public sealed class TfliteFileTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Convolutions_come_in_order_with_their_weights_turned(bool half)
    {
        using TemporaryFile file = new("model.tflite");
        File.WriteAllBytes(file.Path, Model(half));

        IReadOnlyList<TfliteConvolution> layers = TfliteFile.Read(file.Path);

        Assert.Equal([("first", false), ("second", true)], layers.Select(l => (l.Name, l.Depthwise)));
        Assert.Equal([2, 3, 1, 1], layers[0].Weight.Shape);
        Assert.Equal([1, 2, 3, 4, 5, 6], layers[0].Weight.ToSingles());
        Assert.Equal([2, 1, 1, 3], layers[1].Weight.Shape);
        Assert.Equal([1, 3, 5, 2, 4, 6], layers[1].Weight.ToSingles()); // columns of channel 0, then those of channel 1
        Assert.Equal([0.5f, -0.25f], layers[1].Bias.ToSingles());
    }

    [Fact]
    public void Every_truncation_of_a_model_is_refused_with_its_path()
    {
        using TemporaryFile file = new("model.tflite");
        byte[] whole = Model(half: false);
        int refused = 0;
        for (int length = 0; length < whole.Length - 32; length += 7)
        {
            File.WriteAllBytes(file.Path, whole[..length]);
            InvalidDataException e = Assert.Throws<InvalidDataException>(() => TfliteFile.Read(file.Path));
            Assert.StartsWith(file.Path, e.Message, StringComparison.Ordinal);
            refused++;
        }

        Assert.True(refused > 20);
    }

    [Fact]
    public void Another_file_is_refused_with_what_is_missing()
    {
        using TemporaryFile file = new("model.tflite");
        File.WriteAllText(file.Path, "this is a text, and rather a long one");

        Assert.Contains("'TFL3'", Assert.Throws<InvalidDataException>(() => TfliteFile.Read(file.Path)).Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void The_published_model_holds_a_whole_MobileNetV2()
    {
        Skip.IfNot(File.Exists(ObjectronPackage.ModelPath), "pipeline train --init objectron fetches it");
        ReidNetwork network = NetworkCatalog.Create("baseline-compact", 128, 64);

        IReadOnlyList<TfliteConvolution> layers = TfliteFile.Read(ObjectronPackage.ModelPath);

        Assert.Equal(72, layers.Count);
        Assert.Equal([32, 3, 3, 3], layers[0].Weight.Shape);
        Assert.Equal(52 - 1, CompactStart.Lay(network, layers, new(NetworkWeights.Seeded(network))).Count); // all but the 1280-channel layer
    }

    // A FlatBuffer with one graph: a convolution 3 -> 2 and a depthwise one of 2 channels, 1 x 3; float16 weights pass a DEQUANTIZE.
    private static byte[] Model(bool half)
    {
        Writer w = new();
        float[] values = [1, 2, 3, 4, 5, 6];
        float[] bias = [0.5f, -0.25f];
        int type = half ? 1 : 0;
        byte[] Bytes(float[] of) => [.. of.SelectMany(v => half ? BitConverter.GetBytes((Half)v) : BitConverter.GetBytes(v))];
        int[] buffers = [w.Table(), w.Table((0, w.Vector(Bytes(values)))), w.Table((0, w.Vector(Bytes(bias))))];
        int Tensor(string name, int[] shape, int buffer, int elements) =>
            w.Table((0, w.Vector(shape)), (1, Writer.Byte(elements)), (2, Writer.Number(buffer)), (3, w.Text(name)));
        int[] tensors =
        [
            Tensor("picture", [1, 4, 4, 3], 0, 0), Tensor("w1", [2, 1, 1, 3], 1, type), Tensor("b1", [2], 2, type), Tensor("first", [1, 4, 4, 2], 0, 0),
            Tensor("w2", [1, 1, 3, 2], 1, type), Tensor("b2", [2], 2, type), Tensor("second", [1, 4, 4, 2], 0, 0),
            Tensor("w1 full", [2, 1, 1, 3], 0, 0), Tensor("w2 full", [1, 1, 3, 2], 0, 0),
        ];
        int Node(int code, int[] inputs, int output) => w.Table((0, Writer.Number(code)), (1, w.Vector(inputs)), (2, w.Vector([output])));
        int[] nodes = half
            ? [Node(2, [1], 7), Node(2, [4], 8), Node(0, [0, 7, 2], 3), Node(1, [3, 8, 5], 6)]
            : [Node(0, [0, 1, 2], 3), Node(1, [3, 4, 5], 6)];
        int graph = w.Table((0, w.Tables(tensors)), (3, w.Tables(nodes)));
        int[] codes = [w.Table((0, Writer.Byte(3))), w.Table((3, Writer.Number(4))), w.Table((0, Writer.Byte(6)))];
        return w.Finish(w.Table((1, w.Tables(codes)), (2, w.Tables([graph])), (4, w.Tables(buffers))));
    }

    /// <summary>Writes tables and vectors; what is made last comes first in the file, so that everything stands before what it points at.</summary>
    private sealed class Writer
    {
        private readonly List<Action<byte[], int[]>> _fixes = [];
        private readonly List<(int Start, byte[] Content)> _blocks = [];

        internal static (int Kind, int Value) Byte(int value) => (1, value);

        internal static (int Kind, int Value) Number(int value) => (2, value);

        internal (int Kind, int Value) Text(string text) => Vector(Encoding.UTF8.GetBytes(text));

        internal (int Kind, int Value) Vector(byte[] values) => (3, Block([.. BitConverter.GetBytes(values.Length), .. values]));

        internal (int Kind, int Value) Vector(int[] values) => (3, Block([.. BitConverter.GetBytes(values.Length), .. values.SelectMany(BitConverter.GetBytes)]));

        internal (int Kind, int Value) Tables(int[] tables)
        {
            int id = Block([.. BitConverter.GetBytes(tables.Length), .. new byte[4 * tables.Length]]);
            for (int i = 0; i < tables.Length; i++)
            {
                Point(id, 4 + (4 * i), tables[i]);
            }

            return (3, id);
        }

        internal int Table(params (int Field, (int Kind, int Value) Content)[] fields)
        {
            int count = fields.Length == 0 ? 0 : fields.Max(f => f.Field) + 1;
            int list = 4 + (2 * count);
            byte[] block = new byte[list + 4 + (4 * fields.Length)]; // the list of offsets, then the table
            BinaryPrimitives.WriteUInt16LittleEndian(block, (ushort)list);
            BinaryPrimitives.WriteUInt16LittleEndian(block.AsSpan(2), (ushort)(4 + (4 * fields.Length)));
            BinaryPrimitives.WriteInt32LittleEndian(block.AsSpan(list), list);
            int id = Block(block, list);
            for (int i = 0; i < fields.Length; i++)
            {
                int at = 4 + (4 * i);
                BinaryPrimitives.WriteUInt16LittleEndian(block.AsSpan(4 + (2 * fields[i].Field)), (ushort)at);
                if (fields[i].Content.Kind == 3)
                {
                    Point(id, list + at, fields[i].Content.Value);
                }
                else
                {
                    BinaryPrimitives.WriteInt32LittleEndian(block.AsSpan(list + at), fields[i].Content.Value);
                }
            }

            return id;
        }

        internal byte[] Finish(int root)
        {
            int[] places = new int[_blocks.Count];
            int at = 8;
            for (int i = _blocks.Count - 1; i >= 0; i--)
            {
                places[i] = at; // who points stands before its target: offsets are positive, as the format wants them
                at += _blocks[i].Content.Length;
            }

            byte[] file = new byte[at];
            "TFL3"u8.CopyTo(file.AsSpan(4));
            for (int i = 0; i < _blocks.Count; i++)
            {
                _blocks[i].Content.CopyTo(file, places[i]);
            }

            BinaryPrimitives.WriteInt32LittleEndian(file, places[root] + _blocks[root].Start);
            foreach (Action<byte[], int[]> fix in _fixes)
            {
                fix(file, places);
            }

            return file;
        }

        // A table starts behind its list of offsets, which stands in the same block.
        private int Block(byte[] content, int start = 0)
        {
            _blocks.Add((start, content));
            return _blocks.Count - 1;
        }

        private void Point(int from, int at, int to) => _fixes.Add((file, places) =>
            BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(places[from] + at), places[to] + _blocks[to].Start - places[from] - at));
    }
}

using System.Buffers.Binary;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace Pipeline.Reid.Weights;

/// <summary>A tensor as stored: little-endian, row-major, without gaps.</summary>
public sealed class WeightTensor
{
    /// <summary>A tensor over the bytes given.</summary>
    /// <param name="type">Element type.</param>
    /// <param name="shape">Sizes, all at least 0; empty for a scalar.</param>
    /// <param name="bytes">Exactly as many bytes as type and shape say.</param>
    /// <exception cref="ArgumentException">They are more or fewer.</exception>
    public WeightTensor(ElementType type, IReadOnlyList<long> shape, ReadOnlyMemory<byte> bytes)
    {
        ArgumentNullException.ThrowIfNull(shape);
        long count = shape.Aggregate(1L, (product, size) => checked(product * size));
        if (checked(count * type.ByteCount()) != bytes.Length)
        {
            throw new ArgumentException($"{bytes.Length} bytes for {type} [{string.Join(", ", shape)}]", nameof(bytes));
        }

        Type = type;
        Shape = [.. shape];
        Bytes = bytes;
    }

    /// <summary>Element type.</summary>
    public ElementType Type { get; }

    /// <summary>Sizes; empty for a scalar.</summary>
    public IReadOnlyList<long> Shape { get; }

    /// <summary>The values.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>How many values there are.</summary>
    public long Count => Bytes.Length / Type.ByteCount();

    /// <summary>A tensor of single precision.</summary>
    public static WeightTensor Of(IReadOnlyList<long> shape, ReadOnlySpan<float> values) =>
        new(ElementType.F32, shape, MemoryMarshal.AsBytes(values).ToArray());

    /// <summary>The values as single precision, converted where they are stored otherwise; a copy.</summary>
    public float[] ToSingles()
    {
        ReadOnlySpan<byte> bytes = Bytes.Span;
        float[] values = new float[Count];
        switch (Type)
        {
            case ElementType.F32:
                MemoryMarshal.Cast<byte, float>(bytes).CopyTo(values);
                break;
            case ElementType.F16:
                TensorPrimitives.ConvertToSingle(MemoryMarshal.Cast<byte, Half>(bytes), values);
                break;
            default:
                int size = Type.ByteCount();
                for (int i = 0; i < values.Length; i++)
                {
                    values[i] = (float)Value(bytes.Slice(i * size, size));
                }

                break;
        }

        return values;
    }

    /// <summary>The values as double precision; a copy.</summary>
    public double[] ToDoubles()
    {
        int size = Type.ByteCount();
        double[] values = new double[Count];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = Value(Bytes.Span.Slice(i * size, size));
        }

        return values;
    }

    private double Value(ReadOnlySpan<byte> bytes) => Type switch
    {
        ElementType.Bool or ElementType.U8 => bytes[0],
        ElementType.I8 => (sbyte)bytes[0],
        ElementType.I16 => BinaryPrimitives.ReadInt16LittleEndian(bytes),
        ElementType.U16 => BinaryPrimitives.ReadUInt16LittleEndian(bytes),
        ElementType.F16 => (double)BinaryPrimitives.ReadHalfLittleEndian(bytes),
        ElementType.BF16 => BitConverter.Int32BitsToSingle(BinaryPrimitives.ReadUInt16LittleEndian(bytes) << 16),
        ElementType.I32 => BinaryPrimitives.ReadInt32LittleEndian(bytes),
        ElementType.U32 => BinaryPrimitives.ReadUInt32LittleEndian(bytes),
        ElementType.F32 => BinaryPrimitives.ReadSingleLittleEndian(bytes),
        ElementType.F64 => BinaryPrimitives.ReadDoubleLittleEndian(bytes),
        ElementType.I64 => BinaryPrimitives.ReadInt64LittleEndian(bytes),
        _ => BinaryPrimitives.ReadUInt64LittleEndian(bytes),
    };
}

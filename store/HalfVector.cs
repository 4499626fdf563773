using System.Buffers.Binary;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace Pipeline.Store;

/// <summary>Vectors as the database keeps them: 16-bit floats, little-endian. Clip features are exact in them, so nothing is lost.</summary>
internal static class HalfVector
{
    /// <summary>A vector's bytes.</summary>
    /// <param name="vector">Finite values.</param>
    /// <exception cref="ArgumentException">A value is not finite in 16 bits.</exception>
    internal static byte[] ToBytes(ReadOnlySpan<float> vector)
    {
        byte[] bytes = new byte[vector.Length * 2];
        for (int i = 0; i < vector.Length; i++)
        {
            Half half = (Half)vector[i];
            if (!Half.IsFinite(half))
            {
                throw new ArgumentException($"element {i} of a clip feature is {vector[i]}; only finite values are stored", nameof(vector));
            }

            BinaryPrimitives.WriteHalfLittleEndian(bytes.AsSpan(i * 2), half);
        }

        return bytes;
    }

    /// <summary>The vector of its bytes.</summary>
    /// <param name="bytes">Two bytes a value.</param>
    internal static float[] FromBytes(byte[] bytes)
    {
        float[] vector = new float[bytes.Length / 2];
        if (BitConverter.IsLittleEndian)
        {
            TensorPrimitives.ConvertToSingle(MemoryMarshal.Cast<byte, Half>(bytes.AsSpan()), vector);
            return vector;
        }

        for (int i = 0; i < vector.Length; i++)
        {
            vector[i] = (float)BinaryPrimitives.ReadHalfLittleEndian(bytes.AsSpan(i * 2));
        }

        return vector;
    }
}

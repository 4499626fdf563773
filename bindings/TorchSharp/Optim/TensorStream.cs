using System.Runtime.InteropServices;

namespace TorchSharp.Modules;

/// <summary>Tensors in TorchSharp's own file format: type, number of dimensions, sizes, each in LEB128, then the values row-major.</summary>
internal static class TensorStream
{
    internal static void Encode(this BinaryWriter writer, long value) => writer.Write7BitEncodedInt64(value);

    internal static long Decode(this BinaryReader reader) => reader.Read7BitEncodedInt64();

    internal static void Save(this torch.Tensor tensor, BinaryWriter writer)
    {
        writer.Encode((long)tensor.dtype);
        writer.Encode(tensor.shape.Length);
        foreach (long size in tensor.shape)
        {
            writer.Encode(size);
        }

        writer.Write(tensor.dtype == torch.ScalarType.Float64
            ? MemoryMarshal.AsBytes<double>(tensor.data<double>().ToArray())
            : MemoryMarshal.AsBytes<float>(tensor.data<float>().ToArray()));
    }

    /// <summary>Reads values into a tensor of the same type and shape.</summary>
    internal static void Load(this torch.Tensor tensor, BinaryReader reader)
    {
        using torch.Tensor values = Read(reader, torch.CPU);
        if (values.dtype != tensor.dtype || !values.shape.SequenceEqual(tensor.shape))
        {
            throw new ArgumentException("Mismatched tensor while loading. Make sure that the model you are loading into is exactly the same as the origin.");
        }

        using (torch.no_grad())
        {
            tensor.copy_(values);
        }
    }

    /// <summary>Reads a tensor, which is in no scope, onto a device.</summary>
    internal static torch.Tensor Read(BinaryReader reader, torch.Device device)
    {
        torch.ScalarType type = (torch.ScalarType)reader.Decode();
        long[] shape = new long[reader.Decode()];
        for (int i = 0; i < shape.Length; i++)
        {
            shape[i] = reader.Decode();
        }

        long count = shape.Aggregate(1L, (product, size) => checked(product * size));
        torch.Tensor read = type == torch.ScalarType.Float64
            ? torch.tensor(Values<double>(reader, count), shape, device: device)
            : torch.tensor(Values<float>(reader, count), shape, device: device);
        return read.DetachFromDisposeScope();
    }

    private static T[] Values<T>(BinaryReader reader, long count)
        where T : unmanaged
    {
        T[] values = new T[count];
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(values.AsSpan()));
        return values;
    }
}

using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Pipeline.Reid.Training;

/// <summary>Writes named tensors to a stream and back into tensors of the same names and shapes.</summary>
internal static class TensorStream
{
    /// <summary>Writes them.</summary>
    public static void Write(BinaryWriter writer, IReadOnlyDictionary<string, Tensor> tensors)
    {
        writer.Write(tensors.Count);
        foreach ((string name, Tensor tensor) in tensors)
        {
            using Tensor plain = tensor.detach();
            using Tensor values = plain.cpu();
            bool whole = values.dtype == ScalarType.Int64;
            writer.Write(name);
            writer.Write(whole);
            byte[] bytes = whole ? MemoryMarshal.AsBytes<long>(values.data<long>().ToArray()).ToArray() : MemoryMarshal.AsBytes<float>(values.data<float>().ToArray()).ToArray();
            writer.Write(bytes.Length);
            writer.Write(bytes);
        }
    }

    /// <summary>Reads them into tensors that exist.</summary>
    /// <exception cref="InvalidDataException">A name or a shape is another.</exception>
    public static void Read(BinaryReader reader, IReadOnlyDictionary<string, Tensor> tensors)
    {
        int count = reader.ReadInt32();
        if (count != tensors.Count)
        {
            throw new InvalidDataException($"{count} tensors, {tensors.Count} are expected");
        }

        using IDisposable plain = no_grad();
        for (int i = 0; i < count; i++)
        {
            string name = reader.ReadString();
            bool whole = reader.ReadBoolean();
            byte[] bytes = reader.ReadBytes(reader.ReadInt32());
            if (!tensors.TryGetValue(name, out Tensor? target) || target.numel() * (whole ? 8 : 4) != bytes.Length)
            {
                throw new InvalidDataException($"{name} is not there, or of another shape");
            }

            using Tensor values = whole
                ? tensor(MemoryMarshal.Cast<byte, long>(bytes).ToArray(), target.shape)
                : tensor(MemoryMarshal.Cast<byte, float>(bytes).ToArray(), target.shape);
            target.copy_(values);
        }
    }
}

using System.Runtime.CompilerServices;
using TorchSharp.Native;

namespace TorchSharp.Utils;

/// <summary>The values of a tensor, row-major, wherever it lives and however it is strided.</summary>
public sealed class TensorAccessor<T>
    where T : unmanaged
{
    private readonly torch.Tensor _tensor;

    internal TensorAccessor(torch.Tensor tensor) => _tensor = tensor;

    /// <summary>How many values there are.</summary>
    public long Count => _tensor.numel();

    /// <summary>A copy of all values.</summary>
    public unsafe T[] ToArray()
    {
        T[] values = new T[Count];
        fixed (T* first = values)
        {
            Bridge.Check(Bridge.Read(_tensor.Handle, first, values.LongLength * Unsafe.SizeOf<T>()));
        }

        return values;
    }
}

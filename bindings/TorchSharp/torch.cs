using TorchSharp.Native;

namespace TorchSharp;

/// <summary>The slice of TorchSharp's entry point that this product calls: names, signatures and meaning are upstream's.</summary>
public static partial class torch
{
    /// <summary>Single precision.</summary>
    public static readonly ScalarType float32 = ScalarType.Float32;

    /// <summary>64-bit integers.</summary>
    public static readonly ScalarType int64 = ScalarType.Int64;

    /// <summary>Element types, numbered as in libtorch.</summary>
    public enum ScalarType : sbyte
    {
        /// <summary>64-bit integers.</summary>
        Int64 = 4,

        /// <summary>Single precision.</summary>
        Float32 = 6,

        /// <summary>Double precision.</summary>
        Float64 = 7,
    }

    /// <summary>Starts a scope that disposes, at its end, the tensors made in it.</summary>
    public static DisposeScope NewDisposeScope() => new();

    /// <summary>Until it is disposed, operations on this thread are not recorded for gradients.</summary>
    public static IDisposable no_grad()
    {
        Bridge.Require();
        return new GradMode(false);
    }

    /// <summary>Threads used inside one operation.</summary>
    public static void set_num_threads(int num)
    {
        Bridge.Require();
        Bridge.Check(Bridge.SetNumThreads(num));
    }

    /// <summary>Threads used inside one operation.</summary>
    public static int get_num_threads()
    {
        Bridge.Require();
        return Bridge.GetNumThreads();
    }

    /// <summary>A tensor with these values.</summary>
    /// <param name="rawArray">The values, row-major; they are copied.</param>
    /// <param name="dimensions">The shape; its product is the number of values.</param>
    /// <param name="dtype">Element type of the result; that of the values when left out.</param>
    /// <param name="device">Where it is to live; the processor when left out.</param>
    /// <param name="requires_grad">Whether gradients are wanted for it.</param>
    /// <param name="names">Not supported by the slice.</param>
    public static Tensor tensor(
        float[] rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromArray(rawArray, dimensions, ScalarType.Float32, dtype, device, requires_grad, names);

    /// <summary>A tensor of zeros.</summary>
    public static Tensor zeros(
        long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        full(size, 0, dtype, device, requires_grad, names);

    /// <summary>A tensor of ones.</summary>
    public static Tensor ones(
        long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        full(size, 1, dtype, device, requires_grad, names);

    /// <summary>A tensor full of one value.</summary>
    public static Tensor full(
        long[] size, Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null)
    {
        ArgumentNullException.ThrowIfNull(size);
        ArgumentNullException.ThrowIfNull(value);
        RefuseNames(names);
        Bridge.Require();
        Device where = device ?? CPU;
        Bridge.Check(Bridge.Full(size, size.Length, value.Value, (int)(dtype ?? ScalarType.Float32), (int)where.type, where.index, out TensorHandle made));
        return Tracked(made, requires_grad);
    }

    /// <summary>The tensors put one after the other along a dimension.</summary>
    public static Tensor cat(IList<Tensor> tensors, long dim = 0)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        nint[] handles = new nint[tensors.Count];
        int held = 0;
        bool added = false;
        try
        {
            for (; held < handles.Length; held++)
            {
                added = false;
                tensors[held].Handle.DangerousAddRef(ref added);
                handles[held] = tensors[held].Handle.DangerousGetHandle();
            }

            Bridge.Check(Bridge.Cat(handles, handles.Length, dim, out TensorHandle made));
            return new Tensor(made);
        }
        finally
        {
            for (int i = 0; i < held; i++)
            {
                tensors[i].Handle.DangerousRelease();
            }
        }
    }

    /// <summary>Matrix product over the last two dimensions; the others are broadcast.</summary>
    public static Tensor matmul(Tensor input, Tensor target)
    {
        ArgumentNullException.ThrowIfNull(input);
        return input.matmul(target);
    }

    private static unsafe Tensor FromArray<T>(
        T[] values, ReadOnlySpan<long> shape, ScalarType type, ScalarType? dtype, Device? device, bool requiresGrad, string[]? names)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(values);
        RefuseNames(names);
        Bridge.Require();
        long count = 1;
        foreach (long size in shape)
        {
            count = checked(count * size);
        }

        if (count != values.LongLength)
        {
            throw new ArgumentException($"{values.LongLength} values for a shape of {count}", nameof(values));
        }

        TensorHandle made;
        fixed (T* first = values)
        {
            T none = default; // an empty array has no address
            Bridge.Check(Bridge.FromData(first is null ? &none : first, shape, shape.Length, (int)type, out made));
        }

        if (dtype is { } wanted && wanted != type)
        {
            using TensorHandle old = made;
            Bridge.Check(Bridge.ToDtype(old, (int)wanted, out made));
        }

        if (device is { type: not DeviceType.CPU })
        {
            using TensorHandle old = made;
            Bridge.Check(Bridge.ToDevice(old, (int)device.type, device.index, out made));
        }

        return Tracked(made, requiresGrad);
    }

    private static Tensor Tracked(TensorHandle made, bool requiresGrad)
    {
        Tensor tensor = new(made);
        if (requiresGrad)
        {
            tensor.requires_grad = true;
        }

        return tensor;
    }

    private static void RefuseNames(string[]? names)
    {
        if (names is not null)
        {
            throw new NotSupportedException("named dimensions are not in this slice of TorchSharp");
        }
    }

    /// <summary>The graphics card.</summary>
    public static class cuda
    {
        /// <summary>Whether libtorch was built for CUDA and finds a card.</summary>
        public static bool is_available()
        {
            Bridge.Require();
            return Bridge.CudaIsAvailable() != 0;
        }
    }

    private sealed class GradMode : IDisposable
    {
        private readonly int _before = Bridge.GradEnabled();

        internal GradMode(bool on) => Bridge.SetGradEnabled(on ? 1 : 0);

        public void Dispose() => Bridge.SetGradEnabled(_before);
    }
}

using TorchSharp.Native;

namespace TorchSharp;

/// <summary>How <see cref="torch.cdist"/> computes Euclidean distances.</summary>
public enum compute_mode
{
    /// <summary>By products for more than 25 rows.</summary>
    use_mm_for_euclid_dist_if_necessary = 0,

    /// <summary>By products.</summary>
    use_mm_for_euclid_dist = 1,

    /// <summary>By differences.</summary>
    donot_use_mm_for_euclid_dist = 2,
}

/// <summary>The slice of TorchSharp's entry point that this product calls: names, signatures and meaning are upstream's.</summary>
public static partial class torch
{
    /// <summary>Single precision.</summary>
    public static readonly ScalarType float32 = ScalarType.Float32;

    /// <summary>Double precision.</summary>
    public static readonly ScalarType float64 = ScalarType.Float64;

    /// <summary>The upper half of single precision: its range, 8 bits of fraction.</summary>
    public static readonly ScalarType bfloat16 = ScalarType.BFloat16;

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

        /// <summary>True or false.</summary>
        Bool = 11,

        /// <summary>The upper half of single precision.</summary>
        BFloat16 = 15,
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

    /// <inheritdoc cref="tensor(float[], ReadOnlySpan{long}, ScalarType?, Device?, bool, string[])"/>
    public static Tensor tensor(
        double[] rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromArray(rawArray, dimensions, ScalarType.Float64, dtype, device, requires_grad, names);

    /// <inheritdoc cref="tensor(float[], ReadOnlySpan{long}, ScalarType?, Device?, bool, string[])"/>
    public static Tensor tensor(
        long[] dataArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromArray(dataArray, dimensions, ScalarType.Int64, dtype, device, requires_grad, names);

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

    /// <summary>Zeros in the shape, type and memory layout of another tensor.</summary>
    public static Tensor zeros_like(
        Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null)
    {
        ArgumentNullException.ThrowIfNull(input);
        RefuseNames(names);
        if (dtype is not null || device is not null)
        {
            throw new NotSupportedException("another type or device is not in this slice of TorchSharp");
        }

        Bridge.Check(Bridge.ZerosLike(input.Handle, out TensorHandle made));
        return Tracked(made, requires_grad);
    }

    /// <summary>The tensors put one after the other along a dimension.</summary>
    public static Tensor cat(IList<Tensor> tensors, long dim = 0)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        using HandleArray handles = new(tensors);
        Bridge.Check(Bridge.Cat(handles.Values, handles.Values.Length, dim, out TensorHandle made));
        return new Tensor(made);
    }

    /// <summary>x where the condition holds, else y; broadcast.</summary>
    public static Tensor where(Tensor condition, Tensor x, Tensor y)
    {
        ArgumentNullException.ThrowIfNull(condition);
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        Bridge.Check(Bridge.Where(condition.Handle, x.Handle, y.Handle, out TensorHandle made));
        return new Tensor(made);
    }

    /// <summary>Distances between the rows of two matrices (P, M) and (R, M), as (P, R).</summary>
    /// <param name="x1">The first matrix.</param>
    /// <param name="x2">The second.</param>
    /// <param name="p">Which norm; 2 is the Euclidean one.</param>
    /// <param name="compute_mode">By products, which is faster for many rows, or by differences, which is exact for equal rows.</param>
    public static Tensor cdist(
        Tensor x1, Tensor x2, double p = 2.0, compute_mode compute_mode = compute_mode.use_mm_for_euclid_dist_if_necessary)
    {
        ArgumentNullException.ThrowIfNull(x1);
        ArgumentNullException.ThrowIfNull(x2);
        Bridge.Check(Bridge.Cdist(x1.Handle, x2.Handle, p, (long)compute_mode, out TensorHandle made));
        return new Tensor(made);
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

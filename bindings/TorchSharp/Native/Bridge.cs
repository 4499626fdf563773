using System.Runtime.InteropServices;

namespace TorchSharp.Native;

/// <summary>
/// Imports of native/bridge.cpp, one line each. Nothing is loaded before the first call, so a program that makes no tensor runs without libtorch.
/// </summary>
internal static unsafe partial class Bridge
{
    private const string Library = "TorchSharpBridge";
    private const string Version = "TorchSharpBridge 2";
    private static readonly Lazy<string?> s_problem = new(FindProblem);

    /// <summary>Called before anything that can be the first use: says in words what is missing.</summary>
    internal static void Require()
    {
        if (s_problem.Value is { } problem)
        {
            throw new DllNotFoundException(problem);
        }
    }

    /// <summary>Turns the status of a call into libtorch's own message.</summary>
    internal static void Check(int status)
    {
        if (status != 0)
        {
            throw new ExternalException(Marshal.PtrToStringUTF8(LastError()));
        }
    }

    private static string? FindProblem()
    {
        try
        {
            string found = Marshal.PtrToStringUTF8(VersionText()) ?? "none";
            return found == Version
                ? null
                : $"libTorchSharpBridge.so is stale: it says '{found}', '{Version}' is needed. Build it again with bindings/TorchSharp/native/build.sh.";
        }
        catch (DllNotFoundException e)
        {
            bool built = File.Exists(Path.Combine(AppContext.BaseDirectory, $"lib{Library}.so"));
            return "libtorch is needed for this (training, and comparing with it) and is not there. 'bindings/setup.sh test' installs it and builds its bridge; "
                + "or point LIBTORCH to an unpacked libtorch and run './run --setup-only'. "
                + (built ? $"The loader says: {e.Message.ReplaceLineEndings(" ")}" : $"lib{Library}.so is missing.");
        }
        catch (EntryPointNotFoundException)
        {
            return "libTorchSharpBridge.so is not ours or stale. Build it again with bindings/TorchSharp/native/build.sh.";
        }
    }

    [LibraryImport(Library, EntryPoint = "tsb_version")]
    private static partial nint VersionText();
    [LibraryImport(Library, EntryPoint = "tsb_last_error")]
    private static partial nint LastError();
    [LibraryImport(Library, EntryPoint = "tsb_set_num_threads")]
    internal static partial int SetNumThreads(int count);
    [LibraryImport(Library, EntryPoint = "tsb_get_num_threads")]
    internal static partial int GetNumThreads();
    [LibraryImport(Library, EntryPoint = "tsb_cuda_is_available")]
    internal static partial int CudaIsAvailable();
    [LibraryImport(Library, EntryPoint = "tsb_grad_enabled")]
    internal static partial int GradEnabled();
    [LibraryImport(Library, EntryPoint = "tsb_set_grad_enabled")]
    internal static partial void SetGradEnabled(int on);

    [LibraryImport(Library, EntryPoint = "tsb_delete")]
    internal static partial void Delete(nint tensor);
    [LibraryImport(Library, EntryPoint = "tsb_live_count")]
    internal static partial long LiveCount();
    [LibraryImport(Library, EntryPoint = "tsb_from_data")]
    internal static partial int FromData(void* data, ReadOnlySpan<long> shape, int n, int dtype, out TensorHandle result);
    [LibraryImport(Library, EntryPoint = "tsb_full")]
    internal static partial int Full(ReadOnlySpan<long> shape, int n, double value, int dtype, int device, int index, out TensorHandle result);
    [LibraryImport(Library, EntryPoint = "tsb_read")]
    internal static partial int Read(TensorHandle tensor, void* data, long bytes);
    [LibraryImport(Library, EntryPoint = "tsb_dim")]
    internal static partial int Dim(TensorHandle tensor);
    [LibraryImport(Library, EntryPoint = "tsb_size")]
    internal static partial long Size(TensorHandle tensor, int dim);
    [LibraryImport(Library, EntryPoint = "tsb_numel")]
    internal static partial long Numel(TensorHandle tensor);
    [LibraryImport(Library, EntryPoint = "tsb_dtype")]
    internal static partial int Dtype(TensorHandle tensor);
    [LibraryImport(Library, EntryPoint = "tsb_device_type")]
    internal static partial int DeviceType(TensorHandle tensor);
    [LibraryImport(Library, EntryPoint = "tsb_device_index")]
    internal static partial int DeviceIndex(TensorHandle tensor);
    [LibraryImport(Library, EntryPoint = "tsb_to_device")]
    internal static partial int ToDevice(TensorHandle tensor, int type, int index, out TensorHandle result);
    [LibraryImport(Library, EntryPoint = "tsb_to_dtype")]
    internal static partial int ToDtype(TensorHandle tensor, int dtype, out TensorHandle result);
    [LibraryImport(Library, EntryPoint = "tsb_copy_into")]
    internal static partial int CopyInto(TensorHandle tensor, TensorHandle source);
    [LibraryImport(Library, EntryPoint = "tsb_fill")]
    internal static partial int Fill(TensorHandle tensor, double value);

    [LibraryImport(Library, EntryPoint = "tsb_requires_grad")]
    internal static partial int RequiresGrad(TensorHandle tensor);
    [LibraryImport(Library, EntryPoint = "tsb_set_requires_grad")]
    internal static partial int SetRequiresGrad(TensorHandle tensor, int on);
    [LibraryImport(Library, EntryPoint = "tsb_backward")]
    internal static partial int Backward(TensorHandle tensor);
    [LibraryImport(Library, EntryPoint = "tsb_grad")]
    internal static partial int Grad(TensorHandle tensor, out TensorHandle result);
    [LibraryImport(Library, EntryPoint = "tsb_clear_grad")]
    internal static partial int ClearGrad(TensorHandle tensor);
    [LibraryImport(Library, EntryPoint = "tsb_detach")]
    internal static partial int Detach(TensorHandle tensor, out TensorHandle result);

    [LibraryImport(Library, EntryPoint = "tsb_neg")]
    internal static partial int Neg(TensorHandle tensor, out TensorHandle result);
    [LibraryImport(Library, EntryPoint = "tsb_relu")]
    internal static partial int Relu(TensorHandle tensor, out TensorHandle result);
    [LibraryImport(Library, EntryPoint = "tsb_relu6")]
    internal static partial int Relu6(TensorHandle tensor, out TensorHandle result);
    [LibraryImport(Library, EntryPoint = "tsb_sigmoid")]
    internal static partial int Sigmoid(TensorHandle tensor, out TensorHandle result);
    [LibraryImport(Library, EntryPoint = "tsb_sqrt")]
    internal static partial int Sqrt(TensorHandle tensor, out TensorHandle result);
    [LibraryImport(Library, EntryPoint = "tsb_relu_in_place")]
    internal static partial int ReluInPlace(TensorHandle tensor);
    [LibraryImport(Library, EntryPoint = "tsb_relu6_in_place")]
    internal static partial int Relu6InPlace(TensorHandle tensor);
    [LibraryImport(Library, EntryPoint = "tsb_exp")]
    internal static partial int Exp(TensorHandle tensor, out TensorHandle result);
    [LibraryImport(Library, EntryPoint = "tsb_abs")]
    internal static partial int Abs(TensorHandle tensor, out TensorHandle result);
    [LibraryImport(Library, EntryPoint = "tsb_isfinite")]
    internal static partial int IsFinite(TensorHandle tensor, out TensorHandle result);
    [LibraryImport(Library, EntryPoint = "tsb_all")]
    internal static partial int All(TensorHandle tensor, out TensorHandle result);
    [LibraryImport(Library, EntryPoint = "tsb_norm")]
    internal static partial int Norm(TensorHandle tensor, out TensorHandle result);
    [LibraryImport(Library, EntryPoint = "tsb_sum")]
    internal static partial int Sum(TensorHandle tensor, out TensorHandle result);
    [LibraryImport(Library, EntryPoint = "tsb_mean")]
    internal static partial int Mean(TensorHandle tensor, out TensorHandle result);
    [LibraryImport(Library, EntryPoint = "tsb_add")]
    internal static partial int Add(TensorHandle left, TensorHandle right, out TensorHandle result);
    [LibraryImport(Library, EntryPoint = "tsb_sub")]
    internal static partial int Sub(TensorHandle left, TensorHandle right, out TensorHandle result);
    [LibraryImport(Library, EntryPoint = "tsb_mul")]
    internal static partial int Mul(TensorHandle left, TensorHandle right, out TensorHandle result);
    [LibraryImport(Library, EntryPoint = "tsb_div")]
    internal static partial int Div(TensorHandle left, TensorHandle right, out TensorHandle result);
    [LibraryImport(Library, EntryPoint = "tsb_matmul")]
    internal static partial int Matmul(TensorHandle left, TensorHandle right, out TensorHandle result);
    [LibraryImport(Library, EntryPoint = "tsb_add_scalar")]
    internal static partial int AddScalar(TensorHandle tensor, double value, out TensorHandle result);
    [LibraryImport(Library, EntryPoint = "tsb_mul_scalar")]
    internal static partial int MulScalar(TensorHandle tensor, double value, out TensorHandle result);
    [LibraryImport(Library, EntryPoint = "tsb_div_scalar")]
    internal static partial int DivScalar(TensorHandle tensor, double value, out TensorHandle result);
    [LibraryImport(Library, EntryPoint = "tsb_pow_scalar")]
    internal static partial int PowScalar(TensorHandle tensor, double value, out TensorHandle result);
    [LibraryImport(Library, EntryPoint = "tsb_clamp_min")]
    internal static partial int ClampMin(TensorHandle tensor, double value, out TensorHandle result);
    [LibraryImport(Library, EntryPoint = "tsb_clamp_max")]
    internal static partial int ClampMax(TensorHandle tensor, double value, out TensorHandle result);
    [LibraryImport(Library, EntryPoint = "tsb_eq")]
    internal static partial int Eq(TensorHandle left, TensorHandle right, out TensorHandle result);
    [LibraryImport(Library, EntryPoint = "tsb_ne")]
    internal static partial int Ne(TensorHandle left, TensorHandle right, out TensorHandle result);
    [LibraryImport(Library, EntryPoint = "tsb_clamp")]
    internal static partial int Clamp(TensorHandle tensor, double low, double high, out TensorHandle result);
    [LibraryImport(Library, EntryPoint = "tsb_softplus")]
    internal static partial int Softplus(TensorHandle tensor, double beta, double threshold, out TensorHandle result);
    [LibraryImport(Library, EntryPoint = "tsb_masked_fill")]
    internal static partial int MaskedFill(TensorHandle tensor, TensorHandle mask, double value, out TensorHandle result);
    [LibraryImport(Library, EntryPoint = "tsb_gather")]
    internal static partial int Gather(TensorHandle tensor, long dim, TensorHandle index, out TensorHandle result);
    [LibraryImport(Library, EntryPoint = "tsb_where")]
    internal static partial int Where(TensorHandle condition, TensorHandle x, TensorHandle y, out TensorHandle result);
    [LibraryImport(Library, EntryPoint = "tsb_cdist")]
    internal static partial int Cdist(TensorHandle left, TensorHandle right, double p, long mode, out TensorHandle result);
    [LibraryImport(Library, EntryPoint = "tsb_extreme")]
    internal static partial int Extreme(TensorHandle tensor, long dim, int keep, int largest, out TensorHandle values, out TensorHandle indexes);
    [LibraryImport(Library, EntryPoint = "tsb_add_in_place")]
    internal static partial int AddInPlace(TensorHandle tensor, TensorHandle other, double alpha);
    [LibraryImport(Library, EntryPoint = "tsb_mul_scalar_in_place")]
    internal static partial int MulScalarInPlace(TensorHandle tensor, double value);
    [LibraryImport(Library, EntryPoint = "tsb_sum_dims")]
    internal static partial int SumDims(TensorHandle tensor, ReadOnlySpan<long> dims, int n, int keep, out TensorHandle result);
    [LibraryImport(Library, EntryPoint = "tsb_mean_dims")]
    internal static partial int MeanDims(TensorHandle tensor, ReadOnlySpan<long> dims, int n, int keep, int dtype, out TensorHandle result);
    [LibraryImport(Library, EntryPoint = "tsb_amax")]
    internal static partial int Amax(TensorHandle tensor, ReadOnlySpan<long> dims, int n, int keep, out TensorHandle result);
    [LibraryImport(Library, EntryPoint = "tsb_amin")]
    internal static partial int Amin(TensorHandle tensor, ReadOnlySpan<long> dims, int n, int keep, out TensorHandle result);
    [LibraryImport(Library, EntryPoint = "tsb_log_softmax")]
    internal static partial int LogSoftmax(TensorHandle tensor, long dim, out TensorHandle result);

    [LibraryImport(Library, EntryPoint = "tsb_t")]
    internal static partial int T(TensorHandle tensor, out TensorHandle result);
    [LibraryImport(Library, EntryPoint = "tsb_reshape")]
    internal static partial int Reshape(TensorHandle tensor, ReadOnlySpan<long> shape, int n, out TensorHandle result);
    [LibraryImport(Library, EntryPoint = "tsb_contiguous")]
    internal static partial int Contiguous(TensorHandle tensor, out TensorHandle result);
    [LibraryImport(Library, EntryPoint = "tsb_clone")]
    internal static partial int Clone(TensorHandle tensor, out TensorHandle result);
    [LibraryImport(Library, EntryPoint = "tsb_alias")]
    internal static partial int Alias(TensorHandle tensor, out TensorHandle result);
    [LibraryImport(Library, EntryPoint = "tsb_zeros_like")]
    internal static partial int ZerosLike(TensorHandle tensor, out TensorHandle result);
    [LibraryImport(Library, EntryPoint = "tsb_permute")]
    internal static partial int Permute(TensorHandle tensor, ReadOnlySpan<long> order, int n, out TensorHandle result);
    [LibraryImport(Library, EntryPoint = "tsb_is_contiguous")]
    internal static partial int IsContiguous(TensorHandle tensor);
    [LibraryImport(Library, EntryPoint = "tsb_transpose")]
    internal static partial int Transpose(TensorHandle tensor, long a, long b, out TensorHandle result);
    [LibraryImport(Library, EntryPoint = "tsb_narrow")]
    internal static partial int Narrow(TensorHandle tensor, long dim, long start, long length, out TensorHandle result);
    [LibraryImport(Library, EntryPoint = "tsb_cat")]
    internal static partial int Cat(ReadOnlySpan<nint> tensors, int count, long dim, out TensorHandle result);

    [LibraryImport(Library, EntryPoint = "tsb_conv2d")]
    internal static partial int Conv2d(
        TensorHandle x, TensorHandle weight, TensorHandle bias, ReadOnlySpan<long> stride, ReadOnlySpan<long> padding, ReadOnlySpan<long> dilation,
        long groups, out TensorHandle result);
    [LibraryImport(Library, EntryPoint = "tsb_linear")]
    internal static partial int Linear(TensorHandle x, TensorHandle weight, TensorHandle bias, out TensorHandle result);
    [LibraryImport(Library, EntryPoint = "tsb_batch_norm")]
    internal static partial int BatchNorm(
        TensorHandle x, TensorHandle mean, TensorHandle var, TensorHandle weight, TensorHandle bias, int training, double momentum, double eps,
        out TensorHandle result);
    [LibraryImport(Library, EntryPoint = "tsb_instance_norm")]
    internal static partial int InstanceNorm(
        TensorHandle x, TensorHandle mean, TensorHandle var, TensorHandle weight, TensorHandle bias, int useInputStats, double momentum, double eps,
        out TensorHandle result);
    [LibraryImport(Library, EntryPoint = "tsb_max_pool2d")]
    internal static partial int MaxPool2d(
        TensorHandle x, ReadOnlySpan<long> kernel, ReadOnlySpan<long> stride, ReadOnlySpan<long> padding, ReadOnlySpan<long> dilation, int ceilMode,
        out TensorHandle result);
    [LibraryImport(Library, EntryPoint = "tsb_avg_pool2d")]
    internal static partial int AvgPool2d(
        TensorHandle x, ReadOnlySpan<long> kernel, ReadOnlySpan<long> stride, ReadOnlySpan<long> padding, int ceilMode, int countPadding,
        out TensorHandle result);
    [LibraryImport(Library, EntryPoint = "tsb_adaptive_avg_pool2d")]
    internal static partial int AdaptiveAvgPool2d(TensorHandle x, ReadOnlySpan<long> size, out TensorHandle result);
    [LibraryImport(Library, EntryPoint = "tsb_pad")]
    internal static partial int Pad(TensorHandle x, ReadOnlySpan<long> pad, int n, double value, out TensorHandle result);

    [LibraryImport(Library, EntryPoint = "tsb_adam_step")]
    internal static partial int AdamStep(
        TensorHandle parameter, TensorHandle mean, TensorHandle square, TensorHandle largest, ref long step, double lr, double beta1, double beta2,
        double eps, double weightDecay, int decoupled, int maximize);
    [LibraryImport(Library, EntryPoint = "tsb_sgd_step")]
    internal static partial int SgdStep(
        TensorHandle parameter, TensorHandle momentum, out TensorHandle made, double lr, double mu, double dampening, double weightDecay,
        int nesterov, int maximize);
    [LibraryImport(Library, EntryPoint = "tsb_clip_grad_norm")]
    internal static partial int ClipGradNorm(ReadOnlySpan<nint> parameters, int count, double maxNorm, out double norm);
}

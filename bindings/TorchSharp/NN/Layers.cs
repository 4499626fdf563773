using TorchSharp.Modules;
using TorchSharp.Native;

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            /// <summary>Convolution over rows and columns, padded with zeros. Its weights are zero until they are set: this slice initialises nothing.</summary>
            public static Conv2d Conv2d(
                long in_channels, long out_channels, (long, long) kernel_size, (long, long)? stride = null, (long, long)? padding = null,
                (long, long)? dilation = null, PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true,
                Device? device = null, ScalarType? dtype = null) =>
                new(in_channels, out_channels, kernel_size, stride ?? (1, 1), padding ?? (0, 0), dilation ?? (1, 1), groups, bias, device, dtype);

            /// <summary>Batch normalisation of maps.</summary>
            public static BatchNorm2d BatchNorm2d(
                long num_features, double eps = 1e-05, double momentum = 0.1, bool affine = true, bool track_running_stats = true, Device? device = null,
                ScalarType? dtype = null) => new(num_features, eps, momentum, affine, track_running_stats, device, dtype);

            /// <summary>Batch normalisation of vectors.</summary>
            public static BatchNorm1d BatchNorm1d(
                long num_features, double eps = 1e-05, double momentum = 0.1, bool affine = true, bool track_running_stats = true, Device? device = null,
                ScalarType? dtype = null) => new(num_features, eps, momentum, affine, track_running_stats, device, dtype);

            /// <summary>Normalisation of each map of each sample by itself.</summary>
            public static InstanceNorm2d InstanceNorm2d(
                long num_features, double eps = 1e-05, double momentum = 0.1, bool affine = false, bool track_running_stats = false, Device? device = null,
                ScalarType? dtype = null) => new(num_features, eps, momentum, affine, track_running_stats, device, dtype);

            /// <summary>Matrix product with a weight. Its weights are zero until they are set: this slice initialises nothing.</summary>
            public static Linear Linear(long inputSize, long outputSize, bool hasBias = true, Device? device = null, ScalarType? dtype = null) =>
                new(inputSize, outputSize, hasBias, device, dtype);
        }
    }

    /// <summary>What lies beyond the border of a map.</summary>
    public enum PaddingModes
    {
        /// <summary>Zeros.</summary>
        Zeros = 0,

        /// <summary>One value.</summary>
        Constant = 4,
    }
}

namespace TorchSharp.Modules
{
    /// <summary>Convolution over rows and columns.</summary>
    public sealed class Conv2d : torch.nn.Module<torch.Tensor, torch.Tensor>
    {
        private readonly long[] _stride;
        private readonly long[] _padding;
        private readonly long[] _dilation;
        private readonly long _groups;

        internal Conv2d(
            long inChannels, long outChannels, (long Rows, long Columns) kernel, (long Rows, long Columns) stride, (long Rows, long Columns) padding,
            (long Rows, long Columns) dilation, long groups, bool hasBias, torch.Device? device, torch.ScalarType? dtype)
            : base(nameof(Conv2d))
        {
            _stride = [stride.Rows, stride.Columns];
            _padding = [padding.Rows, padding.Columns];
            _dilation = [dilation.Rows, dilation.Columns];
            _groups = groups;
            weight = new Parameter(torch.zeros([outChannels, inChannels / groups, kernel.Rows, kernel.Columns], dtype, device));
            register_parameter(nameof(weight), weight);
            if (hasBias)
            {
                bias = new Parameter(torch.zeros([outChannels], dtype, device));
                register_parameter(nameof(bias), bias);
            }
        }

        /// <summary>(out, in / groups, rows, columns).</summary>
        public Parameter weight { get; }

        /// <summary>(out), or null.</summary>
        public Parameter? bias { get; }

        /// <inheritdoc/>
        public override torch.Tensor forward(torch.Tensor input)
        {
            ArgumentNullException.ThrowIfNull(input);
            Bridge.Check(Bridge.Conv2d(
                input.Handle, weight.Handle, bias?.Handle ?? TensorHandle.None, _stride, _padding, _dilation, _groups, out TensorHandle made));
            return new torch.Tensor(made);
        }
    }

    /// <summary>What batch and instance normalisation share.</summary>
    public abstract class NormBase : torch.nn.Module<torch.Tensor, torch.Tensor>
    {
        private protected NormBase(
            string name, long features, double eps, double momentum, bool affine, bool track, torch.Device? device, torch.ScalarType? dtype)
            : base(name)
        {
            this.eps = eps;
            this.momentum = momentum;
            if (affine)
            {
                weight = new Parameter(torch.ones([features], dtype, device));
                bias = new Parameter(torch.zeros([features], dtype, device));
                register_parameter(nameof(weight), weight);
                register_parameter(nameof(bias), bias);
            }

            if (track)
            {
                register_buffer(nameof(running_mean), running_mean = torch.zeros([features], dtype, device));
                register_buffer(nameof(running_var), running_var = torch.ones([features], dtype, device));
                register_buffer(nameof(num_batches_tracked), num_batches_tracked = torch.zeros([], torch.int64, device));
            }
        }

        /// <summary>Added to the variance.</summary>
        public double eps { get; set; }

        /// <summary>Share of the newest batch in the running statistics.</summary>
        public double? momentum { get; set; }

        /// <summary>Scale of each channel; null without affine parameters.</summary>
        public Parameter? weight { get; }

        /// <summary>Shift of each channel; null without affine parameters.</summary>
        public Parameter? bias { get; }

        /// <summary>Running mean; null when not tracked.</summary>
        public torch.Tensor? running_mean { get; }

        /// <summary>Running unbiased variance; null when not tracked.</summary>
        public torch.Tensor? running_var { get; }

        /// <summary>Training batches seen; null when not tracked.</summary>
        public torch.Tensor? num_batches_tracked { get; }

        private protected TensorHandle Mean => running_mean?.Handle ?? TensorHandle.None;

        private protected TensorHandle Variance => running_var?.Handle ?? TensorHandle.None;

        private protected TensorHandle Weight => weight?.Handle ?? TensorHandle.None;

        private protected TensorHandle Bias => bias?.Handle ?? TensorHandle.None;

        // Without running statistics the sample's own are used also at inference.
        private protected int UseInput => training || running_mean is null ? 1 : 0;
    }

    /// <summary>What batch normalisation of maps and of vectors share.</summary>
    public abstract class BatchNorm : NormBase
    {
        private protected BatchNorm(
            string name, long features, double eps, double momentum, bool affine, bool track, torch.Device? device, torch.ScalarType? dtype)
            : base(name, features, eps, momentum, affine, track, device, dtype)
        {
        }

        /// <inheritdoc/>
        public override torch.Tensor forward(torch.Tensor input)
        {
            ArgumentNullException.ThrowIfNull(input);
            if (training && num_batches_tracked is { } seen)
            {
                Bridge.Check(Bridge.AddScalar(seen.Handle, 1, out TensorHandle next));
                using (next)
                {
                    Bridge.Check(Bridge.CopyInto(seen.Handle, next));
                }
            }

            Bridge.Check(Bridge.BatchNorm(input.Handle, Mean, Variance, Weight, Bias, UseInput, momentum ?? 0.1, eps, out TensorHandle made));
            return new torch.Tensor(made);
        }
    }

    /// <summary>Batch normalisation of maps.</summary>
    public sealed class BatchNorm2d : BatchNorm
    {
        internal BatchNorm2d(long features, double eps, double momentum, bool affine, bool track, torch.Device? device, torch.ScalarType? dtype)
            : base(nameof(BatchNorm2d), features, eps, momentum, affine, track, device, dtype)
        {
        }
    }

    /// <summary>Batch normalisation of vectors.</summary>
    public sealed class BatchNorm1d : BatchNorm
    {
        internal BatchNorm1d(long features, double eps, double momentum, bool affine, bool track, torch.Device? device, torch.ScalarType? dtype)
            : base(nameof(BatchNorm1d), features, eps, momentum, affine, track, device, dtype)
        {
        }
    }

    /// <summary>Normalisation of each map of each sample by itself.</summary>
    public sealed class InstanceNorm2d : NormBase
    {
        internal InstanceNorm2d(long features, double eps, double momentum, bool affine, bool track, torch.Device? device, torch.ScalarType? dtype)
            : base(nameof(InstanceNorm2d), features, eps, momentum, affine, track, device, dtype)
        {
        }

        /// <inheritdoc/>
        public override torch.Tensor forward(torch.Tensor input)
        {
            ArgumentNullException.ThrowIfNull(input);
            Bridge.Check(Bridge.InstanceNorm(input.Handle, Mean, Variance, Weight, Bias, UseInput, momentum ?? 0.1, eps, out TensorHandle made));
            return new torch.Tensor(made);
        }
    }

    /// <summary>Matrix product with a weight.</summary>
    public sealed class Linear : torch.nn.Module<torch.Tensor, torch.Tensor>
    {
        internal Linear(long inputs, long outputs, bool hasBias, torch.Device? device, torch.ScalarType? dtype)
            : base(nameof(Linear))
        {
            weight = new Parameter(torch.zeros([outputs, inputs], dtype, device));
            register_parameter(nameof(weight), weight);
            if (hasBias)
            {
                bias = new Parameter(torch.zeros([outputs], dtype, device));
                register_parameter(nameof(bias), bias);
            }
        }

        /// <summary>(out, in).</summary>
        public Parameter weight { get; }

        /// <summary>(out), or null.</summary>
        public Parameter? bias { get; }

        /// <inheritdoc/>
        public override torch.Tensor forward(torch.Tensor input)
        {
            ArgumentNullException.ThrowIfNull(input);
            Bridge.Check(Bridge.Linear(input.Handle, weight.Handle, bias?.Handle ?? TensorHandle.None, out TensorHandle made));
            return new torch.Tensor(made);
        }
    }
}

using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Building blocks of networks.</summary>
    public static partial class nn
    {
        /// <summary>Layers without state.</summary>
        public static class functional
        {
            /// <summary>max(x, 0).</summary>
            public static Tensor relu(Tensor x, bool inplace = false)
            {
                ArgumentNullException.ThrowIfNull(x);
                return inplace ? x.relu_().alias() : x.relu();
            }

            /// <summary>min(max(x, 0), 6).</summary>
            public static Tensor relu6(Tensor x, bool inplace = false)
            {
                ArgumentNullException.ThrowIfNull(x);
                return inplace ? x.relu6_().alias() : x.relu6();
            }

            /// <summary>ln(1 + exp(beta · x)) / beta, and x itself where beta · x is above the threshold.</summary>
            public static Tensor softplus(Tensor x, double beta = 1, double threshold = 20)
            {
                ArgumentNullException.ThrowIfNull(x);
                Bridge.Check(Bridge.Softplus(x.Handle, beta, threshold, out TensorHandle made));
                return new Tensor(made);
            }

            /// <summary>Logarithm of the softmax along a dimension.</summary>
            public static Tensor log_softmax(Tensor x, long dim)
            {
                ArgumentNullException.ThrowIfNull(x);
                Bridge.Check(Bridge.LogSoftmax(x.Handle, dim, out TensorHandle made));
                return new Tensor(made);
            }

            /// <summary>Convolution over rows and columns.</summary>
            public static Tensor conv2d(
                Tensor input, Tensor weight, Tensor? bias = null, long[]? strides = null, long[]? padding = null, long[]? dilation = null,
                long groups = 1)
            {
                ArgumentNullException.ThrowIfNull(input);
                ArgumentNullException.ThrowIfNull(weight);
                Bridge.Check(Bridge.Conv2d(
                    input.Handle, weight.Handle, Given(bias), Two(strides, 1), Two(padding, 0), Two(dilation, 1), groups, out TensorHandle made));
                return new Tensor(made);
            }

            /// <summary>Batch normalisation; in training with the batch's statistics, which also go into the running ones.</summary>
            public static Tensor batch_norm(
                Tensor input, Tensor? running_mean, Tensor? running_var, Tensor? weight = null, Tensor? bias = null, bool training = false,
                double momentum = 0.1, double eps = 1e-5)
            {
                ArgumentNullException.ThrowIfNull(input);
                Bridge.Check(Bridge.BatchNorm(
                    input.Handle, Given(running_mean), Given(running_var), Given(weight), Given(bias), training ? 1 : 0, momentum, eps,
                    out TensorHandle made));
                return new Tensor(made);
            }

            /// <summary>Matrix product with a weight (out, in), and a bias.</summary>
            public static Tensor linear(Tensor input, Tensor weights, Tensor? bias = null)
            {
                ArgumentNullException.ThrowIfNull(input);
                ArgumentNullException.ThrowIfNull(weights);
                Bridge.Check(Bridge.Linear(input.Handle, weights.Handle, Given(bias), out TensorHandle made));
                return new Tensor(made);
            }

            /// <summary>Fills up around a tensor with a value.</summary>
            /// <param name="input">The tensor.</param>
            /// <param name="pad">How many before and behind the last dimension, then before and behind the one before it, and so on.</param>
            /// <param name="mode">Only <see cref="PaddingModes.Constant"/> is in this slice.</param>
            /// <param name="value">The value.</param>
            public static Tensor pad(Tensor input, long[] pad, PaddingModes mode = PaddingModes.Constant, double value = 0)
            {
                ArgumentNullException.ThrowIfNull(input);
                ArgumentNullException.ThrowIfNull(pad);
                if (mode != PaddingModes.Constant)
                {
                    throw new NotSupportedException("only padding with a constant is in this slice of TorchSharp");
                }

                Bridge.Check(Bridge.Pad(input.Handle, pad, pad.Length, value, out TensorHandle made));
                return new Tensor(made);
            }

            /// <summary>Mean under a window.</summary>
            public static Tensor avg_pool2d(
                Tensor input, long[] kernel_size, long[]? stride = null, long[]? padding = null, bool ceil_mode = false,
                bool count_include_pad = true, long? divisor_override = null)
            {
                ArgumentNullException.ThrowIfNull(input);
                ArgumentNullException.ThrowIfNull(kernel_size);
                if (divisor_override is not null)
                {
                    throw new NotSupportedException("another divisor is not in this slice of TorchSharp");
                }

                Bridge.Check(Bridge.AvgPool2d(
                    input.Handle, Two(kernel_size, 1), Two(stride ?? kernel_size, 1), Two(padding, 0), ceil_mode ? 1 : 0, count_include_pad ? 1 : 0,
                    out TensorHandle made));
                return new Tensor(made);
            }

            /// <summary>Mean under windows that cut the map into so many rows and columns.</summary>
            public static Tensor adaptive_avg_pool2d(Tensor input, long[] output_size)
            {
                ArgumentNullException.ThrowIfNull(input);
                Bridge.Check(Bridge.AdaptiveAvgPool2d(input.Handle, Two(output_size, 1), out TensorHandle made));
                return new Tensor(made);
            }

            /// <summary>Largest value under a window.</summary>
            public static Tensor max_pool2d(
                Tensor input, long kernel_size, long? stride = null, long? padding = null, long? dilation = null, bool ceil_mode = false)
            {
                ArgumentNullException.ThrowIfNull(input);
                long step = stride ?? kernel_size;
                long pad = padding ?? 0;
                long apart = dilation ?? 1;
                Bridge.Check(Bridge.MaxPool2d(
                    input.Handle, [kernel_size, kernel_size], [step, step], [pad, pad], [apart, apart], ceil_mode ? 1 : 0, out TensorHandle made));
                return new Tensor(made);
            }

            private static TensorHandle Given(Tensor? tensor) => tensor?.Handle ?? TensorHandle.None;

            // One number stands for rows and columns alike.
            private static ReadOnlySpan<long> Two(long[]? sizes, long missing) => sizes switch
            {
                null => new[] { missing, missing },
                [long both] => new[] { both, both },
                [_, _] => sizes,
                _ => throw new ArgumentException($"one or two sizes, got {sizes.Length}"),
            };
        }
    }
}

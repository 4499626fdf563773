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
            /// <summary>min(max(x, 0), 6).</summary>
            public static Tensor relu6(Tensor x, bool inplace = false)
            {
                ArgumentNullException.ThrowIfNull(x);
                return inplace ? throw new NotSupportedException("in place is not in this slice of TorchSharp") : x.relu6();
            }

            /// <summary>Logarithm of the softmax along a dimension.</summary>
            public static Tensor log_softmax(Tensor x, long dim)
            {
                ArgumentNullException.ThrowIfNull(x);
                Bridge.Check(Bridge.LogSoftmax(x.Handle, dim, out TensorHandle made));
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
        }
    }
}

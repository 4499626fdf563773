using TorchSharp.Modules;

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class optim
        {
            /// <summary>Adam (arXiv 1412.6980).</summary>
            /// <param name="parameters">What it changes.</param>
            /// <param name="lr">Learning rate.</param>
            /// <param name="beta1">Decay of the mean gradient.</param>
            /// <param name="beta2">Decay of the mean squared gradient.</param>
            /// <param name="eps">Added to the root of the mean squared gradient.</param>
            /// <param name="weight_decay">Times the parameter, added to the gradient.</param>
            /// <param name="amsgrad">Whether to divide by the largest mean squared gradient so far.</param>
            /// <param name="maximize">Whether to climb.</param>
            public static Adam Adam(
                IEnumerable<Parameter> parameters, double lr = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8,
                double weight_decay = 0, bool amsgrad = false, bool maximize = false) =>
                new([new Adam.ParamGroup { Parameters = parameters }], lr, beta1, beta2, eps, weight_decay, amsgrad, maximize);

            /// <inheritdoc cref="Adam(IEnumerable{Parameter}, double, double, double, double, double, bool, bool)"/>
            public static Adam Adam(
                IEnumerable<Adam.ParamGroup> parameters, double lr = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8,
                double weight_decay = 0, bool amsgrad = false, bool maximize = false) =>
                new(parameters, lr, beta1, beta2, eps, weight_decay, amsgrad, maximize);
        }
    }
}

namespace TorchSharp.Modules
{
    /// <summary>Adam (arXiv 1412.6980).</summary>
    public class Adam : AdamBase
    {
        internal Adam(
            IEnumerable<ParamGroup> parameters, double lr, double beta1, double beta2, double eps, double weight_decay, bool amsgrad, bool maximize)
            : base(parameters, decoupled: false, lr, beta1, beta2, eps, weight_decay, amsgrad, maximize)
        {
        }
    }
}

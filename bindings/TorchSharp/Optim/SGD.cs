using TorchSharp.Modules;
using TorchSharp.Native;

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class optim
        {
            /// <summary>Gradient descent.</summary>
            /// <param name="parameters">What it changes.</param>
            /// <param name="learningRate">Learning rate.</param>
            /// <param name="momentum">Share of the last step kept.</param>
            /// <param name="dampening">How much less of the gradient goes into the momentum.</param>
            /// <param name="weight_decay">Times the parameter, added to the gradient.</param>
            /// <param name="nesterov">Whether to look ahead along the momentum.</param>
            /// <param name="maximize">Whether to climb.</param>
            public static Modules.SGD SGD(
                IEnumerable<Parameter> parameters, double learningRate, double momentum = 0, double dampening = 0, double weight_decay = 0,
                bool nesterov = false, bool maximize = false) =>
                new([new SGD.ParamGroup { Parameters = parameters }], learningRate, momentum, dampening, weight_decay, nesterov, maximize);

            /// <inheritdoc cref="SGD(IEnumerable{Parameter}, double, double, double, double, bool, bool)"/>
            public static Modules.SGD SGD(
                IEnumerable<SGD.ParamGroup> parameters, double learningRate, double momentum = 0.0, double dampening = 0, double weight_decay = 0,
                bool nesterov = false, bool maximize = false) =>
                new(parameters, learningRate, momentum, dampening, weight_decay, nesterov, maximize);
        }
    }
}

namespace TorchSharp.Modules
{
    /// <summary>Gradient descent with momentum.</summary>
    public class SGD : OptimizerHelper
    {
        private readonly Options _defaults;

        internal SGD(
            IEnumerable<ParamGroup> parameters, double lr, double momentum, double dampening, double weight_decay, bool nesterov, bool maximize)
        {
            ArgumentNullException.ThrowIfNull(parameters);
            if (lr < 0 || momentum < 0 || weight_decay < 0 || (nesterov && (momentum <= 0 || dampening != 0)))
            {
                throw new ArgumentException($"Invalid options: learning rate {lr}, momentum {momentum}, dampening {dampening}, weight decay {weight_decay}");
            }

            _defaults = new Options
            {
                LearningRate = lr,
                momentum = momentum,
                dampening = dampening,
                weight_decay = weight_decay,
                nesterov = nesterov,
                maximize = maximize,
            };
            foreach (ParamGroup group in parameters)
            {
                Add(group);
            }
        }

        /// <inheritdoc/>
        public override void add_param_group(Modules.ParamGroup param_group) => Add((ParamGroup)param_group);

        private protected override void Step(Modules.ParamGroup group)
        {
            Options o = ((ParamGroup)group).Options!;
            foreach (Parameter parameter in group.Parameters)
            {
                State state = StateOf<State>(parameter);
                Bridge.Check(Bridge.SgdStep(
                    parameter.Handle, state.Momentum?.Handle ?? TensorHandle.None, out TensorHandle made, o.LearningRate!.Value, o.momentum!.Value,
                    o.dampening!.Value, o.weight_decay!.Value, o.nesterov!.Value ? 1 : 0, o.maximize!.Value ? 1 : 0));
                if (!made.IsInvalid)
                {
                    state.Momentum = new torch.Tensor(made, register: false);
                }
            }
        }

        private void Add(ParamGroup group)
        {
            Options o = group.Options ??= new Options();
            o.LearningRate ??= _defaults.LearningRate;
            o.momentum ??= _defaults.momentum;
            o.dampening ??= _defaults.dampening;
            o.weight_decay ??= _defaults.weight_decay;
            o.nesterov ??= _defaults.nesterov;
            o.maximize ??= _defaults.maximize;
            Add(group, parameter => new State(parameter));
        }

        /// <summary>Options of one group.</summary>
        public class Options : OptimizerOptions
        {
#pragma warning disable CA1051, SA1401 // fields upstream
            /// <summary>Share of the last step kept.</summary>
            public double? momentum;

            /// <summary>How much less of the gradient goes into the momentum.</summary>
            public double? dampening;

            /// <summary>Times the parameter, added to the gradient.</summary>
            public double? weight_decay;

            /// <summary>Whether to look ahead along the momentum.</summary>
            public bool? nesterov;

            /// <summary>Whether to climb.</summary>
            public bool? maximize;
#pragma warning restore CA1051, SA1401

            /// <inheritdoc/>
            public override void SaveStateDict(BinaryWriter writer)
            {
                base.SaveStateDict(writer);
                writer.Write(momentum!.Value);
                writer.Write(dampening!.Value);
                writer.Write(weight_decay!.Value);
                writer.Write(nesterov!.Value);
                writer.Write(maximize!.Value);
            }

            /// <inheritdoc/>
            public override void LoadStateDict(BinaryReader reader)
            {
                base.LoadStateDict(reader);
                momentum = reader.ReadDouble();
                dampening = reader.ReadDouble();
                weight_decay = reader.ReadDouble();
                nesterov = reader.ReadBoolean();
                maximize = reader.ReadBoolean();
            }
        }

        /// <summary>Parameters with common options.</summary>
        public class ParamGroup : ParamGroup<Options>
        {
            /// <summary>An empty group.</summary>
            public ParamGroup()
            {
            }

            /// <summary>A group with its options.</summary>
            public ParamGroup(IEnumerable<Parameter> parameters, Options options)
                : base(parameters, options)
            {
            }
        }

        private sealed class State(Parameter parameter) : OptimizerState
        {
            internal torch.Tensor? Momentum { get; set; }

            public override void SaveStateDict(BinaryWriter writer)
            {
                writer.Write(Momentum is not null);
                Momentum?.Save(writer);
            }

            public override void LoadStateDict(BinaryReader reader)
            {
                Free();
                if (reader.ReadBoolean())
                {
                    Momentum = TensorStream.Read(reader, parameter.device);
                }
            }

            internal override void Free()
            {
                Momentum?.Dispose();
                Momentum = null;
            }
        }
    }
}

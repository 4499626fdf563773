using TorchSharp.Native;

namespace TorchSharp.Modules;

/// <summary>What Adam and AdamW share: all but where weight decay goes. One native call a parameter and step.</summary>
public abstract class AdamBase : OptimizerHelper
{
    private readonly bool _decoupled;
    private readonly Options _defaults;

    private protected AdamBase(
        IEnumerable<ParamGroup> parameters, bool decoupled, double lr, double beta1, double beta2, double eps, double weight_decay, bool amsgrad,
        bool maximize)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        if (lr < 0 || eps < 0 || beta1 is < 0 or >= 1 || beta2 is < 0 or >= 1 || weight_decay < 0)
        {
            throw new ArgumentException($"Invalid options: learning rate {lr}, beta {beta1} and {beta2}, eps {eps}, weight decay {weight_decay}");
        }

        _decoupled = decoupled;
        _defaults = new Options
        {
            LearningRate = lr,
            beta1 = beta1,
            beta2 = beta2,
            eps = eps,
            weight_decay = weight_decay,
            amsgrad = amsgrad,
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
            Bridge.Check(Bridge.AdamStep(
                parameter.Handle, state.Mean.Handle, state.Square.Handle, state.Largest?.Handle ?? TensorHandle.None, ref state.Steps,
                o.LearningRate!.Value, o.beta1!.Value, o.beta2!.Value, o.eps!.Value, o.weight_decay!.Value, _decoupled ? 1 : 0,
                o.maximize!.Value ? 1 : 0));
        }
    }

    private void Add(ParamGroup group)
    {
        Options o = group.Options ??= new Options();
        o.LearningRate ??= _defaults.LearningRate;
        o.beta1 ??= _defaults.beta1;
        o.beta2 ??= _defaults.beta2;
        o.eps ??= _defaults.eps;
        o.weight_decay ??= _defaults.weight_decay;
        o.amsgrad ??= _defaults.amsgrad;
        o.maximize ??= _defaults.maximize;
        Add(group, parameter => new State(parameter, o.amsgrad!.Value));
    }

    /// <summary>Options of one group.</summary>
    public class Options : OptimizerOptions
    {
#pragma warning disable CA1051, SA1401 // fields upstream
        /// <summary>Decay of the mean gradient.</summary>
        public double? beta1;

        /// <summary>Decay of the mean squared gradient.</summary>
        public double? beta2;

        /// <summary>Weight decay.</summary>
        public double? weight_decay;

        /// <summary>Added to the root of the mean squared gradient.</summary>
        public double? eps;

        /// <summary>Whether to divide by the largest mean squared gradient so far.</summary>
        public bool? amsgrad;

        /// <summary>Whether to climb.</summary>
        public bool? maximize;
#pragma warning restore CA1051, SA1401

        /// <inheritdoc/>
        public override void SaveStateDict(BinaryWriter writer)
        {
            base.SaveStateDict(writer);
            writer.Write(beta1!.Value);
            writer.Write(beta2!.Value);
            writer.Write(eps!.Value);
            writer.Write(weight_decay!.Value);
            writer.Write(amsgrad!.Value);
            writer.Write(maximize!.Value);
        }

        /// <inheritdoc/>
        public override void LoadStateDict(BinaryReader reader)
        {
            base.LoadStateDict(reader);
            beta1 = reader.ReadDouble();
            beta2 = reader.ReadDouble();
            eps = reader.ReadDouble();
            weight_decay = reader.ReadDouble();
            amsgrad = reader.ReadBoolean();
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

    private sealed class State : OptimizerState
    {
#pragma warning disable SA1401 // passed by reference
        internal long Steps;
#pragma warning restore SA1401

        internal State(Parameter parameter, bool amsgrad)
        {
            Mean = torch.zeros_like(parameter).DetachFromDisposeScope();
            Square = torch.zeros_like(parameter).DetachFromDisposeScope();
            Largest = amsgrad ? torch.zeros_like(parameter).DetachFromDisposeScope() : null;
        }

        internal torch.Tensor Mean { get; }

        internal torch.Tensor Square { get; }

        internal torch.Tensor? Largest { get; private set; }

        public override void SaveStateDict(BinaryWriter writer)
        {
            writer.Write(Steps);
            Mean.Save(writer);
            Square.Save(writer);
            writer.Write(Largest is not null);
            Largest?.Save(writer);
        }

        public override void LoadStateDict(BinaryReader reader)
        {
            Steps = reader.ReadInt64();
            Mean.Load(reader);
            Square.Load(reader);
            Largest?.Dispose();
            Largest = reader.ReadBoolean() ? TensorStream.Read(reader, Mean.device) : null;
        }

        internal override void Free()
        {
            Mean.Dispose();
            Square.Dispose();
            Largest?.Dispose();
        }
    }
}

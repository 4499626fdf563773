using TorchSharp.Modules;
using TorchSharp.Native;

namespace TorchSharp
{
    public static partial class torch
    {
        /// <summary>Optimisers.</summary>
        public static partial class optim
        {
            /// <summary>What learning-rate schedules set.</summary>
            public interface ILearningRateController
            {
                /// <summary>The learning rate of the next step.</summary>
                double LearningRate { get; set; }

                /// <summary>The learning rate at the start.</summary>
                double InitialLearningRate { get; set; }
            }

            /// <summary>Changes parameters against their gradients.</summary>
            public abstract class Optimizer : IDisposable
            {
                private protected Optimizer()
                {
                }

                /// <summary>The groups, in the order they were added: a schedule sets each one's learning rate.</summary>
                public virtual IEnumerable<ILearningRateController> ParamGroups => Groups;

                private protected List<ParamGroup> Groups { get; } = [];

                /// <summary>Sets the gradients of all parameters to zero; those that do not exist yet stay away.</summary>
                public virtual void zero_grad()
                {
                    foreach (Parameter parameter in parameters())
                    {
                        using Tensor? gradient = parameter.grad;
                        gradient?.zero_();
                    }
                }

                /// <summary>Changes every parameter that has a gradient.</summary>
                /// <param name="closure">Not supported by the slice.</param>
                /// <returns>Null, for there is no closure that makes a loss.</returns>
                public virtual Tensor? step(Func<Tensor>? closure = null)
                {
                    if (closure is not null)
                    {
                        throw new NotSupportedException("closures are not in this slice of TorchSharp");
                    }

                    foreach (ParamGroup group in Groups)
                    {
                        Step(group);
                    }

                    return null;
                }

                /// <summary>The parameters of all groups.</summary>
                public virtual IEnumerable<Parameter> parameters() => Groups.SelectMany(g => g.Parameters);

                /// <summary>Adds a group; what its options leave out they take from the optimiser's.</summary>
                public abstract void add_param_group(ParamGroup param_group);

                /// <inheritdoc/>
                public void Dispose()
                {
                    Dispose(true);
                    GC.SuppressFinalize(this);
                }

                /// <summary>Frees the state.</summary>
                protected abstract void Dispose(bool disposing);

                private protected abstract void Step(ParamGroup group);
            }
        }

        public static partial class nn
        {
            /// <summary>Helpers of training.</summary>
            public static class utils
            {
                /// <summary>Scales all gradients by one factor so that their joint length is at most <paramref name="max_norm"/>.</summary>
                /// <param name="tensors">The parameters.</param>
                /// <param name="max_norm">The length.</param>
                /// <param name="norm_type">Which norm; only 2 is in this slice.</param>
                /// <returns>The length before.</returns>
                public static double clip_grad_norm_(IEnumerable<Parameter> tensors, double max_norm, double norm_type = 2.0)
                {
                    ArgumentNullException.ThrowIfNull(tensors);
                    if (norm_type != 2)
                    {
                        throw new NotSupportedException("only the Euclidean norm is in this slice of TorchSharp");
                    }

                    using HandleArray handles = new(tensors);
                    Bridge.Check(Bridge.ClipGradNorm(handles.Values, handles.Values.Length, max_norm, out double norm));
                    return norm;
                }
            }
        }
    }
}

namespace TorchSharp.Modules
{
    /// <summary>What optimisers with saved state share. The format of the file is TorchSharp's own.</summary>
    public abstract class OptimizerHelper : torch.optim.Optimizer
    {
        private readonly Dictionary<Parameter, OptimizerState> _state = [];

        private protected OptimizerHelper()
        {
        }

        /// <summary>Saves options and state.</summary>
        public void save_state_dict(string location)
        {
            using FileStream stream = File.Create(location);
            using BinaryWriter writer = new(stream);
            save_state_dict(writer);
        }

        /// <summary>Loads options and state that <see cref="save_state_dict(string)"/> saved for the same parameters in the same groups.</summary>
        /// <exception cref="InvalidDataException">They are another optimiser's.</exception>
        /// <exception cref="ArgumentException">Groups or parameters are others.</exception>
        public void load_state_dict(string location)
        {
            using FileStream stream = File.OpenRead(location);
            using BinaryReader reader = new(stream);
            load_state_dict(reader);
        }

        /// <summary>Saves options and state.</summary>
        public void save_state_dict(BinaryWriter writer)
        {
            ArgumentNullException.ThrowIfNull(writer);
            writer.Write(GetType().Name);
            writer.Encode(Groups.Count);
            writer.Encode(parameters().Count());
            foreach (ParamGroup group in Groups)
            {
                group.Options!.SaveStateDict(writer);
            }

            foreach (Parameter parameter in parameters())
            {
                _state[parameter].SaveStateDict(writer);
            }
        }

        /// <inheritdoc cref="load_state_dict(string)"/>
        public void load_state_dict(BinaryReader reader)
        {
            ArgumentNullException.ThrowIfNull(reader);
            string name = reader.ReadString();
            if (name != GetType().Name)
            {
                throw new InvalidDataException($"Mismatched optimizer type: expected '{GetType().Name}', but found '{name}' in the loaded stream.");
            }

            long groups = reader.Decode();
            long states = reader.Decode();
            if (groups != Groups.Count)
            {
                throw new ArgumentException("Invalid optimizer state -- different number of parameter groups.");
            }

            if (states != parameters().Count())
            {
                throw new ArgumentException("Invalid optimizer state -- different number of states.");
            }

            foreach (ParamGroup group in Groups)
            {
                group.Options!.LoadStateDict(reader);
            }

            foreach (Parameter parameter in parameters())
            {
                _state[parameter].LoadStateDict(reader);
            }
        }

        /// <inheritdoc/>
        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                foreach (OptimizerState state in _state.Values)
                {
                    state.Free();
                }

                _state.Clear();
            }
        }

        private protected T StateOf<T>(Parameter parameter)
            where T : OptimizerState => (T)_state[parameter];

        private protected void Add(ParamGroup group, Func<Parameter, OptimizerState> makeState)
        {
            group.Parameters = [.. group.Parameters]; // they are walked through again and again
            group.InitialLearningRate = group.LearningRate;
            Groups.Add(group);
            foreach (Parameter parameter in group.Parameters)
            {
                _state.Add(parameter, makeState(parameter));
            }
        }
    }

    /// <summary>Options of one group; null stands for the optimiser's own.</summary>
    public class OptimizerOptions
    {
        /// <summary>The learning rate of the next step.</summary>
        public double? LearningRate { get; set; }

        /// <summary>The learning rate at the start.</summary>
        public double InitialLearningRate { get; set; }

        /// <summary>Saves the options.</summary>
        public virtual void SaveStateDict(BinaryWriter writer)
        {
            ArgumentNullException.ThrowIfNull(writer);
            writer.Write(InitialLearningRate);
            writer.Write(LearningRate!.Value);
        }

        /// <summary>Loads the options.</summary>
        public virtual void LoadStateDict(BinaryReader reader)
        {
            ArgumentNullException.ThrowIfNull(reader);
            InitialLearningRate = reader.ReadDouble();
            LearningRate = reader.ReadDouble();
        }
    }

    /// <summary>What an optimiser remembers of one parameter.</summary>
    public abstract class OptimizerState
    {
        private protected OptimizerState()
        {
        }

        /// <summary>Saves the state.</summary>
        public abstract void SaveStateDict(BinaryWriter writer);

        /// <summary>Loads the state.</summary>
        public abstract void LoadStateDict(BinaryReader reader);

        internal abstract void Free();
    }

    /// <summary>Parameters with common options.</summary>
    public class ParamGroup : torch.optim.ILearningRateController
    {
        /// <summary>The parameters.</summary>
        public IEnumerable<Parameter> Parameters { get; set; } = [];

        /// <summary>Their options.</summary>
        public OptimizerOptions? Options { get; set; }

        /// <inheritdoc/>
        public double LearningRate
        {
            get => Options!.LearningRate!.Value;
            set => Options!.LearningRate = value;
        }

        /// <inheritdoc/>
        public double InitialLearningRate
        {
            get => Options!.InitialLearningRate;
            set => Options!.InitialLearningRate = value;
        }
    }

    /// <summary>Parameters with common options of a known kind.</summary>
    public class ParamGroup<TOptions> : ParamGroup
        where TOptions : OptimizerOptions
    {
        private protected ParamGroup()
        {
        }

        private protected ParamGroup(IEnumerable<Parameter> parameters, TOptions? options = null)
        {
            Parameters = parameters;
            base.Options = options;
        }

        /// <summary>Their options.</summary>
        public new TOptions? Options
        {
            get => (TOptions?)base.Options;
            set => base.Options = value;
        }
    }
}

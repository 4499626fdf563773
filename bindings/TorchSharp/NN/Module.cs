using TorchSharp.Modules;
using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>A part of a network: parameters, buffers and sub-modules under names, in the order of their registration.</summary>
        public class Module : IDisposable
        {
            private readonly OrderedDictionary<string, Parameter> _parameters = [];
            private readonly OrderedDictionary<string, Tensor> _buffers = [];
            private readonly OrderedDictionary<string, Module> _modules = [];
            private readonly string _name;

            /// <summary>An empty module.</summary>
            /// <param name="name">For people only.</param>
            protected Module(string name)
            {
                Bridge.Require();
                _name = name;
            }

            /// <summary>Whether the module is in training mode; a new one is.</summary>
            public virtual bool training { get; private set; } = true;

            /// <summary>The name given to the constructor.</summary>
            public virtual string GetName() => _name;

            /// <summary>Switches this module and those below it to training mode, or out of it.</summary>
            public virtual void train(bool train = true)
            {
                training = train;
                foreach (Module module in _modules.Values)
                {
                    module.train(train);
                }
            }

            /// <summary>Switches this module and those below it to inference.</summary>
            public virtual void eval() => train(false);

            /// <summary>Clears the gradients of all parameters.</summary>
            public virtual void zero_grad(bool set_to_none = true)
            {
                foreach (Parameter parameter in parameters())
                {
                    if (set_to_none)
                    {
                        Bridge.Check(Bridge.ClearGrad(parameter.Handle));
                    }
                    else
                    {
                        using Tensor? gradient = parameter.grad;
                        gradient?.zero_();
                    }
                }
            }

            /// <summary>Parameters with their full names: own ones first, then those below.</summary>
            public virtual IEnumerable<(string name, Parameter parameter)> named_parameters(bool recurse = true) =>
                Named(module => module._parameters.Select(p => (p.Key, p.Value)), recurse);

            /// <summary>Parameters, own ones first.</summary>
            public virtual IEnumerable<Parameter> parameters(bool recurse = true) => named_parameters(recurse).Select(p => p.parameter);

            /// <summary>Buffers with their full names.</summary>
            public virtual IEnumerable<(string name, Tensor buffer)> named_buffers(bool recurse = true, bool include_nonpersistent = true) =>
                Named(module => module._buffers.Select(b => (b.Key, b.Value)), recurse);

            /// <summary>Modules directly below this one.</summary>
            public virtual IEnumerable<(string name, Module module)> named_children() => _modules.Select(m => (m.Key, m.Value));

            /// <summary>All parameters, then all buffers, under their full names; the tensors are the module's own.</summary>
            public virtual Dictionary<string, Tensor> state_dict(Dictionary<string, Tensor>? destination = null, string? prefix = null)
            {
                destination ??= [];
                string lead = string.IsNullOrEmpty(prefix) ? "" : $"{prefix}.";
                foreach ((string name, Parameter parameter) in named_parameters())
                {
                    destination.TryAdd(lead + name, parameter);
                }

                foreach ((string name, Tensor buffer) in named_buffers())
                {
                    destination.TryAdd(lead + name, buffer);
                }

                return destination;
            }

            /// <summary>Adds a buffer: saved, moved with the module, not trained.</summary>
            public virtual void register_buffer(string name, Tensor tensor, bool persistent = true)
            {
                ArgumentNullException.ThrowIfNull(tensor);
                if (!_buffers.TryAdd(name, tensor.DetachFromDisposeScope()))
                {
                    throw new InvalidOperationException($"Tensor {name} is already registered.");
                }
            }

            /// <summary>Adds a parameter.</summary>
            public virtual void register_parameter(string name, Parameter param)
            {
                ArgumentNullException.ThrowIfNull(param);
                if (!_parameters.TryAdd(name, param))
                {
                    throw new InvalidOperationException($"Parameter {name} is already registered.");
                }
            }

            /// <summary>Adds a module below this one.</summary>
            public virtual void register_module(string name, Module submodule)
            {
                ArgumentException.ThrowIfNullOrEmpty(name);
                ArgumentNullException.ThrowIfNull(submodule);
                if (name.Contains('.', StringComparison.Ordinal))
                {
                    throw new ArgumentException($"module name can't contain \".\", got: {name}");
                }

                if (!_modules.TryAdd(name, submodule))
                {
                    throw new InvalidOperationException($"Sub-module {name} is already registered.");
                }
            }

            /// <inheritdoc/>
            public void Dispose()
            {
                Dispose(true);
                GC.SuppressFinalize(this);
            }

            /// <summary>Disposes parameters, buffers and the modules below.</summary>
            protected virtual void Dispose(bool disposing)
            {
                if (disposing)
                {
                    foreach (IDisposable part in _parameters.Values.Concat<IDisposable>(_buffers.Values).Concat(_modules.Values))
                    {
                        part.Dispose();
                    }
                }
            }

            /// <summary>Moves all parameters and buffers to a device, in place; gradients are dropped.</summary>
            protected internal virtual Module _to(DeviceType deviceType, int deviceIndex, bool non_blocking)
            {
                Device device = new(deviceType, deviceIndex);
                foreach (Tensor tensor in _parameters.Values.Concat(_buffers.Values))
                {
                    tensor.MoveTo(device);
                }

                foreach (Module module in _modules.Values)
                {
                    module._to(deviceType, deviceIndex, non_blocking);
                }

                return this;
            }

            private IEnumerable<(string Name, T Value)> Named<T>(Func<Module, IEnumerable<(string Name, T Value)>> own, bool recurse)
            {
                IEnumerable<(string Name, T Value)> mine = own(this);
                return recurse
                    ? mine.Concat(_modules.SelectMany(m => m.Value.Named(own, true).Select(v => ($"{m.Key}.{v.Name}", v.Value))))
                    : mine;
            }
        }

        /// <summary>A module that turns one thing into another.</summary>
        public abstract class Module<T, TResult> : Module
        {
            /// <summary>An empty module.</summary>
            protected Module(string name)
                : base(name)
            {
            }

            /// <summary>What the module computes.</summary>
            public abstract TResult forward(T input);

            /// <summary>Runs the module.</summary>
            public TResult call(T input) => forward(input);
        }
    }
}

/// <summary>Moves that give the module back in its own type.</summary>
public static class ModuleExtensionMethods
{
    /// <summary>Moves the module to a device.</summary>
    public static T to<T>(this T module, torch.Device device, bool non_blocking = false)
        where T : torch.nn.Module
    {
        ArgumentNullException.ThrowIfNull(module);
        ArgumentNullException.ThrowIfNull(device);
        return (T)module._to(device.type, device.index, non_blocking);
    }
}

using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>
    /// A libtorch tensor. Freed by <see cref="Dispose()"/>, at the end of the <see cref="DisposeScope"/> it was made in, or by the garbage collector.
    /// </summary>
    public partial class Tensor : IDisposable
    {
        private TensorHandle _handle;

        internal Tensor(TensorHandle handle, bool register = true)
        {
            _handle = handle;
            if (register && DisposeScope.Current is { } scope)
            {
                OwningDisposeScope = scope;
                scope.Add(this);
            }
        }

        /// <summary>How many tensors the program holds now, all threads together: flat from step to step when nothing leaks.</summary>
        public static long TotalCount
        {
            get
            {
                Bridge.Require();
                return Bridge.LiveCount();
            }
        }

        /// <summary>Whether it was disposed.</summary>
        public bool IsInvalid => _handle.IsClosed || _handle.IsInvalid;

        /// <summary>The shape.</summary>
        public long[] shape
        {
            get
            {
                long[] sizes = new long[Bridge.Dim(Handle)];
                for (int i = 0; i < sizes.Length; i++)
                {
                    sizes[i] = Bridge.Size(_handle, i);
                }

                return sizes;
            }
        }

        /// <summary>Element type.</summary>
        public ScalarType dtype => (ScalarType)Bridge.Dtype(Handle);

        /// <summary>Where it lives.</summary>
        public Device device => new((DeviceType)Bridge.DeviceType(Handle), Bridge.DeviceIndex(_handle));

        /// <summary>Whether gradients are wanted for it.</summary>
        public bool requires_grad
        {
            get => Bridge.RequiresGrad(Handle) != 0;
            set => Bridge.Check(Bridge.SetRequiresGrad(Handle, value ? 1 : 0));
        }

        /// <summary>The gradient that <see cref="backward"/> left; null before. A new tensor over the same values at each call.</summary>
        public Tensor? grad
        {
            get
            {
                Bridge.Check(Bridge.Grad(Handle, out TensorHandle found));
                return found.IsInvalid ? null : new Tensor(found);
            }
        }

        internal DisposeScope? OwningDisposeScope { get; set; }

        internal TensorHandle Handle
        {
            get
            {
                ObjectDisposedException.ThrowIf(IsInvalid, this);
                return _handle;
            }
        }

        /// <summary>How many elements there are.</summary>
        public long numel() => Bridge.Numel(Handle);

        /// <summary>Its values, to be copied out.</summary>
        /// <exception cref="ArgumentException">The type is not that of the elements.</exception>
        public Utils.TensorAccessor<T> data<T>()
            where T : unmanaged
        {
            Type? expected = dtype switch
            {
                ScalarType.Int64 => typeof(long),
                ScalarType.Float32 => typeof(float),
                ScalarType.Float64 => typeof(double),
                ScalarType.Bool => typeof(bool),
                _ => null, // no type of .NET holds a bfloat16: convert first
            };
            return typeof(T) == expected
                ? new Utils.TensorAccessor<T>(this)
                : throw new ArgumentException($"{typeof(T).Name} asked for, the tensor has {dtype}");
        }

        /// <summary>The value of a tensor of one element.</summary>
        public T item<T>()
            where T : unmanaged =>
            numel() == 1 ? data<T>().ToArray()[0] : throw new ArgumentException("Number of elements in the tensor must be 1");

        /// <summary>Computes the gradient of this one value with respect to everything recorded that wants one.</summary>
        public void backward() => Bridge.Check(Bridge.Backward(Handle));

        /// <summary>The tensor on another device; itself, in another coat, when it is there already.</summary>
        public Tensor to(Device device)
        {
            ArgumentNullException.ThrowIfNull(device);
            Bridge.Check(Bridge.ToDevice(Handle, (int)device.type, device.index, out TensorHandle made));
            return new Tensor(made);
        }

        /// <summary>The tensor with another element type; itself, in another coat, when it has it already.</summary>
        /// <param name="type">The element type.</param>
        /// <param name="copy">Not supported by the slice.</param>
        /// <param name="disposeAfter">Whether to dispose this tensor afterwards.</param>
        /// <param name="non_blocking">Of no effect on the processor.</param>
        public Tensor to(ScalarType type, bool copy = false, bool disposeAfter = false, bool non_blocking = false)
        {
            if (copy)
            {
                throw new NotSupportedException("a forced copy is not in this slice of TorchSharp: clone()");
            }

            Bridge.Check(Bridge.ToDtype(Handle, (int)type, out TensorHandle made));
            if (disposeAfter)
            {
                Dispose();
            }

            return new Tensor(made);
        }

        /// <summary>The tensor in bfloat16.</summary>
        public Tensor bfloat16() => to(ScalarType.BFloat16);

        /// <summary>The tensor in single precision.</summary>
        public Tensor @float() => to(ScalarType.Float32);

        /// <summary>The tensor in double precision.</summary>
        public Tensor @double() => to(ScalarType.Float64);

        /// <summary>The tensor in main memory.</summary>
        public Tensor cpu() => to(CPU);

        /// <summary>Overwrites the values with those of another tensor, broadcast and converted.</summary>
        /// <returns>This tensor.</returns>
        public Tensor copy_(Tensor source)
        {
            ArgumentNullException.ThrowIfNull(source);
            Bridge.Check(Bridge.CopyInto(Handle, source.Handle));
            return this;
        }

        /// <summary>Overwrites the values with zeros.</summary>
        /// <returns>This tensor.</returns>
        public Tensor zero_()
        {
            Bridge.Check(Bridge.Fill(Handle, 0));
            return this;
        }

        /// <summary>Hands the tensor to the scope around the one it is in.</summary>
        /// <returns>This tensor.</returns>
        public Tensor MoveToOuterDisposeScope()
        {
            OwningDisposeScope?.MoveToOuter(this);
            return this;
        }

        /// <summary>Takes the tensor out of all scopes.</summary>
        /// <returns>This tensor.</returns>
        public Tensor DetachFromDisposeScope()
        {
            OwningDisposeScope?.Detach(this);
            return this;
        }

        /// <inheritdoc/>
        public void Dispose()
        {
            Dispose(true);
            GC.SuppressFinalize(this);
        }

        /// <summary>Frees the native tensor.</summary>
        protected virtual void Dispose(bool disposing)
        {
            OwningDisposeScope?.MarkAsDisposed(this);
            OwningDisposeScope = null;
            _handle.Dispose();
        }

        /// <summary>Changes where this tensor lives, keeping the object: modules hold on to it.</summary>
        internal void MoveTo(Device device)
        {
            bool wanted = requires_grad;
            Bridge.Check(Bridge.Detach(Handle, out TensorHandle plain));
            using (plain)
            {
                Bridge.Check(Bridge.ToDevice(plain, (int)device.type, device.index, out TensorHandle moved));
                _handle.Dispose();
                _handle = moved;
            }

            requires_grad = wanted;
        }

        /// <summary>Gives the native tensor up, for a new owner: this one is empty afterwards.</summary>
        internal TensorHandle MoveHandle()
        {
            TensorHandle moved = Handle;
            _handle = TensorHandle.None;
            OwningDisposeScope?.MarkAsDisposed(this);
            OwningDisposeScope = null;
            return moved;
        }
    }
}

using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        private delegate int Unary(TensorHandle tensor, out TensorHandle result);

        private delegate int Binary(TensorHandle left, TensorHandle right, out TensorHandle result);

        private delegate int WithScalar(TensorHandle tensor, double value, out TensorHandle result);

        private delegate int OverDims(TensorHandle tensor, ReadOnlySpan<long> dims, int n, int keep, out TensorHandle result);

        /// <summary>Sum, broadcast.</summary>
        public static Tensor operator +(Tensor left, Tensor right) => left.add(right);

        /// <summary>Sum with a number.</summary>
        public static Tensor operator +(Tensor left, Scalar right) => left.Run(Bridge.AddScalar, right);

        /// <summary>Difference, broadcast.</summary>
        public static Tensor operator -(Tensor left, Tensor right) => left.Run(Bridge.Sub, right);

        /// <summary>Difference with a number.</summary>
        public static Tensor operator -(Tensor left, Scalar right) => left.Run(Bridge.AddScalar, -right.Value);

        /// <summary>The negative.</summary>
        public static Tensor operator -(Tensor tensor) => tensor.Run(Bridge.Neg);

        /// <summary>Product element by element, broadcast.</summary>
        public static Tensor operator *(Tensor left, Tensor right) => left.mul(right);

        /// <summary>Product with a number.</summary>
        public static Tensor operator *(Tensor left, Scalar right) => left.Run(Bridge.MulScalar, right);

        /// <summary>Quotient element by element, broadcast.</summary>
        public static Tensor operator /(Tensor left, Tensor right) => left.Run(Bridge.Div, right);

        /// <summary>Quotient by a number.</summary>
        public static Tensor operator /(Tensor left, Scalar right) => left.Run(Bridge.DivScalar, right);

        /// <summary>The same values, not recorded for gradients.</summary>
        public Tensor detach() => Run(Bridge.Detach);

        /// <summary>max(x, 0).</summary>
        public Tensor relu() => Run(Bridge.Relu);

        /// <summary>min(max(x, 0), 6).</summary>
        public Tensor relu6() => Run(Bridge.Relu6);

        /// <summary>1 / (1 + exp(-x)).</summary>
        public Tensor sigmoid() => Run(Bridge.Sigmoid);

        /// <summary>Square roots.</summary>
        public Tensor sqrt() => Run(Bridge.Sqrt);

        /// <summary>Powers.</summary>
        public Tensor pow(Scalar exponent) => Run(Bridge.PowScalar, exponent);

        /// <summary>max(x, min).</summary>
        public Tensor clamp_min(Scalar min) => Run(Bridge.ClampMin, min);

        /// <summary>Sum, broadcast.</summary>
        public Tensor add(Tensor target) => Run(Bridge.Add, target);

        /// <summary>Product element by element, broadcast.</summary>
        public Tensor mul(Tensor target) => Run(Bridge.Mul, target);

        /// <summary>Matrix product over the last two dimensions; the others are broadcast.</summary>
        public Tensor matmul(Tensor target) => Run(Bridge.Matmul, target);

        /// <summary>Sum of all elements.</summary>
        public Tensor sum() => Run(Bridge.Sum);

        /// <summary>Sum over dimensions.</summary>
        public Tensor sum(long[] dim, bool keepdim = false) => Run(Bridge.SumDims, dim, keepdim);

        /// <summary>Mean of all elements.</summary>
        public Tensor mean() => Run(Bridge.Mean);

        /// <summary>Mean over dimensions.</summary>
        public Tensor mean(long[] dimensions, bool keepdim = false) => Run(Bridge.MeanDims, dimensions, keepdim);

        /// <summary>Largest elements over dimensions.</summary>
        public Tensor amax(long[] dims, bool keepdim = false) => Run(Bridge.Amax, dims, keepdim);

        /// <summary>Smallest elements over dimensions.</summary>
        public Tensor amin(long[] dims, bool keepdim = false) => Run(Bridge.Amin, dims, keepdim);

        /// <summary>The transpose of a matrix.</summary>
        public Tensor t() => Run(Bridge.T);

        /// <summary>Two dimensions exchanged, without copying.</summary>
        public Tensor transpose(long dim0, long dim1)
        {
            Bridge.Check(Bridge.Transpose(Handle, dim0, dim1, out TensorHandle made));
            return new Tensor(made);
        }

        /// <summary>The same elements, row-major, in another shape; one size may be -1.</summary>
        public Tensor reshape(params long[] shape)
        {
            ArgumentNullException.ThrowIfNull(shape);
            Bridge.Check(Bridge.Reshape(Handle, shape, shape.Length, out TensorHandle made));
            return new Tensor(made);
        }

        /// <summary>A range along a dimension, without copying.</summary>
        public Tensor narrow(long dim, long start, long length)
        {
            Bridge.Check(Bridge.Narrow(Handle, dim, start, length, out TensorHandle made));
            return new Tensor(made);
        }

        private Tensor Run(Unary operation)
        {
            Bridge.Check(operation(Handle, out TensorHandle made));
            return new Tensor(made);
        }

        private Tensor Run(Binary operation, Tensor other)
        {
            ArgumentNullException.ThrowIfNull(other);
            Bridge.Check(operation(Handle, other.Handle, out TensorHandle made));
            return new Tensor(made);
        }

        private Tensor Run(WithScalar operation, Scalar value)
        {
            ArgumentNullException.ThrowIfNull(value);
            Bridge.Check(operation(Handle, value.Value, out TensorHandle made));
            return new Tensor(made);
        }

        private Tensor Run(OverDims operation, long[] dims, bool keep)
        {
            ArgumentNullException.ThrowIfNull(dims);
            Bridge.Check(operation(Handle, dims, dims.Length, keep ? 1 : 0, out TensorHandle made));
            return new Tensor(made);
        }
    }
}

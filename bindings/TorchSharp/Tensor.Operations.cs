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

        /// <summary>max(x, 0), in place.</summary>
        /// <returns>This tensor.</returns>
        public Tensor relu_()
        {
            Bridge.Check(Bridge.ReluInPlace(Handle));
            return this;
        }

        /// <summary>min(max(x, 0), 6).</summary>
        public Tensor relu6() => Run(Bridge.Relu6);

        /// <summary>min(max(x, 0), 6), in place.</summary>
        /// <returns>This tensor.</returns>
        public Tensor relu6_()
        {
            Bridge.Check(Bridge.Relu6InPlace(Handle));
            return this;
        }

        /// <summary>1 / (1 + exp(-x)).</summary>
        public Tensor sigmoid() => Run(Bridge.Sigmoid);

        /// <summary>Powers of e.</summary>
        public Tensor exp() => Run(Bridge.Exp);

        /// <summary>Absolute values.</summary>
        public Tensor abs() => Run(Bridge.Abs);

        /// <summary>Square roots.</summary>
        public Tensor sqrt() => Run(Bridge.Sqrt);

        /// <summary>Powers.</summary>
        public Tensor pow(Scalar exponent) => Run(Bridge.PowScalar, exponent);

        /// <summary>max(x, min).</summary>
        public Tensor clamp_min(Scalar min) => Run(Bridge.ClampMin, min);

        /// <summary>min(x, max).</summary>
        public Tensor clamp_max(Scalar max) => Run(Bridge.ClampMax, max);

        /// <summary>min(max(x, min), max); without one of them there is no limit on that side.</summary>
        public Tensor clamp(Scalar? min = null, Scalar? max = null)
        {
            Bridge.Check(Bridge.Clamp(
                Handle, min?.Value ?? double.NegativeInfinity, max?.Value ?? double.PositiveInfinity, out TensorHandle made));
            return new Tensor(made);
        }

        /// <summary>Which elements are neither infinite nor NaN.</summary>
        public Tensor isfinite() => Run(Bridge.IsFinite);

        /// <summary>Whether all elements are true.</summary>
        public Tensor all() => Run(Bridge.All);

        /// <summary>Which elements are equal, broadcast.</summary>
        public Tensor eq(Tensor target) => Run(Bridge.Eq, target);

        /// <summary>Which elements differ, broadcast.</summary>
        public Tensor ne(Tensor target) => Run(Bridge.Ne, target);

        /// <summary>The value wherever the mask is true, broadcast.</summary>
        public Tensor masked_fill(Tensor mask, Scalar value)
        {
            ArgumentNullException.ThrowIfNull(mask);
            ArgumentNullException.ThrowIfNull(value);
            Bridge.Check(Bridge.MaskedFill(Handle, mask.Handle, value.Value, out TensorHandle made));
            return new Tensor(made);
        }

        /// <summary>Picks along a dimension: out[i][j] = this[i][index[i][j]] for the last of two.</summary>
        public Tensor gather(long dim, Tensor index)
        {
            ArgumentNullException.ThrowIfNull(index);
            Bridge.Check(Bridge.Gather(Handle, dim, index.Handle, out TensorHandle made));
            return new Tensor(made);
        }

        /// <summary>Largest elements along a dimension, and where they are.</summary>
        public (Tensor values, Tensor indexes) max(long dim, bool keepdim = false) => Extreme(dim, keepdim, largest: true);

        /// <summary>Smallest elements along a dimension, and where they are.</summary>
        public (Tensor values, Tensor indexes) min(long dim, bool keepdim = false) => Extreme(dim, keepdim, largest: false);

        /// <summary>Euclidean length of all elements together.</summary>
        /// <param name="p">Which norm; only 2 is in this slice.</param>
        public Tensor norm(float p = 2.0f) =>
            p == 2 ? Run(Bridge.Norm) : throw new NotSupportedException("only the Euclidean norm is in this slice of TorchSharp");

        /// <summary>Adds a tensor, in place.</summary>
        /// <returns>This tensor.</returns>
        public Tensor add_(Tensor target) => add_(target, 1);

        /// <summary>Adds alpha times a tensor, in place.</summary>
        /// <returns>This tensor.</returns>
        public Tensor add_(Tensor target, Scalar alpha)
        {
            ArgumentNullException.ThrowIfNull(target);
            ArgumentNullException.ThrowIfNull(alpha);
            Bridge.Check(Bridge.AddInPlace(Handle, target.Handle, alpha.Value));
            return this;
        }

        /// <summary>Multiplies by a number, in place.</summary>
        /// <returns>This tensor.</returns>
        public Tensor mul_(Scalar target)
        {
            ArgumentNullException.ThrowIfNull(target);
            Bridge.Check(Bridge.MulScalarInPlace(Handle, target.Value));
            return this;
        }

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
        /// <param name="dimensions">The dimensions.</param>
        /// <param name="keepdim">Whether they stay, with size 1.</param>
        /// <param name="type">Type of the sum and the result; that of the elements when left out.</param>
        public Tensor mean(long[] dimensions, bool keepdim = false, ScalarType? type = null)
        {
            ArgumentNullException.ThrowIfNull(dimensions);
            Bridge.Check(Bridge.MeanDims(Handle, dimensions, dimensions.Length, keepdim ? 1 : 0, (int?)type ?? -1, out TensorHandle made));
            return new Tensor(made);
        }

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

        /// <summary>The dimensions in another order, without copying.</summary>
        public Tensor permute(params long[] permutation)
        {
            ArgumentNullException.ThrowIfNull(permutation);
            Bridge.Check(Bridge.Permute(Handle, permutation, permutation.Length, out TensorHandle made));
            return new Tensor(made);
        }

        /// <summary>Whether the elements lie row-major in memory.</summary>
        public bool is_contiguous() => Bridge.IsContiguous(Handle) != 0;

        /// <summary>The same elements, row-major in memory; itself, in another coat, when they are already.</summary>
        public Tensor contiguous() => Run(Bridge.Contiguous);

        /// <summary>A copy, of the same memory layout.</summary>
        public Tensor clone() => Run(Bridge.Clone);

        /// <summary>Another reference to this tensor, to be disposed by itself.</summary>
        public Tensor alias() => Run(Bridge.Alias);

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

        private (Tensor Values, Tensor Indexes) Extreme(long dim, bool keep, bool largest)
        {
            Bridge.Check(Bridge.Extreme(Handle, dim, keep ? 1 : 0, largest ? 1 : 0, out TensorHandle values, out TensorHandle indexes));
            return (new Tensor(values), new Tensor(indexes));
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

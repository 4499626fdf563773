using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Pipeline.Reid;

/// <summary>
/// Resizes 8-bit pictures of three interleaved channels with the very integers of Pillow or OpenCV. Keeps its working memory between calls:
/// one instance per thread.
/// </summary>
/// <remarks>
/// Pillow (9.4, Resample.c): two passes, horizontal first, weights at 2^22, rounded and clipped to bytes between the passes, a pass of equal size
/// skipped. OpenCV (4.6, resize.cpp): weights at 2^11 from single-precision positions; exactly half in both directions becomes the mean of four.
/// </remarks>
public sealed class Resampler
{
    private const int PillowBits = 22;
    private const int OpenCvOne = 1 << 11;

    private readonly Taps _columns = new();
    private readonly Taps _rows = new();
    private byte[] _between = [];
    private int[] _upper = [];
    private int[] _lower = [];

    /// <summary>Resizes one picture.</summary>
    /// <param name="source">Rows without padding, 3 × <paramref name="width"/> × <paramref name="height"/> bytes.</param>
    /// <param name="width">Columns of the source, at least 1.</param>
    /// <param name="height">Rows of the source, at least 1.</param>
    /// <param name="target">Receives 3 × <paramref name="targetWidth"/> × <paramref name="targetHeight"/> bytes; may not overlap the source.</param>
    /// <param name="targetWidth">Columns wanted, at least 1.</param>
    /// <param name="targetHeight">Rows wanted, at least 1.</param>
    /// <param name="how">Whose arithmetic.</param>
    /// <exception cref="ArgumentException">A size is below 1, or a span does not fit its size.</exception>
    public void Resize(
        ReadOnlySpan<byte> source, int width, int height, Span<byte> target, int targetWidth, int targetHeight, Interpolation how)
    {
        if (width < 1 || height < 1 || source.Length != 3L * width * height)
        {
            throw new ArgumentException($"a {width}x{height} picture has {3L * width * height} bytes, got {source.Length}", nameof(source));
        }

        if (targetWidth < 1 || targetHeight < 1 || target.Length != 3L * targetWidth * targetHeight)
        {
            throw new ArgumentException($"a {targetWidth}x{targetHeight} picture has {3L * targetWidth * targetHeight} bytes, got {target.Length}", nameof(target));
        }

        if (width == targetWidth && height == targetHeight)
        {
            source.CopyTo(target);
        }
        else if (how == Interpolation.OpenCvLinear)
        {
            OpenCv(source, width, height, target, targetWidth, targetHeight);
        }
        else
        {
            Pillow(source, width, height, target, targetWidth, targetHeight, how == Interpolation.PillowBicubic);
        }
    }

    private void Pillow(ReadOnlySpan<byte> source, int width, int height, Span<byte> target, int targetWidth, int targetHeight, bool cubic)
    {
        ReadOnlySpan<byte> wide = source;
        if (width != targetWidth)
        {
            Span<byte> passed = height == targetHeight ? target : Grow(ref _between, 3 * targetWidth * height);
            _columns.Pillow(width, targetWidth, cubic);
            for (int y = 0; y < height; y++)
            {
                Horizontal(source.Slice(3 * width * y, 3 * width), passed.Slice(3 * targetWidth * y, 3 * targetWidth));
            }

            wide = passed;
        }

        if (height != targetHeight)
        {
            _rows.Pillow(height, targetHeight, cubic);
            for (int y = 0; y < targetHeight; y++)
            {
                Vertical(wide, y, target.Slice(3 * targetWidth * y, 3 * targetWidth));
            }
        }
    }

    private void Horizontal(ReadOnlySpan<byte> row, Span<byte> result)
    {
        Vector128<int> highest = Vector128.Create(255);
        int last = row.Length - 4; // four bytes are read for a pixel's three
        for (int x = 0; x < result.Length / 3; x++)
        {
            int at = 3 * _columns.First[x];
            Vector128<int> sum = Vector128.Create(1 << (PillowBits - 1));
            foreach (int weight in _columns.Of(x))
            {
                uint pixel = at <= last
                    ? MemoryMarshal.Read<uint>(row[at..])
                    : row[at] | ((uint)row[at + 1] << 8) | ((uint)row[at + 2] << 16);
                Vector128<ushort> widened = Vector128.WidenLower(Vector128.CreateScalarUnsafe(pixel).AsByte());
                sum += Vector128.WidenLower(widened).AsInt32() * weight;
                at += 3;
            }

            sum = Vector128.Min(Vector128.Max(sum >> PillowBits, Vector128<int>.Zero), highest);
            result[3 * x] = (byte)sum[0];
            result[(3 * x) + 1] = (byte)sum[1];
            result[(3 * x) + 2] = (byte)sum[2];
        }
    }

    private void Vertical(ReadOnlySpan<byte> rows, int y, Span<byte> result)
    {
        ReadOnlySpan<int> weights = _rows.Of(y);
        ReadOnlySpan<byte> from = rows[(_rows.First[y] * result.Length)..];
        Vector256<int> highest = Vector256.Create(255);
        int x = 0;
        for (; x <= result.Length - 16; x += 16)
        {
            Vector256<int> low = Vector256.Create(1 << (PillowBits - 1));
            Vector256<int> high = low;
            for (int k = 0; k < weights.Length; k++)
            {
                Vector256<ushort> widened = Vector256.WidenLower(Vector128.Create(from.Slice((k * result.Length) + x, 16)).ToVector256Unsafe());
                low += Vector256.WidenLower(widened).AsInt32() * weights[k];
                high += Vector256.WidenUpper(widened).AsInt32() * weights[k];
            }

            low = Vector256.Min(Vector256.Max(low >> PillowBits, Vector256<int>.Zero), highest);
            high = Vector256.Min(Vector256.Max(high >> PillowBits, Vector256<int>.Zero), highest);
            Vector256<ushort> packed = Vector256.Narrow(low.AsUInt32(), high.AsUInt32());
            Vector128.Narrow(packed.GetLower(), packed.GetUpper()).CopyTo(result[x..]);
        }

        for (; x < result.Length; x++)
        {
            int sum = 1 << (PillowBits - 1);
            for (int k = 0; k < weights.Length; k++)
            {
                sum += from[(k * result.Length) + x] * weights[k];
            }

            result[x] = (byte)Math.Clamp(sum >> PillowBits, 0, 255);
        }
    }

    private void OpenCv(ReadOnlySpan<byte> source, int width, int height, Span<byte> target, int targetWidth, int targetHeight)
    {
        if (width == 2 * targetWidth && height == 2 * targetHeight)
        {
            Halve(source, target, 3 * targetWidth);
            return;
        }

        _columns.OpenCv(width, targetWidth, stopAtEdge: true);
        _rows.OpenCv(height, targetHeight, stopAtEdge: false);
        int length = 3 * targetWidth;
        Grow(ref _upper, length);
        Grow(ref _lower, length);
        (int inUpper, int inLower) = (-1, -1); // which source row each buffer holds
        for (int y = 0; y < targetHeight; y++)
        {
            int first = Math.Clamp(_rows.First[y], 0, height - 1);
            int second = Math.Clamp(_rows.First[y] + 1, 0, height - 1);
            if (inLower == first)
            {
                (_upper, _lower, inUpper, inLower) = (_lower, _upper, inLower, inUpper);
            }

            if (inUpper != first)
            {
                Spread(source.Slice(3 * width * first, 3 * width), _upper.AsSpan(0, length));
                inUpper = first;
            }

            if (inLower != second)
            {
                Spread(source.Slice(3 * width * second, 3 * width), _lower.AsSpan(0, length));
                inLower = second;
            }

            ReadOnlySpan<int> weights = _rows.Of(y);
            Blend(_upper.AsSpan(0, length), _lower.AsSpan(0, length), weights[0], weights[1], target.Slice(length * y, length));
        }
    }

    private void Spread(ReadOnlySpan<byte> row, Span<int> result)
    {
        int pixels = row.Length / 3;
        for (int x = 0; x < result.Length / 3; x++)
        {
            ReadOnlySpan<int> weights = _columns.Of(x);
            int at = 3 * _columns.First[x];
            int next = _columns.First[x] + 1 < pixels ? at + 3 : at; // its weight is 0 there
            for (int c = 0; c < 3; c++)
            {
                result[(3 * x) + c] = (row[at + c] * weights[0]) + (row[next + c] * weights[1]);
            }
        }
    }

    private static void Blend(ReadOnlySpan<int> upper, ReadOnlySpan<int> lower, int above, int below, Span<byte> result)
    {
        int x = 0;
        for (; x <= result.Length - Vector<int>.Count; x += Vector<int>.Count)
        {
            Vector<int> sum = (((new Vector<int>(upper[x..]) >> 4) * above) >> 16) + (((new Vector<int>(lower[x..]) >> 4) * below) >> 16);
            sum = (sum + new Vector<int>(2)) >> 2;
            for (int i = 0; i < Vector<int>.Count; i++)
            {
                result[x + i] = (byte)sum[i];
            }
        }

        for (; x < result.Length; x++)
        {
            result[x] = (byte)(((((upper[x] >> 4) * above) >> 16) + (((lower[x] >> 4) * below) >> 16) + 2) >> 2);
        }
    }

    private static void Halve(ReadOnlySpan<byte> source, Span<byte> target, int rowLength)
    {
        for (int i = 0; i < target.Length; i++)
        {
            (int y, int rest) = Math.DivRem(i, rowLength);
            int at = (4 * y * rowLength) + (6 * (rest / 3)) + (rest % 3);
            target[i] = (byte)((source[at] + source[at + 3] + source[at + (2 * rowLength)] + source[at + (2 * rowLength) + 3] + 2) >> 2);
        }
    }

    private static Span<T> Grow<T>(ref T[] buffer, int length)
    {
        if (buffer.Length < length)
        {
            buffer = new T[length];
        }

        return buffer.AsSpan(0, length);
    }

    /// <summary>For every target index: the first source index, and the weights from there on.</summary>
    private sealed class Taps
    {
        private int[] _weights = [];
        private int[] _count = [];
        private double[] _exact = [];
        private int _stride;

        public int[] First { get; private set; } = [];

        public ReadOnlySpan<int> Of(int x) => _weights.AsSpan(x * _stride, _count[x]);

        public void Pillow(int from, int to, bool cubic)
        {
            double scale = (double)from / to;
            double filterScale = Math.Max(scale, 1);
            double support = (cubic ? 2 : 1) * filterScale;
            Prepare(to, ((int)Math.Ceiling(support) * 2) + 1);
            for (int x = 0; x < to; x++)
            {
                double centre = (x + 0.5) * scale;
                int first = Math.Max(0, (int)(centre - support + 0.5));
                int count = Math.Min(from, (int)(centre + support + 0.5)) - first;
                double sum = 0;
                for (int k = 0; k < count; k++)
                {
                    double distance = Math.Abs((k + first - centre + 0.5) * (1 / filterScale));
                    _exact[k] = cubic ? Cubic(distance) : Math.Max(0, 1 - distance);
                    sum += _exact[k];
                }

                First[x] = first;
                _count[x] = count;
                for (int k = 0; k < count; k++)
                {
                    double weight = (sum == 0 ? _exact[k] : _exact[k] / sum) * (1 << PillowBits);
                    _weights[(x * _stride) + k] = (int)(weight < 0 ? weight - 0.5 : weight + 0.5);
                }
            }
        }

        public void OpenCv(int from, int to, bool stopAtEdge)
        {
            double scale = 1 / ((double)to / from);
            Prepare(to, 2);
            for (int x = 0; x < to; x++)
            {
                float at = (float)(((x + 0.5) * scale) - 0.5);
                int first = (int)MathF.Floor(at);
                float rest = at - first;
                if (stopAtEdge && (first < 0 || first >= from - 1))
                {
                    first = first < 0 ? 0 : from - 1;
                    rest = 0;
                }

                First[x] = first;
                _count[x] = 2;
                _weights[2 * x] = (int)MathF.Round((1 - rest) * OpenCvOne, MidpointRounding.ToEven);
                _weights[(2 * x) + 1] = (int)MathF.Round(rest * OpenCvOne, MidpointRounding.ToEven);
            }
        }

        private static double Cubic(double x) => x switch
        {
            < 1 => (((1.5 * x) - 2.5) * x * x) + 1,
            < 2 => (((((x - 5) * x) + 8) * x) - 4) * -0.5,
            _ => 0,
        };

        private void Prepare(int to, int stride)
        {
            _stride = stride;
            Grow(ref _weights, to * stride);
            Grow(ref _count, to);
            Grow(ref _exact, stride);
            if (First.Length < to)
            {
                First = new int[to];
            }
        }
    }
}

using System.Numerics.Tensors;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Pipeline.Reid.Data;

/// <summary>Changes to planes of levels (one float a pixel, rows without padding), in place.</summary>
internal static class PlaneFilters
{
    /// <summary>Most pixels that a blur reaches to each side.</summary>
    public const int LargestReach = 24;

    private static readonly float[] _normal = NormalNumbers(1 << 17);

    /// <summary>Moves colours away from (factor above 1) or towards (below 1) the grey of the same light (ITU-R BT.601).</summary>
    public static void Saturate(Span<float> red, Span<float> green, Span<float> blue, float factor)
    {
        int i = 0;
        for (; i <= red.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            (Vector<float> r, Vector<float> g, Vector<float> b) = (new(red[i..]), new(green[i..]), new(blue[i..]));
            Vector<float> grey = (r * 0.299f) + (g * 0.587f) + (b * 0.114f);
            (grey + ((r - grey) * factor)).CopyTo(red[i..]);
            (grey + ((g - grey) * factor)).CopyTo(green[i..]);
            (grey + ((b - grey) * factor)).CopyTo(blue[i..]);
        }

        for (; i < red.Length; i++)
        {
            float grey = (red[i] * 0.299f) + (green[i] * 0.587f) + (blue[i] * 0.114f);
            red[i] = grey + ((red[i] - grey) * factor);
            green[i] = grey + ((green[i] - grey) * factor);
            blue[i] = grey + ((blue[i] - grey) * factor);
        }
    }

    /// <summary>Adds noise of a standard deviation, from a table entered at a random place.</summary>
    public static void AddNoise(Span<float> plane, float deviation, int entry)
    {
        entry %= _normal.Length;
        for (int done = 0; done < plane.Length; entry = 0)
        {
            int length = Math.Min(plane.Length - done, _normal.Length - entry);
            Span<float> part = plane.Slice(done, length);
            ReadOnlySpan<float> noise = _normal.AsSpan(entry, length);
            int i = 0;
            for (; i <= length - Vector<float>.Count; i += Vector<float>.Count)
            {
                (new Vector<float>(part[i..]) + (new Vector<float>(noise[i..]) * deviation)).CopyTo(part[i..]);
            }

            for (; i < length; i++)
            {
                part[i] += noise[i] * deviation;
            }

            done += length;
        }
    }

    /// <summary>Gaussian weights of one side, the middle first; they and their mirror image sum to 1.</summary>
    /// <returns>How many pixels to each side they reach.</returns>
    public static int Gaussian(double sigma, Span<float> weights)
    {
        int reach = Math.Clamp((int)Math.Ceiling(3 * sigma), 1, LargestReach);
        double sum = 0;
        for (int k = 0; k <= reach; k++)
        {
            double weight = Math.Exp(-0.5 * k * k / (sigma * sigma));
            weights[k] = (float)weight;
            sum += k == 0 ? weight : 2 * weight;
        }

        for (int k = 0; k <= reach; k++)
        {
            weights[k] = (float)(weights[k] / sum);
        }

        return reach;
    }

    /// <summary>Blurs along rows, then along columns; borders repeat.</summary>
    /// <param name="plane">The levels.</param>
    /// <param name="width">Columns.</param>
    /// <param name="weights">From <see cref="Gaussian"/>, reach + 1 of them.</param>
    /// <param name="scratch">At least the plane's length, and a row with its reach to both sides.</param>
    public static void Blur(Span<float> plane, int width, ReadOnlySpan<float> weights, Span<float> scratch)
    {
        int reach = weights.Length - 1;
        int height = plane.Length / width;
        Span<float> padded = scratch[..(width + (2 * reach))];
        for (int y = 0; y < height; y++)
        {
            Span<float> row = plane.Slice(y * width, width);
            padded[..reach].Fill(row[0]);
            row.CopyTo(padded[reach..]);
            padded[(reach + width)..].Fill(row[^1]);
            Sum(padded, width, weights, reach, 1, row);
        }

        plane.CopyTo(scratch);
        for (int y = 0; y < height; y++)
        {
            Span<float> row = plane.Slice(y * width, width);
            if (y >= reach && y < height - reach)
            {
                Sum(scratch[((y - reach) * width)..], width, weights, reach, width, row);
            }
            else
            {
                SumAtBorder(scratch, width, height, weights, y, row);
            }
        }
    }

    /// <summary>Adds a multiple of what blurring would take away (unsharp mask).</summary>
    /// <param name="plane">The levels; may leave 0 to 255.</param>
    /// <param name="width">Columns.</param>
    /// <param name="weights">From <see cref="Gaussian"/>, reach + 1 of them.</param>
    /// <param name="amount">How many times the difference to the blurred plane is added.</param>
    /// <param name="scratch">At least the plane's length, and a row with its reach to both sides.</param>
    /// <param name="blurred">As long as the plane.</param>
    public static void Sharpen(Span<float> plane, int width, ReadOnlySpan<float> weights, float amount, Span<float> scratch, Span<float> blurred)
    {
        plane.CopyTo(blurred);
        Blur(blurred, width, weights, scratch);
        TensorPrimitives.Multiply(plane, 1 + amount, plane);
        TensorPrimitives.Multiply(blurred, amount, blurred);
        TensorPrimitives.Subtract(plane, blurred, plane);
    }

    // result[x] = sum of weights[|k - reach|] * source[x + k * step]
    private static void Sum(ReadOnlySpan<float> source, int width, ReadOnlySpan<float> weights, int reach, int step, Span<float> result)
    {
        ref float first = ref MemoryMarshal.GetReference(source);
        int middle = reach * step;
        int x = 0;
        for (; x <= width - Vector<float>.Count; x += Vector<float>.Count)
        {
            Vector<float> sum = Vector.LoadUnsafe(ref first, (nuint)(middle + x)) * weights[0];
            for (int k = 1; k < weights.Length; k++)
            {
                Vector<float> pair = Vector.LoadUnsafe(ref first, (nuint)(middle + x - (k * step)))
                    + Vector.LoadUnsafe(ref first, (nuint)(middle + x + (k * step)));
                sum += pair * weights[k];
            }

            sum.CopyTo(result[x..]);
        }

        for (; x < width; x++)
        {
            float sum = source[middle + x] * weights[0];
            for (int k = 1; k < weights.Length; k++)
            {
                sum += (source[middle + x - (k * step)] + source[middle + x + (k * step)]) * weights[k];
            }

            result[x] = sum;
        }
    }

    private static void SumAtBorder(ReadOnlySpan<float> source, int width, int height, ReadOnlySpan<float> weights, int y, Span<float> result)
    {
        for (int x = 0; x < width; x++)
        {
            float sum = source[(y * width) + x] * weights[0];
            for (int k = 1; k < weights.Length; k++)
            {
                sum += (source[(Math.Max(y - k, 0) * width) + x] + source[(Math.Min(y + k, height - 1) * width) + x]) * weights[k];
            }

            result[x] = sum;
        }
    }

    private static float[] NormalNumbers(int count)
    {
        SeededRandom random = new(0x6E6F697365, 0);
        float[] numbers = new float[count];
        for (int i = 0; i < count; i += 2)
        {
            double length = Math.Sqrt(-2 * Math.Log(1 - random.Unit()));
            (double sine, double cosine) = Math.SinCos(2 * Math.PI * random.Unit());
            (numbers[i], numbers[i + 1]) = ((float)(length * cosine), (float)(length * sine));
        }

        return numbers;
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Pipeline.Reid;

/// <summary>
/// Similarities of many rows with many rows: a matrix product in cache-sized blocks. Every value is to the last bit that of
/// <see cref="CosineSearch.Dot"/>, on every machine and with any number of threads, so that what is measured is what the gallery search does.
/// </summary>
public static class CosineProduct
{
    /// <summary>Left rows that are gone through per panel of right rows; they stay in the second-level cache.</summary>
    public const int BlockRows = 64;

    private const int PanelRows = 4; // right rows that stay in the first-level cache
    private const int Step = 32; // four sums of eight lanes, as in CosineSearch.Dot

    /// <summary>Fills (L, R), row-major, on the calling thread.</summary>
    /// <param name="left">Row-major (L, D).</param>
    /// <param name="right">Row-major (R, D).</param>
    /// <param name="dimension">D, at least 1.</param>
    /// <param name="similarities">Receives L times R values.</param>
    /// <exception cref="ArgumentException">The lengths do not fit.</exception>
    public static void Multiply(ReadOnlySpan<float> left, ReadOnlySpan<float> right, int dimension, Span<float> similarities)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        int lefts = left.Length / dimension;
        int rights = right.Length / dimension;
        if (left.Length != lefts * dimension || right.Length != rights * dimension || similarities.Length != (long)lefts * rights)
        {
            throw new ArgumentException(
                $"{left.Length} and {right.Length} floats in rows of {dimension} do not make {similarities.Length} similarities", nameof(similarities));
        }

        for (int from = 0; from < lefts; from += BlockRows)
        {
            int rows = Math.Min(BlockRows, lefts - from);
            Block(left.Slice(from * dimension, rows * dimension), right, dimension, similarities.Slice(from * rights, rows * rights));
        }
    }

    private static void Block(ReadOnlySpan<float> left, ReadOnlySpan<float> right, int dimension, Span<float> similarities)
    {
        int lefts = left.Length / dimension;
        int rights = right.Length / dimension;
        for (int panel = 0; panel < rights; panel += PanelRows)
        {
            int rows = Math.Min(PanelRows, rights - panel);
            int row = 0;
            if (Vector512.IsHardwareAccelerated && rows == PanelRows)
            {
                ReadOnlySpan<float> four = right.Slice(panel * dimension, PanelRows * dimension);
                for (; row + 2 <= lefts; row += 2)
                {
                    TwoByFour(left.Slice(row * dimension, 2 * dimension), four, dimension, similarities[((row * rights) + panel)..], rights);
                }
            }

            for (; row < lefts; row++)
            {
                ReadOnlySpan<float> one = left.Slice(row * dimension, dimension);
                for (int r = panel; r < panel + rows; r++)
                {
                    similarities[(row * rights) + r] = CosineSearch.Dot(one, right.Slice(r * dimension, dimension));
                }
            }
        }
    }

    // Two left rows and four right ones: each value is loaded once for several products. "Low" holds the first and second of Dot's four sums side by
    // side, "high" the third and fourth.
    private static void TwoByFour(ReadOnlySpan<float> two, ReadOnlySpan<float> four, int dimension, Span<float> results, int stride)
    {
        ref float a = ref MemoryMarshal.GetReference(two);
        ref float b = ref Unsafe.Add(ref a, dimension);
        ref float p = ref MemoryMarshal.GetReference(four);
        ref float q = ref Unsafe.Add(ref p, dimension);
        ref float r = ref Unsafe.Add(ref q, dimension);
        ref float s = ref Unsafe.Add(ref r, dimension);
        Vector512<float> apLow = default, aqLow = default, arLow = default, asLow = default, bpLow = default, bqLow = default, brLow = default, bsLow = default;
        Vector512<float> apHigh = default, aqHigh = default, arHigh = default, asHigh = default;
        Vector512<float> bpHigh = default, bqHigh = default, brHigh = default, bsHigh = default;
        nuint length = (nuint)dimension / Step * Step;
        for (nuint i = 0; i < length; i += Step)
        {
            Vector512<float> x = Vector512.LoadUnsafe(ref a, i);
            Vector512<float> y = Vector512.LoadUnsafe(ref b, i);
            Vector512<float> z = Vector512.LoadUnsafe(ref p, i);
            apLow += x * z;
            bpLow += y * z;
            z = Vector512.LoadUnsafe(ref q, i);
            aqLow += x * z;
            bqLow += y * z;
            z = Vector512.LoadUnsafe(ref r, i);
            arLow += x * z;
            brLow += y * z;
            z = Vector512.LoadUnsafe(ref s, i);
            asLow += x * z;
            bsLow += y * z;
            x = Vector512.LoadUnsafe(ref a, i + (Step / 2));
            y = Vector512.LoadUnsafe(ref b, i + (Step / 2));
            z = Vector512.LoadUnsafe(ref p, i + (Step / 2));
            apHigh += x * z;
            bpHigh += y * z;
            z = Vector512.LoadUnsafe(ref q, i + (Step / 2));
            aqHigh += x * z;
            bqHigh += y * z;
            z = Vector512.LoadUnsafe(ref r, i + (Step / 2));
            arHigh += x * z;
            brHigh += y * z;
            z = Vector512.LoadUnsafe(ref s, i + (Step / 2));
            asHigh += x * z;
            bsHigh += y * z;
        }

        results[0] = Rest(apLow, apHigh, ref a, ref p, length, dimension);
        results[1] = Rest(aqLow, aqHigh, ref a, ref q, length, dimension);
        results[2] = Rest(arLow, arHigh, ref a, ref r, length, dimension);
        results[3] = Rest(asLow, asHigh, ref a, ref s, length, dimension);
        results = results[stride..];
        results[0] = Rest(bpLow, bpHigh, ref b, ref p, length, dimension);
        results[1] = Rest(bqLow, bqHigh, ref b, ref q, length, dimension);
        results[2] = Rest(brLow, brHigh, ref b, ref r, length, dimension);
        results[3] = Rest(bsLow, bsHigh, ref b, ref s, length, dimension);
    }

    // What is left of a row, and the order in which the sums are added: exactly as in CosineSearch.Dot.
    private static float Rest(Vector512<float> low, Vector512<float> high, ref float left, ref float right, nuint from, int dimension)
    {
        Vector256<float> first = low.GetLower();
        nuint i = from;
        for (; i + 8 <= (nuint)dimension; i += 8)
        {
            first += Vector256.LoadUnsafe(ref left, i) * Vector256.LoadUnsafe(ref right, i);
        }

        Vector256<float> lanes = first + low.GetUpper() + (high.GetLower() + high.GetUpper());
        Vector128<float> half = lanes.GetLower() + lanes.GetUpper();
        float sum = half[0] + half[1] + (half[2] + half[3]);
        for (; i < (nuint)dimension; i++)
        {
            sum += Unsafe.Add(ref left, i) * Unsafe.Add(ref right, i);
        }

        return sum;
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Pipeline.Reid;

/// <summary>A row of the gallery that answers a query.</summary>
/// <param name="Row">Its index.</param>
/// <param name="Similarity">Dot product with the query: the cosine, when both have unit length.</param>
public readonly record struct Hit(int Row, float Similarity);

/// <summary>
/// Exact search over unit vectors in contiguous memory: the only one in the product. Allocates nothing, thread-safe. Sums run in one fixed order on
/// every machine (eight lanes, four sums, no fused multiply-add), so that a similarity is the same to the last bit wherever it is computed.
/// </summary>
public static class CosineSearch
{
    private const int Lanes = 8;

    /// <summary>Finds the most similar rows.</summary>
    /// <param name="rows">Unit vectors, row-major (N, D); N may be 0.</param>
    /// <param name="query">A unit vector; its length sets D.</param>
    /// <param name="hits">Receives the best rows, most similar first, ties by row. Its length is how many are wanted.</param>
    /// <returns>How many hits were written: the smaller of N and what was wanted. Rows whose similarity is NaN come last.</returns>
    /// <exception cref="ArgumentException">The query is empty or the rows are no multiple of it.</exception>
    public static int Search(ReadOnlySpan<float> rows, ReadOnlySpan<float> query, Span<Hit> hits)
    {
        if (query.IsEmpty || rows.Length % query.Length != 0)
        {
            throw new ArgumentException($"{rows.Length} floats are no rows of length {query.Length}", nameof(rows));
        }

        int found = 0;
        int count = rows.Length / query.Length;
        for (int row = 0; row < count && hits.Length > 0; row++)
        {
            float similarity = Dot(rows.Slice(row * query.Length, query.Length), query);
            float order = float.IsNaN(similarity) ? float.NegativeInfinity : similarity;
            if (found == hits.Length && !(order > hits[^1].Similarity))
            {
                continue; // nearly always
            }

            int place = found < hits.Length ? found++ : found - 1;
            for (; place > 0 && hits[place - 1].Similarity < order; place--)
            {
                hits[place] = hits[place - 1];
            }

            hits[place] = new Hit(row, order);
        }

        return found;
    }

    /// <summary>Similarities of all rows to one query.</summary>
    /// <param name="rows">Row-major (N, D).</param>
    /// <param name="query">(D).</param>
    /// <param name="similarities">Receives (N).</param>
    /// <exception cref="ArgumentException">The lengths do not fit.</exception>
    public static void Similarities(ReadOnlySpan<float> rows, ReadOnlySpan<float> query, Span<float> similarities)
    {
        if (rows.Length != similarities.Length * query.Length)
        {
            throw new ArgumentException($"{similarities.Length} rows of {query.Length} are {similarities.Length * query.Length} floats, got {rows.Length}", nameof(rows));
        }

        for (int row = 0; row < similarities.Length; row++)
        {
            similarities[row] = Dot(rows.Slice(row * query.Length, query.Length), query);
        }
    }

    /// <summary>Dot product of two vectors of one length.</summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Dot(ReadOnlySpan<float> left, ReadOnlySpan<float> right)
    {
        if (left.Length != right.Length)
        {
            throw new ArgumentException($"lengths {left.Length} and {right.Length} differ", nameof(right));
        }

        ref float a = ref MemoryMarshal.GetReference(left);
        ref float b = ref MemoryMarshal.GetReference(right);
        nuint length = (nuint)left.Length;
        nuint i = 0;
        Vector256<float> first = default;
        Vector256<float> second = default;
        Vector256<float> third = default;
        Vector256<float> fourth = default;
        for (; i + (4 * Lanes) <= length; i += 4 * Lanes)
        {
            first += Vector256.LoadUnsafe(ref a, i) * Vector256.LoadUnsafe(ref b, i);
            second += Vector256.LoadUnsafe(ref a, i + Lanes) * Vector256.LoadUnsafe(ref b, i + Lanes);
            third += Vector256.LoadUnsafe(ref a, i + (2 * Lanes)) * Vector256.LoadUnsafe(ref b, i + (2 * Lanes));
            fourth += Vector256.LoadUnsafe(ref a, i + (3 * Lanes)) * Vector256.LoadUnsafe(ref b, i + (3 * Lanes));
        }

        for (; i + Lanes <= length; i += Lanes)
        {
            first += Vector256.LoadUnsafe(ref a, i) * Vector256.LoadUnsafe(ref b, i);
        }

        Vector256<float> lanes = first + second + (third + fourth);
        Vector128<float> half = lanes.GetLower() + lanes.GetUpper();
        float sum = half[0] + half[1] + (half[2] + half[3]);
        for (; i < length; i++)
        {
            sum += Unsafe.Add(ref a, i) * Unsafe.Add(ref b, i);
        }

        return sum;
    }
}

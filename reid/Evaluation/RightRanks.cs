using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Pipeline.Reid.Evaluation;

/// <summary>Where the right answers of one query stand in its ranked list. The list itself is never sorted: entries before each right one are counted.</summary>
public static class RightRanks
{
    /// <summary>Finds them. The order is (distance, gallery index); an entry whose distance is NaN counts as infinitely far.</summary>
    /// <param name="distances">To every gallery entry; smaller is nearer. Changed: it is the working memory.</param>
    /// <param name="right">Gallery indices of the right answers, none of them removed.</param>
    /// <param name="removed">Gallery indices that this query's list does not hold.</param>
    /// <returns>0-based ranks, ascending; as many as there are right answers.</returns>
    public static int[] Find(Span<float> distances, ReadOnlySpan<int> right, ReadOnlySpan<int> removed)
    {
        if (TensorPrimitives.IsNaNAny<float>(distances))
        {
            foreach (ref float distance in distances)
            {
                distance = float.IsNaN(distance) ? float.PositiveInfinity : distance;
            }
        }

        foreach (int index in removed)
        {
            distances[index] = float.NaN; // neither before nor equal to anything
        }

        int[] ranks = new int[right.Length];
        for (int i = 0; i < ranks.Length; i++)
        {
            float distance = distances[right[i]];
            ranks[i] = Count<Nearer>(distances, distance) + Count<Equal>(distances[..right[i]], distance);
        }

        Array.Sort(ranks);
        return ranks;
    }

    private interface IComparison
    {
        static abstract Vector256<float> Of(Vector256<float> values, Vector256<float> distance);

        static abstract bool Of(float value, float distance);
    }

    private static int Count<T>(ReadOnlySpan<float> values, float distance)
        where T : struct, IComparison
    {
        ref float first = ref MemoryMarshal.GetReference(values);
        Vector256<float> wanted = Vector256.Create(distance);
        int count = 0;
        int i = 0;
        for (; i + Vector256<float>.Count <= values.Length; i += Vector256<float>.Count)
        {
            count += BitOperations.PopCount(T.Of(Vector256.LoadUnsafe(ref first, (nuint)i), wanted).ExtractMostSignificantBits());
        }

        for (; i < values.Length; i++)
        {
            count += T.Of(values[i], distance) ? 1 : 0;
        }

        return count;
    }

    private readonly struct Nearer : IComparison
    {
        public static Vector256<float> Of(Vector256<float> values, Vector256<float> distance) => Vector256.LessThan(values, distance);

        public static bool Of(float value, float distance) => value < distance;
    }

    private readonly struct Equal : IComparison
    {
        public static Vector256<float> Of(Vector256<float> values, Vector256<float> distance) => Vector256.Equals(values, distance);

        public static bool Of(float value, float distance) => value == distance;
    }
}

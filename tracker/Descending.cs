namespace Pipeline.Tracker;

/// <summary>The places of numbers from the largest to the smallest, of equals the earlier, found as far as they are asked for: most callers need a few of very many.</summary>
internal static class Descending
{
    private const int First = 16;

    /// <summary>The places, largest number first.</summary>
    /// <param name="values">The numbers; not to be changed meanwhile.</param>
    /// <param name="count">How many of them count.</param>
    internal static IEnumerable<int> Places(float[] values, int count)
    {
        int given = 0;
        for (int wanted = First; given < count; wanted *= 8)
        {
            int[] best = Best(values, count, Math.Min(wanted, count));
            for (; given < best.Length; given++)
            {
                yield return best[given];
            }
        }
    }

    private static int[] Best(float[] values, int count, int wanted)
    {
        // The root is the worst of those kept: smallest number, of equals the latest.
        PriorityQueue<int, (float Value, int Place)> kept = new(wanted + 1, Comparer<(float Value, int Place)>.Create(
            (one, other) => one.Value != other.Value ? one.Value.CompareTo(other.Value) : other.Place.CompareTo(one.Place)));
        float least = float.NegativeInfinity;
        for (int place = 0; place < count; place++)
        {
            if (kept.Count < wanted)
            {
                kept.Enqueue(place, (values[place], place));
                least = values[kept.Peek()];
            }
            else if (values[place] > least)
            {
                kept.DequeueEnqueue(place, (values[place], place));
                least = values[kept.Peek()];
            }
        }

        int[] best = new int[kept.Count];
        for (int at = best.Length - 1; at >= 0; at--)
        {
            best[at] = kept.Dequeue();
        }

        return best;
    }
}

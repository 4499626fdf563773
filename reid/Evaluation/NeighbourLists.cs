using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Pipeline.Reid.Evaluation;

/// <summary>The nearest rows of every row, itself first.</summary>
internal sealed class NeighbourLists
{
    private readonly int[] _rows;

    private NeighbourLists(int[] rows, int width)
    {
        _rows = rows;
        Width = width;
        Count = rows.Length / width;
    }

    /// <summary>Entries of a list: itself and as many neighbours as were asked for, or all there are.</summary>
    public int Width { get; }

    /// <summary>Rows.</summary>
    public int Count { get; }

    /// <summary>Nearest first, ties by index; the row itself is the first.</summary>
    public ReadOnlySpan<int> Of(int row) => _rows.AsSpan(row * Width, Width);

    /// <summary>The list up to some neighbours.</summary>
    public ReadOnlySpan<int> Of(int row, int neighbours) => _rows.AsSpan(row * Width, Math.Min(Width, neighbours + 1));

    /// <summary>From distances.</summary>
    /// <param name="distances">(N, N), row-major.</param>
    /// <param name="count">N.</param>
    /// <param name="neighbours">Neighbours wanted.</param>
    public static NeighbourLists Of(double[] distances, int count, int neighbours)
    {
        int width = Math.Min(count, neighbours + 1);
        int[] rows = new int[count * width];
        Parallel.For(0, count, row =>
        {
            int[] order = [.. Enumerable.Range(0, count)];
            double[] keys = distances.AsSpan(row * count, count).ToArray();
            keys[row] = double.NegativeInfinity;
            Array.Sort(order, (left, right) => keys[left].CompareTo(keys[right]) is not 0 and int sign ? sign : left.CompareTo(right));
            order.AsSpan(0, width).CopyTo(rows.AsSpan(row * width));
        });
        return new NeighbourLists(rows, width);
    }

    /// <summary>From features by cosine, without ever holding all similarities.</summary>
    /// <param name="features">N unit rows.</param>
    /// <param name="neighbours">Neighbours wanted.</param>
    /// <param name="threads">Threads; 0 takes every core.</param>
    /// <param name="least">Receives per row the smallest similarity to any row.</param>
    /// <param name="done">Told how many rows more are through; from several threads.</param>
    /// <param name="cancellationToken">Stops.</param>
    public static NeighbourLists Of(
        FeatureRows features, int neighbours, int threads, float[] least, Action<int>? done = null, CancellationToken cancellationToken = default)
    {
        int count = features.Count;
        int width = Math.Min(count, neighbours + 1);
        int[] rows = new int[count * width];
        FeatureBlocks.ForEach(features, features, threads, (from, similarities) =>
        {
            float[] best = new float[width];
            for (int row = from; (row - from) * count < similarities.Length; row++)
            {
                Span<float> one = similarities.Slice((row - from) * count, count);
                least[row] = TensorPrimitives.Min<float>(one);
                one[row] = float.PositiveInfinity;
                Nearest(one, best, rows.AsSpan(row * width, width));
            }

            done?.Invoke(similarities.Length / count);
        }, cancellationToken);
        return new NeighbourLists(rows, width);
    }

    // Nearly all similarities are below the worst that is kept, so they are looked at sixteen at a time.
    private static void Nearest(ReadOnlySpan<float> similarities, Span<float> best, Span<int> rows)
    {
        best.Fill(float.NegativeInfinity);
        rows.Clear();
        ref float first = ref MemoryMarshal.GetReference(similarities);
        int i = 0;
        for (; i + Vector512<float>.Count <= similarities.Length; i += Vector512<float>.Count)
        {
            if (Vector512.GreaterThanAny(Vector512.LoadUnsafe(ref first, (nuint)i), Vector512.Create(best[^1])))
            {
                for (int k = i; k < i + Vector512<float>.Count; k++)
                {
                    Insert(similarities[k], k, best, rows);
                }
            }
        }

        for (; i < similarities.Length; i++)
        {
            Insert(similarities[i], i, best, rows);
        }
    }

    private static void Insert(float similarity, int row, Span<float> best, Span<int> rows)
    {
        if (!(similarity > best[^1]))
        {
            return;
        }

        int place = best.Length - 1;
        for (; place > 0 && best[place - 1] < similarity; place--)
        {
            best[place] = best[place - 1];
            rows[place] = rows[place - 1];
        }

        best[place] = similarity;
        rows[place] = row;
    }
}

namespace Pipeline.Reid.Evaluation;

/// <summary>
/// Each row as the set of its k-reciprocal neighbours, weighted by nearness: what re-ranking compares instead of features. Held sparsely: a row has
/// some dozens of neighbours, whatever the number of rows.
/// </summary>
internal static class KReciprocalEncoding
{
    /// <summary>Encodes every row.</summary>
    /// <param name="lists">Nearest rows, at least K1 neighbours of each.</param>
    /// <param name="distance">Squared and normalised distance of two rows, 0 of a row to itself; called from several threads.</param>
    /// <param name="options">Settings.</param>
    /// <param name="threads">Threads; 0 takes every core.</param>
    /// <param name="cancellationToken">Stops.</param>
    public static SparseRows Of(
        NeighbourLists lists, Func<int, int, double> distance, ReRankingOptions options, int threads, CancellationToken cancellationToken)
    {
        ParallelOptions parallel = new() { MaxDegreeOfParallelism = threads > 0 ? threads : Environment.ProcessorCount, CancellationToken = cancellationToken };
        (int[] Columns, float[] Values)[] rows = new (int[], float[])[lists.Count];
        Parallel.For(0, rows.Length, parallel, row => rows[row] = Encode(row, lists, distance, options));
        SparseRows encoded = SparseRows.Of(rows);
        if (options.K2 == 1)
        {
            return encoded;
        }

        Parallel.For(0, rows.Length, parallel, () => new double[rows.Length], (row, _, sums) =>
        {
            rows[row] = encoded.Mean(lists.Of(row, options.K2 - 1), sums);
            return sums;
        }, static _ => { });
        return SparseRows.Of(rows);
    }

    private static (int[] Columns, float[] Values) Encode(int row, NeighbourLists lists, Func<int, int, double> distance, ReRankingOptions options)
    {
        List<int> own = Reciprocal(row, options.K1, lists);
        HashSet<int> all = [.. own];
        foreach (int neighbour in own)
        {
            List<int> theirs = Reciprocal(neighbour, options.Half, lists);
            if (3 * theirs.Count(own.Contains) > 2 * theirs.Count)
            {
                all.UnionWith(theirs);
            }
        }

        int[] columns = [.. all.Order()];
        double[] weights = [.. columns.Select(column => Math.Exp(-distance(row, column)))];
        double sum = weights.Sum();
        return (columns, [.. weights.Select(weight => (float)(weight / sum))]);
    }

    private static List<int> Reciprocal(int row, int neighbours, NeighbourLists lists)
    {
        List<int> reciprocal = [];
        foreach (int other in lists.Of(row, neighbours))
        {
            if (lists.Of(other, neighbours).Contains(row))
            {
                reciprocal.Add(other);
            }
        }

        return reciprocal;
    }
}

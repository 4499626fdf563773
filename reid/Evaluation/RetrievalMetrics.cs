namespace Pipeline.Reid.Evaluation;

/// <summary>What the common single-query protocol of re-identification measures. NaN stands for skipped queries and for means over none.</summary>
/// <param name="Cmc">At index k - 1: share of valid queries with a right answer among the first k.</param>
/// <param name="MeanAveragePrecision">Mean of <paramref name="AveragePrecision"/> over valid queries.</param>
/// <param name="MeanInversePenalty">mINP: mean of <paramref name="InversePenalty"/> over valid queries.</param>
/// <param name="AveragePrecision">Per query.</param>
/// <param name="InversePenalty">Per query: right answers over the rank of the last of them.</param>
/// <param name="FirstMatch">Per query: 0-based rank of the first right answer, -1 when skipped.</param>
/// <param name="ValidQueries">Queries with a right answer left.</param>
public sealed record RetrievalMetrics(
    double[] Cmc,
    double MeanAveragePrecision,
    double MeanInversePenalty,
    double[] AveragePrecision,
    double[] InversePenalty,
    int[] FirstMatch,
    int ValidQueries)
{
    /// <summary>
    /// The protocol of Market-1501 as in Python code: gallery pid -1 is dropped, pid 0 stays and is always wrong, entries with the query's pid and
    /// camera are removed, a query without a right answer left is skipped. Order is (distance, gallery index). Same pid and same camid removed.
    /// </summary>
    /// <param name="distances">(Q, G), row-major; smaller is more alike.</param>
    /// <param name="queries">Pid and camera per query.</param>
    /// <param name="gallery">Pid and camera per gallery entry.</param>
    /// <param name="maxRank">Length of the CMC, at least 1.</param>
    /// <exception cref="ArgumentException">The distances are not Q times G.</exception>
    public static RetrievalMetrics Of(
        ReadOnlySpan<float> distances, IReadOnlyList<(int Pid, int Camera)> queries, IReadOnlyList<(int Pid, int Camera)> gallery, int maxRank = 20)
    {
        ArgumentNullException.ThrowIfNull(queries);
        ArgumentNullException.ThrowIfNull(gallery);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxRank, 1);
        if (distances.Length != queries.Count * gallery.Count)
        {
            throw new ArgumentException($"{queries.Count} x {gallery.Count} distances wanted, got {distances.Length}", nameof(distances));
        }

        double[] precision = new double[queries.Count];
        double[] penalty = new double[queries.Count];
        int[] first = new int[queries.Count];
        for (int q = 0; q < queries.Count; q++)
        {
            (precision[q], penalty[q], first[q]) = One(distances.Slice(q * gallery.Count, gallery.Count), queries[q], gallery);
        }

        int valid = first.Count(rank => rank >= 0);
        double[] cmc = new double[maxRank];
        for (int k = 0; k < maxRank; k++)
        {
            cmc[k] = first.Count(rank => rank >= 0 && rank <= k) / (double)valid;
        }

        return new RetrievalMetrics(cmc, Mean(precision), Mean(penalty), precision, penalty, first, valid);
    }

    private static (double Precision, double Penalty, int First) One(
        ReadOnlySpan<float> distances, (int Pid, int Camera) query, IReadOnlyList<(int Pid, int Camera)> gallery)
    {
        List<(float Distance, int Index)> kept = [];
        for (int g = 0; g < gallery.Count; g++)
        {
            if (gallery[g].Pid != -1 && gallery[g] != query)
            {
                kept.Add((distances[g], g));
            }
        }

        kept.Sort(); // by distance, then index
        double sum = 0;
        int right = 0;
        (int first, int last) = (-1, -1);
        for (int rank = 0; rank < kept.Count; rank++)
        {
            if (gallery[kept[rank].Index].Pid == query.Pid && query.Pid != 0)
            {
                right++;
                sum += right / (rank + 1.0);
                first = first < 0 ? rank : first;
                last = rank;
            }
        }

        return right == 0 ? (double.NaN, double.NaN, -1) : (sum / right, right / (last + 1.0), first);
    }

    private static double Mean(double[] values) => values.Where(v => !double.IsNaN(v)).DefaultIfEmpty(double.NaN).Average();
}

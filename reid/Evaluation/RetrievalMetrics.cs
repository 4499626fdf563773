using System.Numerics.Tensors;

namespace Pipeline.Reid.Evaluation;

/// <summary>What single-query protocols of re-identification measure. NaN stands for skipped queries and for means over none.</summary>
/// <remarks>
/// The standard measures (Python code of Market-1501, MSMT17, CUHK03-NP and, since 2018, MARS) leave a query without a right answer out; those of
/// the MATLAB code of Market-1501 and MARS divide by all queries and take the area under precision and recall with trapezoids.
/// </remarks>
public sealed record RetrievalMetrics
{
    private RetrievalMetrics(IReadOnlyList<int[]> ranks, int maxRank)
    {
        FirstMatch = [.. ranks.Select(r => r.Length > 0 ? r[0] : -1)];
        AveragePrecision = [.. ranks.Select(Precision)];
        InversePenalty = [.. ranks.Select(r => r.Length > 0 ? r.Length / (r[^1] + 1.0) : double.NaN)];
        TrapezoidPrecision = [.. ranks.Select(Trapezoid)];
        ValidQueries = FirstMatch.Count(rank => rank >= 0);
        Cmc = Curve(FirstMatch, maxRank, ValidQueries);
        MatlabCmc = Curve(FirstMatch, maxRank, ranks.Count);
        MeanAveragePrecision = MeanOfValid(AveragePrecision);
        MeanInversePenalty = MeanOfValid(InversePenalty);
        MeanTrapezoidPrecision = MeanOfValid(TrapezoidPrecision);
    }

    /// <summary>At index k - 1: share of valid queries with a right answer among the first k.</summary>
    public double[] Cmc { get; }

    /// <summary>Mean of <see cref="AveragePrecision"/> over valid queries.</summary>
    public double MeanAveragePrecision { get; }

    /// <summary>mINP: mean of <see cref="InversePenalty"/> over valid queries.</summary>
    public double MeanInversePenalty { get; }

    /// <summary>Per query: mean over its right answers of i / r, the i-th right one standing at rank r from 1.</summary>
    public double[] AveragePrecision { get; }

    /// <summary>Per query: right answers over the rank of the last of them.</summary>
    public double[] InversePenalty { get; }

    /// <summary>Per query: 0-based rank of the first right answer, -1 when skipped.</summary>
    public int[] FirstMatch { get; }

    /// <summary>Queries with a right answer left.</summary>
    public int ValidQueries { get; }

    /// <summary>All queries.</summary>
    public int TotalQueries => FirstMatch.Length;

    /// <summary>Per query: average precision as the area of trapezoids under precision and recall; lower than <see cref="AveragePrecision"/>.</summary>
    public double[] TrapezoidPrecision { get; }

    /// <summary>Mean of <see cref="TrapezoidPrecision"/> over valid queries.</summary>
    public double MeanTrapezoidPrecision { get; }

    /// <summary>CMC of the MATLAB code: divided by all queries.</summary>
    public double[] MatlabCmc { get; }

    /// <summary>mAP of the MATLAB code: trapezoids, over all queries, one without a right answer counting 0.</summary>
    public double MatlabMeanPrecision => TotalQueries == 0 ? double.NaN : TrapezoidPrecision.Sum(p => double.IsNaN(p) ? 0 : p) / TotalQueries;

    /// <summary>mAP as the MATLAB code of MARS has it: NaN as soon as one query has no right answer.</summary>
    public double MarsMeanPrecision => ValidQueries == TotalQueries ? MatlabMeanPrecision : double.NaN;

    /// <summary>Share of valid queries with a right answer among the first k.</summary>
    /// <param name="k">From 1 to the length of <see cref="Cmc"/>.</param>
    public double Rank(int k) => Cmc[k - 1];

    /// <summary>The common protocol, <see cref="AnswerRules.SameCameraRemoved"/>, over given distances. Order is (distance, gallery index).</summary>
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
        return Of(distances, queries.Count, gallery.Count, AnswerRules.SameCameraRemoved(queries, gallery), maxRank);
    }

    /// <summary>Any protocol over given distances.</summary>
    /// <param name="distances">(Q, G), row-major; smaller is more alike.</param>
    /// <param name="queries">Q.</param>
    /// <param name="gallery">G.</param>
    /// <param name="rule">What is right and what is removed.</param>
    /// <param name="maxRank">Length of the CMC, at least 1.</param>
    /// <exception cref="ArgumentException">The distances are not Q times G.</exception>
    public static RetrievalMetrics Of(ReadOnlySpan<float> distances, int queries, int gallery, AnswerRule rule, int maxRank = 20)
    {
        ArgumentNullException.ThrowIfNull(rule);
        if (distances.Length != (long)queries * gallery)
        {
            throw new ArgumentException($"{queries} x {gallery} distances wanted, got {distances.Length}", nameof(distances));
        }

        float[] row = new float[gallery];
        AnswerFinder finder = new(rule);
        int[][] ranks = new int[queries][];
        for (int q = 0; q < queries; q++)
        {
            distances.Slice(q * gallery, gallery).CopyTo(row);
            ranks[q] = finder.Ranks(q, row);
        }

        return FromRanks(ranks, maxRank);
    }

    /// <summary>
    /// Any protocol over features, by cosine. Works through the queries in blocks, so that memory holds a block of similarities a thread and never all;
    /// the result does not depend on the number of threads.
    /// </summary>
    /// <param name="queries">Features of the queries.</param>
    /// <param name="gallery">Features of the gallery, of the same length.</param>
    /// <param name="rule">What is right and what is removed; called from several threads.</param>
    /// <param name="maxRank">Length of the CMC, at least 1.</param>
    /// <param name="threads">Threads, at least 1; 0 takes every core.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <exception cref="ArgumentException">The features differ in length.</exception>
    public static RetrievalMetrics Of(
        FeatureRows queries, FeatureRows gallery, AnswerRule rule, int maxRank = 20, int threads = 0, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(queries);
        ArgumentNullException.ThrowIfNull(gallery);
        ArgumentNullException.ThrowIfNull(rule);
        if (queries.Dimension != gallery.Dimension)
        {
            throw new ArgumentException($"queries have length {queries.Dimension}, the gallery {gallery.Dimension}", nameof(gallery));
        }

        int[][] ranks = new int[queries.Count][];
        FeatureBlocks.ForEach(queries, gallery, threads, (from, similarities) =>
        {
            AnswerFinder finder = new(rule);
            for (int q = 0; q * gallery.Count < similarities.Length; q++)
            {
                Span<float> row = similarities.Slice(q * gallery.Count, gallery.Count);
                TensorPrimitives.Negate(row, row); // exact: nothing that differs becomes a tie
                ranks[from + q] = finder.Ranks(from + q, row);
            }
        }, cancellationToken);
        return FromRanks(ranks, maxRank);
    }

    /// <summary>Measures of ranks that were found elsewhere.</summary>
    /// <param name="ranks">Per query: 0-based ranks of its right answers, ascending; empty skips the query.</param>
    /// <param name="maxRank">Length of the CMC, at least 1.</param>
    public static RetrievalMetrics FromRanks(IReadOnlyList<int[]> ranks, int maxRank = 20)
    {
        ArgumentNullException.ThrowIfNull(ranks);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxRank, 1);
        return new RetrievalMetrics(ranks, maxRank);
    }

    private static double Precision(int[] ranks)
    {
        double sum = 0;
        for (int i = 0; i < ranks.Length; i++)
        {
            sum += (i + 1) / (ranks[i] + 1.0);
        }

        return ranks.Length == 0 ? double.NaN : sum / ranks.Length;
    }

    // Recall rises by 1/n at each right answer only, so only the precision there and one rank before it matter.
    private static double Trapezoid(int[] ranks)
    {
        double sum = 0;
        for (int i = 0; i < ranks.Length; i++)
        {
            double before = ranks[i] == 0 ? 1 : i / (double)ranks[i];
            sum += (before + ((i + 1) / (ranks[i] + 1.0))) / 2;
        }

        return ranks.Length == 0 ? double.NaN : sum / ranks.Length;
    }

    private static double[] Curve(int[] first, int maxRank, int divisor)
    {
        double[] curve = new double[maxRank];
        foreach (int rank in first)
        {
            if (rank >= 0 && rank < maxRank)
            {
                curve[rank]++;
            }
        }

        for (int k = 0; k < maxRank; k++)
        {
            curve[k] += k > 0 ? curve[k - 1] : 0;
        }

        return [.. curve.Select(count => count / divisor)];
    }

    private static double MeanOfValid(double[] values) => values.Where(v => !double.IsNaN(v)).DefaultIfEmpty(double.NaN).Average();
}

namespace Pipeline.Reid.Evaluation;

/// <summary>
/// k-reciprocal re-ranking (Zhong et al., CVPR 2017): two rows are near when their neighbours are the same. Distances are squared and divided by the
/// row's largest first, as the authors' code does; the neighbour sets are held sparsely, so that memory grows with the rows and not with their square.
/// </summary>
public sealed class ReRanking
{
    private readonly SparseRows _queries;
    private readonly SparseRows _gallery; // rows are encoding columns, columns are gallery entries
    private readonly double[] _largest;
    private readonly double _lambda;
    private readonly int _galleryCount;

    private ReRanking(SparseRows encoded, double[] largest, int queries, double lambda)
    {
        _queries = encoded;
        _galleryCount = encoded.Count - queries;
        _gallery = encoded.Transposed(encoded.Count, queries);
        _largest = largest;
        _lambda = lambda;
        Held = encoded.Held;
    }

    /// <summary>Values that the encodings hold.</summary>
    public long Held { get; }

    /// <summary>Prepares re-ranking of features by Euclidean distance of unit rows (2 - 2 cosine, squared).</summary>
    /// <param name="queries">Unit rows.</param>
    /// <param name="gallery">Unit rows of the same length.</param>
    /// <param name="options">Settings.</param>
    /// <param name="threads">Threads; 0 takes every core. The result does not depend on them.</param>
    /// <param name="done">Told how many rows more have their neighbours; from several threads.</param>
    /// <param name="cancellationToken">Stops.</param>
    public static ReRanking Of(
        FeatureRows queries, FeatureRows gallery, ReRankingOptions options, int threads = 0, Action<int>? done = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(queries);
        ArgumentNullException.ThrowIfNull(gallery);
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        FeatureRows all = new([.. queries.Values, .. gallery.Values], queries.Dimension);
        float[] least = new float[all.Count];
        NeighbourLists lists = NeighbourLists.Of(all, options.K1, threads, least, done, cancellationToken);
        double[] largest = [.. least.Select(similarity => Math.Max(2 - (2.0 * similarity), 1e-12))];
        SparseRows encoded = KReciprocalEncoding.Of(
            lists, (row, other) => row == other ? 0 : Squared(CosineSearch.Dot(all[row], all[other])) / largest[row], options, threads, cancellationToken);
        return new ReRanking(encoded, largest, queries.Count, options.Lambda);
    }

    /// <summary>Re-ranks given distances; memory grows with the square of the entries.</summary>
    /// <param name="queryGallery">(Q, G), row-major; not yet squared.</param>
    /// <param name="queryQuery">(Q, Q).</param>
    /// <param name="galleryGallery">(G, G).</param>
    /// <param name="options">Settings.</param>
    /// <returns>New distances (Q, G).</returns>
    /// <exception cref="ArgumentException">The sizes do not fit.</exception>
    public static float[] Dense(float[] queryGallery, float[] queryQuery, float[] galleryGallery, ReRankingOptions options)
    {
        ArgumentNullException.ThrowIfNull(queryGallery);
        ArgumentNullException.ThrowIfNull(queryQuery);
        ArgumentNullException.ThrowIfNull(galleryGallery);
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        int q = (int)Math.Sqrt(queryQuery.Length);
        int g = (int)Math.Sqrt(galleryGallery.Length);
        if (q * q != queryQuery.Length || g * g != galleryGallery.Length || q * g != queryGallery.Length)
        {
            throw new ArgumentException($"{queryGallery.Length} distances do not go with {queryQuery.Length} and {galleryGallery.Length}", nameof(queryGallery));
        }

        int all = q + g;
        double[] distances = new double[all * all];
        double[] largest = new double[all];
        for (int i = 0; i < all; i++)
        {
            for (int j = 0; j < all; j++)
            {
                double distance = i < q ? j < q ? queryQuery[(i * q) + j] : queryGallery[(i * g) + j - q]
                    : j < q ? queryGallery[(j * g) + i - q] : galleryGallery[((i - q) * g) + j - q];
                distances[(i * all) + j] = distance * distance;
                largest[i] = Math.Max(largest[i], distance * distance);
            }
        }

        for (int i = 0; i < distances.Length; i++)
        {
            distances[i] /= Math.Max(largest[i / all], 1e-12);
        }

        SparseRows encoded = KReciprocalEncoding.Of(
            NeighbourLists.Of(distances, all, options.K1), (i, j) => distances[(i * all) + j], options, threads: 0, CancellationToken.None);
        ReRanking ranking = new(encoded, largest, q, options.Lambda);
        float[] result = new float[q * g];
        double[] overlap = new double[g];
        for (int i = 0; i < q; i++)
        {
            int row = i;
            ranking.Row(i, j => distances[(row * all) + q + j], overlap, result.AsSpan(i * g, g));
        }

        return result;
    }

    /// <summary>Scores re-ranked lists by any protocol; similarities are gone through in blocks and never held whole.</summary>
    /// <param name="queries">The queries this was prepared with.</param>
    /// <param name="gallery">The gallery this was prepared with.</param>
    /// <param name="rule">What is right and what is removed; called from several threads.</param>
    /// <param name="maxRank">Length of the CMC, at least 1.</param>
    /// <param name="threads">Threads; 0 takes every core.</param>
    /// <param name="cancellationToken">Stops.</param>
    public RetrievalMetrics Score(
        FeatureRows queries, FeatureRows gallery, AnswerRule rule, int maxRank = 20, int threads = 0, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(queries);
        ArgumentNullException.ThrowIfNull(gallery);
        ArgumentNullException.ThrowIfNull(rule);
        int[][] ranks = new int[queries.Count][];
        FeatureBlocks.ForEach(queries, gallery, threads, (from, similarities) =>
        {
            double[] overlap = new double[_galleryCount];
            float[] original = new float[_galleryCount];
            AnswerFinder finder = new(rule);
            for (int query = from; (query - from) * _galleryCount < similarities.Length; query++)
            {
                Span<float> row = similarities.Slice((query - from) * _galleryCount, _galleryCount);
                row.CopyTo(original);
                double largest = _largest[query];
                Row(query, g => Squared(original[g]) / largest, overlap, row);
                ranks[query] = finder.Ranks(query, row);
            }
        }, cancellationToken);
        return RetrievalMetrics.FromRanks(ranks, maxRank);
    }

    private static double Squared(float similarity) => Math.Max(0, 2 - (2.0 * similarity));

    private void Row(int query, Func<int, double> distance, double[] overlap, Span<float> result)
    {
        Array.Clear(overlap);
        ReadOnlySpan<int> columns = _queries.Columns(query);
        ReadOnlySpan<float> values = _queries.Values(query);
        for (int i = 0; i < columns.Length; i++)
        {
            ReadOnlySpan<int> entries = _gallery.Columns(columns[i]);
            ReadOnlySpan<float> theirs = _gallery.Values(columns[i]);
            for (int k = 0; k < entries.Length; k++)
            {
                overlap[entries[k]] += Math.Min(values[i], theirs[k]);
            }
        }

        for (int g = 0; g < result.Length; g++)
        {
            double jaccard = 1 - (overlap[g] / (2 - overlap[g]));
            result[g] = (float)(((1 - _lambda) * jaccard) + (_lambda * distance(g)));
        }
    }
}

using Pipeline.Reid.Data;

namespace Pipeline.Reid.Evaluation;

/// <summary>Who asks and who answers when MARS is evaluated. The two protocols are not comparable: say which one a number is of.</summary>
/// <param name="Queries">Rows of the track table that ask.</param>
/// <param name="Gallery">Rows that answer.</param>
/// <param name="Matlab">The protocol of the authors' MATLAB code; its measures are the MATLAB ones and those with trapezoids.</param>
public sealed record MarsProtocol(IReadOnlyList<int> Queries, IReadOnlyList<int> Gallery, bool Matlab)
{
    /// <summary>As the authors: every track answers, those of queries too; junk and the query's own camera are removed inside.</summary>
    /// <param name="tracks">The test table.</param>
    /// <param name="queries">Its rows that ask.</param>
    public static MarsProtocol OfMatlab(IReadOnlyList<MarsTrack> tracks, IReadOnlyList<int> queries)
    {
        ArgumentNullException.ThrowIfNull(tracks);
        return new MarsProtocol(queries, [.. Enumerable.Range(0, tracks.Count)], Matlab: true);
    }

    /// <summary>As Video-Person-ReID and nearly all papers since: queries and junk do not answer.</summary>
    /// <inheritdoc cref="OfMatlab" path="/param"/>
    public static MarsProtocol OfPython(IReadOnlyList<MarsTrack> tracks, IReadOnlyList<int> queries)
    {
        ArgumentNullException.ThrowIfNull(tracks);
        HashSet<int> asking = [.. queries];
        return new MarsProtocol(queries, [.. Enumerable.Range(0, tracks.Count).Where(row => tracks[row].Pid != -1 && !asking.Contains(row))], Matlab: false);
    }

    /// <summary>What is right and what is removed.</summary>
    /// <param name="tracks">The test table.</param>
    public AnswerRule Rule(IReadOnlyList<MarsTrack> tracks)
    {
        ArgumentNullException.ThrowIfNull(tracks);
        return AnswerRules.SameCameraRemoved(
            [.. Queries.Select(row => (tracks[row].Pid, tracks[row].Camera))], [.. Gallery.Select(row => (tracks[row].Pid, tracks[row].Camera))]);
    }

    /// <summary>Scores features of the tracks.</summary>
    /// <param name="tracks">The test table.</param>
    /// <param name="features">A unit row a track, in the order of the table.</param>
    /// <param name="threads">Threads; 0 takes every core.</param>
    public RetrievalMetrics Score(IReadOnlyList<MarsTrack> tracks, FeatureRows features, int threads = 0)
    {
        ArgumentNullException.ThrowIfNull(features);
        return RetrievalMetrics.Of(features.Take(Queries), features.Take(Gallery), Rule(tracks), threads: threads);
    }
}

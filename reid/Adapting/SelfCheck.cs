namespace Pipeline.Reid.Adapting;

/// <summary>
/// How well a model tells people apart who were in view at once, without anybody having labelled them: each track is asked by one half for its other half,
/// among the halves of those who were there at the same time.
/// </summary>
/// <remarks>
/// Similarities of two models mean different things, so nothing here depends on their scale: ranks and orders, and distances in units of the spread among
/// people who are surely two. What it cannot see: halves of a track are more alike than two visits, and in one camera background and light are shared.
/// </remarks>
/// <param name="Separations">
/// Per track that could be asked: similarity of its halves less the mean similarity to the others' halves, in standard deviations of pairs of two people.
/// </param>
/// <param name="Rank1">Share of tracks whose own half comes first.</param>
/// <param name="Order">Share of (one person, two people) pairs of pairs in the right order: the area under the ROC curve.</param>
/// <param name="Same">Pairs of one person.</param>
/// <param name="Different">Pairs of two people.</param>
/// <param name="Strangers">Mean similarity of those, and its standard deviation.</param>
public sealed record SelfCheck(IReadOnlyList<double> Separations, double Rank1, double Order, int Same, int Different, (double Mean, double Spread) Strangers)
{
    /// <summary>Tracks that are needed at least.</summary>
    public const int LeastTracks = 5;

    /// <summary>Mean separation.</summary>
    public double Separation => Separations.Average();

    /// <summary>Checks a model.</summary>
    /// <param name="tracks">Tracks as it sees them.</param>
    /// <param name="apart">Pairs of tracks that are two people for sure.</param>
    /// <exception cref="InvalidDataException">Too few tracks with halves were in view beside others.</exception>
    public static SelfCheck Of(IReadOnlyList<TrackHalves> tracks, IReadOnlyList<(int One, int Other)> apart)
    {
        ArgumentNullException.ThrowIfNull(tracks);
        ArgumentNullException.ThrowIfNull(apart);
        List<float>[] others = [.. tracks.Select(_ => new List<float>())];
        List<float> different = [];
        foreach ((int one, int other) in apart)
        {
            if (tracks[one] is { First: { } first, Last: { } last } && tracks[other] is { First: { } theirFirst, Last: { } theirLast })
            {
                float[] pair = [CosineSearch.Dot(first, theirLast), CosineSearch.Dot(last, theirFirst)];
                different.AddRange(pair);
                others[one].AddRange(pair);
                others[other].AddRange(pair);
            }
        }

        int[] asked = [.. Enumerable.Range(0, tracks.Count).Where(track => others[track].Count > 0)];
        if (asked.Length < LeastTracks)
        {
            throw new InvalidDataException(
                $"too little to judge a model by: {asked.Length} of {tracks.Count} held-out tracks have {TrackHalves.LeastPictures} pictures and were in view beside another such track, "
                + $"{LeastTracks} are needed. Record longer or busier, or hold out more with --held-out.");
        }

        double mean = different.Average(similarity => (double)similarity);
        double spread = Math.Max(Math.Sqrt(different.Average(similarity => (similarity - mean) * (similarity - mean))), 1e-9);
        float[] same = [.. asked.Select(track => CosineSearch.Dot(tracks[track].First, tracks[track].Last))];
        return new SelfCheck(
            [.. asked.Zip(same, (track, own) => (own - others[track].Average(similarity => (double)similarity)) / spread)],
            asked.Zip(same, (track, own) => others[track].All(other => own > other) ? 1.0 : 0).Average(),
            same.Average(own => different.Average(other => own > other ? 1.0 : own == other ? 0.5 : 0)),
            same.Length,
            different.Count,
            (mean, spread));
    }
}

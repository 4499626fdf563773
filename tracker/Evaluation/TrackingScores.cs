namespace Pipeline.Tracker.Evaluation;

/// <summary>The three families of tracking scores of one sequence, or pooled over several.</summary>
/// <param name="Hota">HOTA, DetA, AssA, LocA.</param>
/// <param name="Clear">MOTA, MOTP, switches, fragmentations.</param>
/// <param name="Identity">IDF1.</param>
public sealed record TrackingScores(HotaScores Hota, ClearScores Clear, IdentityScores Identity)
{
    /// <summary>Scores one sequence.</summary>
    /// <param name="sequence">The sequence.</param>
    public static TrackingScores Of(ScoredSequence sequence) =>
        new(HotaScores.Of(sequence), ClearScores.Of(sequence), IdentityScores.Of(sequence));

    /// <summary>Pools over sequences.</summary>
    /// <param name="parts">Scores of the sequences.</param>
    public static TrackingScores Combine(IReadOnlyCollection<TrackingScores> parts) => new(
        HotaScores.Combine([.. parts.Select(part => part.Hota)]),
        ClearScores.Combine([.. parts.Select(part => part.Clear)]),
        IdentityScores.Combine([.. parts.Select(part => part.Identity)]));
}

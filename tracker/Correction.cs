namespace Pipeline.Tracker;

/// <summary>How an earlier conclusion was changed (mqtt.md 4.4).</summary>
public enum CorrectionKind
{
    /// <summary>Two identities proved to be one; the previous one is gone.</summary>
    Merged,

    /// <summary>Tracklets went to another identity that was known already.</summary>
    Reassigned,

    /// <summary>Tracklets left an identity for a new one.</summary>
    Split,
}

/// <summary>Why an earlier conclusion was changed (mqtt.md 4.1).</summary>
public enum CorrectionCause
{
    /// <summary>A later tracklet showed it.</summary>
    LateEvidence,

    /// <summary>All tracklets were looked at once more, together.</summary>
    ReEvaluation,

    /// <summary>A person said so.</summary>
    Operator,
}

/// <summary>A change of an earlier conclusion.</summary>
/// <param name="Kind">What kind.</param>
/// <param name="IdentityId">The identity after it.</param>
/// <param name="PreviousIdentityId">The identity before it.</param>
/// <param name="TrackletIds">The tracklets that moved, in the order of their decisions; at least one.</param>
/// <param name="Cause">Why.</param>
/// <param name="Decision">The evidence; null when none was computed.</param>
public sealed record Correction(
    CorrectionKind Kind, Guid IdentityId, Guid PreviousIdentityId, IReadOnlyList<Guid> TrackletIds, CorrectionCause Cause, Decision? Decision);

/// <summary>The prototypes of an identity, all of them.</summary>
/// <param name="IdentityId">The identity.</param>
/// <param name="TrackletIds">Tracklets whose clip features they are, in the order in which they count.</param>
public sealed record PrototypeSet(Guid IdentityId, IReadOnlyList<Guid> TrackletIds);

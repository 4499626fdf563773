namespace Pipeline.Tracker;

/// <summary>How clear a decision was (mqtt.md 4.3).</summary>
public enum Band
{
    /// <summary>A clear match.</summary>
    Accept,

    /// <summary>A clear new identity.</summary>
    Reject,

    /// <summary>The best candidate was near the threshold or its margin too small: a new identity, with candidates.</summary>
    Uncertain,
}

/// <summary>What became of a candidate (mqtt.md 4.3).</summary>
public enum Verdict
{
    /// <summary>The tracklet joined this identity.</summary>
    Accepted,

    /// <summary>Similarity under the threshold.</summary>
    BelowThreshold,

    /// <summary>Too close to the runner-up, or given to a more similar tracklet of the same moment.</summary>
    SmallMargin,

    /// <summary>The identity was elsewhere at that time, or could not have come here in it.</summary>
    ImpossibleTransit,

    /// <summary>The identity was in the same camera at the same time.</summary>
    SameCameraOverlap,

    /// <summary>An operator said no.</summary>
    OperatorRejected,
}

/// <summary>An identity that was considered for a tracklet.</summary>
/// <param name="IdentityId">The identity.</param>
/// <param name="Similarity">Cosine against the identity's prototypes, -1 to 1, higher is more alike.</param>
/// <param name="Probability">Calibrated chance of being the same person, 0 to 1; null while nothing is calibrated.</param>
/// <param name="TrackletId">The identity's tracklet whose prototype was the nearest.</param>
/// <param name="Verdict">What became of it.</param>
public sealed record Candidate(Guid IdentityId, float Similarity, float? Probability, Guid TrackletId, Verdict Verdict);

/// <summary>The evidence of a decision (mqtt.md 4.3).</summary>
/// <param name="Similarity">Of the best candidate; null when there was none.</param>
/// <param name="Threshold">Accept level in force for that candidate: higher where it was seen in the same camera.</param>
/// <param name="Margin">How far the best similarity lies above that of any other identity, each taken from its own accept level; null if there was none.</param>
/// <param name="Band">How clear it was.</param>
/// <param name="Candidates">Best first, at most 5.</param>
/// <param name="GallerySize">Identities compared with.</param>
public sealed record Decision(
    float? Similarity, float Threshold, float? Margin, Band Band, IReadOnlyList<Candidate> Candidates, int GallerySize);

/// <summary>A prototype's fate in the gallery after a link; the store writes the same.</summary>
/// <param name="IdentityId">The identity whose prototypes changed.</param>
/// <param name="Added">Tracklet whose clip feature became a prototype; null when none did.</param>
/// <param name="Removed">Tracklet whose clip feature stopped being one; null when none did.</param>
public sealed record PrototypeChange(Guid IdentityId, Guid? Added, Guid? Removed);

/// <summary>The decision whether a tracklet is somebody the gallery knows.</summary>
/// <param name="Tracklet">The tracklet.</param>
/// <param name="Feature">Its clip feature; null when it was too poor to use.</param>
/// <param name="FeatureFrames">Crops in the feature.</param>
/// <param name="IdentityId">The identity it now belongs to; null when too poor.</param>
/// <param name="IsNew">True when the identity was created by this tracklet.</param>
/// <param name="FromTrackletId">Latest earlier sighting of the identity; null when new or too poor.</param>
/// <param name="Decision">The evidence; null when too poor.</param>
/// <param name="Prototypes">What changed in the gallery; null when too poor.</param>
public sealed record Link(
    Tracklet Tracklet,
    float[]? Feature,
    int FeatureFrames,
    Guid? IdentityId,
    bool IsNew,
    Guid? FromTrackletId,
    Decision? Decision,
    PrototypeChange? Prototypes);

/// <summary>Decisions that belong together: they were made together and are committed in one transaction.</summary>
/// <param name="At">Capture time at which they were made; never before that of the group before it.</param>
/// <param name="Links">The decisions, by tracklet end, camera id, track number; may be empty when only checkpoints are carried.</param>
/// <param name="Checkpoints">Segments that are finished once these links are committed.</param>
/// <param name="Finished">Cameras read to their end.</param>
public sealed record LinkGroup(
    DateTimeOffset At, IReadOnlyList<Link> Links, IReadOnlyList<SegmentCheckpoint> Checkpoints, IReadOnlyList<CameraFinished> Finished)
{
    /// <summary>Earlier conclusions that these decisions changed, in the order in which they are to be applied, after the links.</summary>
    public IReadOnlyList<Correction> Corrections { get; init; } = [];

    /// <summary>Prototypes of identities for which links alone do not tell them, as they are once all is applied.</summary>
    public IReadOnlyList<PrototypeSet> PrototypeSets { get; init; } = [];

    /// <summary>What the linker has learned, to go on with after a restart; null when it did not change.</summary>
    public byte[]? Learned { get; init; }
}

using System.Text.Json.Serialization;

namespace Pipeline.Store;

/// <summary>An event as subscribers read it (mqtt.md 4.1). Properties in the order in which they are written.</summary>
public sealed record EventPayload
{
    /// <summary>Version of the contract, <c>major.minor</c>.</summary>
    public required string SchemaVersion { get; init; }

    /// <summary>De-duplication key, UUIDv7.</summary>
    public required Guid EventId { get; init; }

    /// <summary>+1 per event of <see cref="StreamId"/>.</summary>
    public required long Sequence { get; init; }

    /// <summary>Changes only when the store is made anew.</summary>
    public required Guid StreamId { get; init; }

    /// <summary><c>new_identity</c>, <c>match</c>, <c>reassigned</c>, <c>merged</c>, <c>split</c> or <c>tracklet</c>.</summary>
    public required string Type { get; init; }

    /// <summary>The site.</summary>
    public required string SiteId { get; init; }

    /// <summary>Camera id of the <c>to</c> sighting; null for merged and split.</summary>
    public required string? Camera { get; init; }

    /// <summary>Media time of the end of the <c>to</c> tracklet, or of the operator's act.</summary>
    public required DateTimeOffset OccurredAt { get; init; }

    /// <summary>When the event was stored; the same in every redelivery.</summary>
    public required DateTimeOffset PublishedAt { get; init; }

    /// <summary>False: from recorded video, or decided too late to act upon.</summary>
    public required bool Live { get; init; }

    /// <summary>The identity after this event; null only on <c>tracklet</c>.</summary>
    public required Guid? IdentityId { get; init; }

    /// <summary>The operator's label; only where labels are published.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? IdentityLabel { get; init; }

    /// <summary>The identity before (reassigned, split).</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Guid? PreviousIdentityId { get; init; }

    /// <summary><c>operator</c>, <c>re_evaluation</c>, <c>late_evidence</c>, <c>import</c> (reassigned, merged, split).</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Cause { get; init; }

    /// <summary>Entry in the audit log, when the cause is an operator.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Guid? AuditId { get; init; }

    /// <summary>Identities that no longer exist (merged).</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<Guid>? MergedIdentityIds { get; init; }

    /// <summary>The tracklets that moved, at most 200 (reassigned, split, merged).</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<Guid>? TrackletIds { get; init; }

    /// <summary>How many moved, exact.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? TrackletCount { get; init; }

    /// <summary>Events whose conclusion this one replaces (reassigned).</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<Guid>? Supersedes { get; init; }

    /// <summary>Start of <see cref="To"/> minus end of <see cref="From"/>; negative when they overlap (match).</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? ElapsedMs { get; init; }

    /// <summary>Latest earlier sighting (match); else null. Null also once the person was erased.</summary>
    public SightingPayload? From { get; init; }

    /// <summary>The sighting that this is about; null for merged, and once the person was erased.</summary>
    public SightingPayload? To { get; init; }

    /// <summary>The evidence (match, new_identity).</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DecisionPayload? Decision { get; init; }
}

/// <summary>One tracklet as told to others (mqtt.md 4.2).</summary>
public sealed record SightingPayload
{
    /// <summary>One person, one camera, one unbroken track.</summary>
    public required Guid TrackletId { get; init; }

    /// <summary>Camera id.</summary>
    public required string Camera { get; init; }

    /// <summary>The camera's name as the user gave it.</summary>
    public required string CameraName { get; init; }

    /// <summary>Media time of the first detection.</summary>
    public required DateTimeOffset StartAt { get; init; }

    /// <summary>Media time of the last detection.</summary>
    public required DateTimeOffset EndAt { get; init; }

    /// <summary>What the times rest on: <c>sidecar</c>, <c>file_name</c>, <c>container</c>, <c>order</c>, <c>rtcp</c>, <c>arrival</c>.</summary>
    public required string TimeSource { get; init; }

    /// <summary>Box of the best frame.</summary>
    public required BoxPayload Box { get; init; }

    /// <summary>Media time of the best frame.</summary>
    public required DateTimeOffset BoxAt { get; init; }

    /// <summary>Width of the full frame in pixels.</summary>
    public required int FrameWidth { get; init; }

    /// <summary>Height of the full frame in pixels.</summary>
    public required int FrameHeight { get; init; }

    /// <summary>Crops in the clip feature.</summary>
    public required int Frames { get; init; }

    /// <summary>Quality of the best crop, 0 to 1.</summary>
    public required double Quality { get; init; }

    /// <summary>The best crop; null when the track gave none.</summary>
    public required CropPayload? Crop { get; init; }

    /// <summary>Where in the footage the best frame is.</summary>
    public required SourcePayload Source { get; init; }
}

/// <summary>A box, 0 to 1 of the full frame, origin top left.</summary>
/// <param name="X">Left edge.</param>
/// <param name="Y">Top edge.</param>
/// <param name="Width">Width.</param>
/// <param name="Height">Height.</param>
public sealed record BoxPayload(double X, double Y, double Width, double Height);

/// <summary>A crop's name and nature; the pixels travel apart.</summary>
public sealed record CropPayload
{
    /// <summary>The crop.</summary>
    public required Guid Id { get; init; }

    /// <summary>SHA-256 of the JPEG, lower-case hex.</summary>
    public required string Sha256 { get; init; }

    /// <summary><c>image/jpeg</c>.</summary>
    public required string ContentType { get; init; }

    /// <summary>Width in pixels.</summary>
    public required int Width { get; init; }

    /// <summary>Height in pixels.</summary>
    public required int Height { get; init; }

    /// <summary>Size of the JPEG.</summary>
    public required long Bytes { get; init; }

    /// <summary><c>none</c>, <c>face_blur</c> or <c>silhouette</c>.</summary>
    public required string Redaction { get; init; }

    /// <summary>Topic of the JPEG, when crops are published.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Topic { get; init; }
}

/// <summary>A place in the footage.</summary>
/// <param name="Kind"><c>file</c>, <c>images</c>, <c>frigate</c>, <c>mot</c>, <c>rtsp</c>, <c>http</c>, ...</param>
/// <param name="Ref">Relative to the camera's folder; never absolute, never a URL.</param>
/// <param name="OffsetMs">Time since the segment's first frame.</param>
public sealed record SourcePayload(string Kind, string Ref, long OffsetMs);

/// <summary>The evidence of a decision (mqtt.md 4.3).</summary>
public sealed record DecisionPayload
{
    /// <summary>Cosine of the two clip features, -1 to 1, higher is more alike; null when nobody was known.</summary>
    public required double? Similarity { get; init; }

    /// <summary>Accept level in force.</summary>
    public required double Threshold { get; init; }

    /// <summary>Similarity minus the best of any other identity; null if there was none.</summary>
    public required double? Margin { get; init; }

    /// <summary>Calibrated chance that both are the same person; null unless calibrated.</summary>
    public required double? Probability { get; init; }

    /// <summary>Whether threshold and probability were fitted on labelled data.</summary>
    public required bool Calibrated { get; init; }

    /// <summary>From which labelled set; null unless calibrated.</summary>
    public required string? CalibrationId { get; init; }

    /// <summary>False matches per comparison expected at the threshold; null unless calibrated.</summary>
    public required double? FalseMatchRate { get; init; }

    /// <summary><c>accept</c>, <c>reject</c> or <c>uncertain</c>.</summary>
    public required string Band { get; init; }

    /// <summary>Model name and weight digest; similarities of different models must not be compared.</summary>
    public required string ModelId { get; init; }

    /// <summary>Identities compared with.</summary>
    public required int GallerySize { get; init; }

    /// <summary>Best first, at most 5.</summary>
    public required IReadOnlyList<CandidatePayload> Candidates { get; init; }
}

/// <summary>An identity that was considered.</summary>
/// <param name="IdentityId">The identity.</param>
/// <param name="Similarity">Cosine, -1 to 1.</param>
/// <param name="Probability">Calibrated chance; null unless calibrated.</param>
/// <param name="TrackletId">The identity's nearest tracklet.</param>
/// <param name="Verdict">What became of it.</param>
public sealed record CandidatePayload(Guid IdentityId, double Similarity, double? Probability, Guid TrackletId, string Verdict);

/// <summary>Tells receivers to delete their copies (mqtt.md 6). Names ids only.</summary>
public sealed record ErasureNotice
{
    /// <summary>Version of the contract.</summary>
    public required string SchemaVersion { get; init; }

    /// <summary>The erasure.</summary>
    public required Guid ErasureId { get; init; }

    /// <summary>Who was erased.</summary>
    public required IReadOnlyList<Guid> IdentityIds { get; init; }

    /// <summary>Tracklets removed.</summary>
    public required int TrackletCount { get; init; }

    /// <summary>Crops removed.</summary>
    public required int CropCount { get; init; }

    /// <summary><c>request</c>, <c>retention</c> or <c>operator</c>.</summary>
    public required string Basis { get; init; }

    /// <summary>When the store no longer held the person.</summary>
    public required DateTimeOffset CompletedAt { get; init; }
}

namespace Pipeline.Store;

/// <summary>A person in a list.</summary>
/// <param name="Id">The identity.</param>
/// <param name="ModelId">Re-identification model that it was told apart with.</param>
/// <param name="Cameras">Ids of the cameras it was seen at, in the order of the first sighting.</param>
/// <param name="Sightings">How many tracklets it has.</param>
/// <param name="FirstSeenAt">Start of the earliest, media time.</param>
/// <param name="LastSeenAt">End of the latest, media time.</param>
public sealed record IdentitySummary(
    Guid Id, string ModelId, IReadOnlyList<string> Cameras, int Sightings, DateTimeOffset FirstSeenAt, DateTimeOffset LastSeenAt)
{
    /// <summary>What an operator calls the person; null for no name.</summary>
    public string? Label { get; init; }
}

/// <summary>A tracklet with what was decided on it.</summary>
public sealed record SightingView
{
    /// <summary>The tracklet.</summary>
    public required Guid TrackletId { get; init; }

    /// <summary>The run that stored it.</summary>
    public required Guid RunId { get; init; }

    /// <summary>The identity; null when it was too poor to use.</summary>
    public required Guid? IdentityId { get; init; }

    /// <summary>Camera id.</summary>
    public required string Camera { get; init; }

    /// <summary>The camera's name as the user gave it.</summary>
    public required string CameraName { get; init; }

    /// <summary>Number of the track in its camera.</summary>
    public required int TrackNumber { get; init; }

    /// <summary>Media time of the first detection.</summary>
    public required DateTimeOffset StartAt { get; init; }

    /// <summary>Media time of the last detection.</summary>
    public required DateTimeOffset EndAt { get; init; }

    /// <summary>What the times rest on, as in mqtt.md 4.2.</summary>
    public required string TimeSource { get; init; }

    /// <summary>Segment of the best frame, relative to the camera's folder.</summary>
    public required string SourceRef { get; init; }

    /// <summary>The best frame's time in that segment.</summary>
    public required TimeSpan Offset { get; init; }

    /// <summary>Detections in the track.</summary>
    public required int Detections { get; init; }

    /// <summary>Crops in the clip feature.</summary>
    public required int Frames { get; init; }

    /// <summary>Quality of the best crop, 0 to 1.</summary>
    public required float Quality { get; init; }

    /// <summary>Whether the identity was created by it.</summary>
    public required bool IsNew { get; init; }

    /// <summary>Of the best candidate; null when there was none.</summary>
    public required float? Similarity { get; init; }

    /// <summary>Accept level in force; null when too poor.</summary>
    public required float? Threshold { get; init; }

    /// <summary>Similarity minus that of the runner-up; null when there was none.</summary>
    public required float? Margin { get; init; }

    /// <summary><c>accept</c>, <c>reject</c> or <c>uncertain</c>; null when too poor.</summary>
    public required string? Band { get; init; }

    /// <summary>Its pictures in capture-time order.</summary>
    public required IReadOnlyList<CropView> Crops { get; init; }
}

/// <summary>A picture of a tracklet.</summary>
/// <param name="Id">The crop.</param>
/// <param name="Path">The JPEG, absolute.</param>
/// <param name="Width">Width in pixels.</param>
/// <param name="Height">Height in pixels.</param>
/// <param name="CapturedAt">Media time.</param>
/// <param name="Quality">0 to 1.</param>
/// <param name="IsBest">Whether it stands for its tracklet in events.</param>
public sealed record CropView(Guid Id, string Path, int Width, int Height, DateTimeOffset CapturedAt, float Quality, bool IsBest);

/// <summary>A person with all sightings in time order.</summary>
/// <param name="Summary">The person.</param>
/// <param name="Sightings">By start, then camera id.</param>
public sealed record IdentityDetail(IdentitySummary Summary, IReadOnlyList<SightingView> Sightings);

/// <summary>A sighting that looks like what was searched for.</summary>
/// <param name="IdentityId">Whose it is.</param>
/// <param name="Similarity">Cosine, -1 to 1, of its nearest tracklet.</param>
/// <param name="TrackletId">That tracklet.</param>
/// <param name="Camera">Its camera.</param>
/// <param name="StartAt">Its start, media time.</param>
public sealed record SearchHit(Guid IdentityId, float Similarity, Guid TrackletId, string Camera, DateTimeOffset StartAt);

/// <summary>How much the store knows by one model. Identities of different models are not compared with each other.</summary>
/// <param name="ModelId">The model.</param>
/// <param name="Identities">Identities told apart with it.</param>
public sealed record ModelUse(string ModelId, int Identities);

/// <summary>How much the store holds.</summary>
/// <param name="Identities">Persons.</param>
/// <param name="Tracklets">Tracklets, too poor ones included.</param>
/// <param name="Events">Events.</param>
public sealed record StoreCounts(long Identities, long Tracklets, long Events);

/// <summary>A line of the audit log.</summary>
/// <param name="Id">The entry.</param>
/// <param name="At">When.</param>
/// <param name="Actor">Who.</param>
/// <param name="Action">What.</param>
/// <param name="Subject">On what, as an id.</param>
/// <param name="Detail">How much, and why.</param>
public sealed record AuditEntry(Guid Id, DateTimeOffset At, string Actor, string Action, string Subject, string Detail);

namespace Pipeline.Store;

/// <summary>An event of the store with its final bytes.</summary>
/// <param name="Sequence">+1 per event of the store.</param>
/// <param name="EventId">De-duplication key.</param>
/// <param name="Type">As in mqtt.md 4.4.</param>
/// <param name="Camera">Camera id; null where the event has none.</param>
/// <param name="Live">The event's <c>live</c>.</param>
/// <param name="IdentityId">The identity after it; null on a <c>tracklet</c> too poor to use.</param>
/// <param name="TrackletId">Tracklet of the <c>to</c> sighting.</param>
/// <param name="OccurredAt">Media time.</param>
/// <param name="PublishedAt">When it was stored.</param>
/// <param name="Payload">UTF-8 JSON on one line, without a line end.</param>
public sealed record StoredEvent(
    long Sequence,
    Guid EventId,
    string Type,
    string? Camera,
    bool Live,
    Guid? IdentityId,
    Guid? TrackletId,
    DateTimeOffset OccurredAt,
    DateTimeOffset PublishedAt,
    byte[] Payload);

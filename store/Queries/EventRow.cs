namespace Pipeline.Store;

/// <summary>An event as the database gives it back.</summary>
internal sealed class EventRow
{
    internal const string Select = """
        SELECT sequence AS Sequence, event_id AS EventId, type AS Type, camera AS Camera, live AS Live, identity_id AS IdentityId,
               tracklet_id AS TrackletId, occurred_at AS OccurredAt, published_at AS PublishedAt, payload AS Payload
        FROM events
        """;

    public long Sequence { get; init; }

    public string EventId { get; init; } = "";

    public string Type { get; init; } = "";

    public string? Camera { get; init; }

    public bool Live { get; init; }

    public string? IdentityId { get; init; }

    public string? TrackletId { get; init; }

    public string OccurredAt { get; init; } = "";

    public string PublishedAt { get; init; } = "";

    public byte[] Payload { get; init; } = [];

    internal StoredEvent ToEvent() => new(
        Sequence,
        Guid.Parse(EventId),
        Type,
        Camera,
        Live,
        IdentityId is null ? null : Guid.Parse(IdentityId),
        TrackletId is null ? null : Guid.Parse(TrackletId),
        StoreTime.Parse(OccurredAt),
        StoreTime.Parse(PublishedAt),
        Payload);
}

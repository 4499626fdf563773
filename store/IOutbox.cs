namespace Pipeline.Store;

/// <summary>An event as it is kept and sent: its bytes are final (mqtt.md 11.1).</summary>
/// <param name="Sequence">
/// Place in the outbox, growing. Not the event's own <c>sequence</c> once an erasure notice, which has none, went through the outbox.
/// </param>
/// <param name="EventId">De-duplication key; the erasure's id for an erasure notice.</param>
/// <param name="Type"><c>new_identity</c>, <c>match</c>, <c>tracklet</c>, <c>erasure</c>, ... as in mqtt.md 4.4 and 6.</param>
/// <param name="Camera">Camera id of the <c>to</c> sighting; null where the event has none.</param>
/// <param name="Live">The event's <c>live</c>.</param>
/// <param name="OccurredAt">Media time.</param>
/// <param name="PublishedAt">When the row was written.</param>
/// <param name="Payload">UTF-8 JSON on one line, without a line end.</param>
public sealed record OutboxRow(
    long Sequence, Guid EventId, string Type, string? Camera, bool Live, DateTimeOffset OccurredAt, DateTimeOffset PublishedAt, byte[] Payload);

/// <summary>How full the outbox is: <c>outbox</c> of mqtt.md 3.2.</summary>
/// <param name="Pending">Rows not yet sent, those set aside not counted.</param>
/// <param name="OldestPublishedAt">When the oldest of them was written; null when there is none.</param>
/// <param name="Dropped">Rows removed unsent because of a limit, ever.</param>
/// <param name="SetAside">Rows that the broker would not take (mqtt.md 11.7).</param>
/// <param name="LastSequence">Sequence of the newest event.</param>
public sealed record OutboxStatus(long Pending, DateTimeOffset? OldestPublishedAt, long Dropped, long SetAside, long LastSequence);

/// <summary>The publisher's side of the store: events leave in order of their sequence and are marked when the broker has them.</summary>
/// <remarks>Safe to use from another thread than the one that commits.</remarks>
public interface IOutbox
{
    /// <summary>The oldest rows not yet sent, at most <paramref name="max"/>, by sequence, those set aside left out.</summary>
    /// <param name="afterSequence">Only rows above this one (the ones below are in flight).</param>
    /// <param name="max">At most so many.</param>
    IReadOnlyList<OutboxRow> Pending(long afterSequence, int max);

    /// <summary>The broker acknowledged this row.</summary>
    /// <param name="sequence">The row.</param>
    void MarkSent(long sequence);

    /// <summary>The broker will not take this row; it is kept, not sent again by itself.</summary>
    /// <param name="sequence">The row.</param>
    /// <param name="reason">Why, in one line.</param>
    void SetAside(long sequence, string reason);

    /// <summary>How full it is.</summary>
    OutboxStatus Status();

    /// <summary>Raised after a commit that wrote rows, on the committing thread; only to wake the sender up.</summary>
    event Action? RowsAdded;
}

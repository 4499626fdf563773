using Dapper;
using Microsoft.Data.Sqlite;

namespace Pipeline.Store;

/// <summary>The outbox on the store's database. Its own connection does not wait for the disk: a lost mark only sends a row twice.</summary>
internal sealed class Outbox : IOutbox, IDisposable
{
    private const string Waiting = "sent_at IS NULL AND set_aside_at IS NULL";

    private readonly StoreSetup _setup;
    private readonly Lock _gate;
    private readonly Func<long> _lastSequence;
    private readonly SqliteConnection _connection;
    private Counts _counts;
    private Counts _draft;

    /// <param name="setup">The store's.</param>
    /// <param name="gate">The store's: one writer at a time.</param>
    /// <param name="lastSequence">Gives the newest event's sequence.</param>
    internal Outbox(StoreSetup setup, Lock gate, Func<long> lastSequence)
    {
        _setup = setup;
        _gate = gate;
        _lastSequence = lastSequence;
        _connection = Connections.OpenWriting(setup.Path, durable: false);
        _counts = _draft = Count(_connection, null);
    }

    /// <inheritdoc/>
    public event Action? RowsAdded;

    /// <inheritdoc/>
    public IReadOnlyList<OutboxRow> Pending(long afterSequence, int max)
    {
        lock (_gate)
        {
            return
            [
                .. _connection.Query<Row>(
                    $"""
                    SELECT o.position AS Position, o.type AS Type, o.notice_id AS NoticeId, o.notice AS Notice, o.queued_at AS QueuedAt,
                           e.event_id AS EventId, e.camera AS Camera, e.live AS Live, e.occurred_at AS OccurredAt, e.payload AS Payload
                    FROM outbox o LEFT JOIN events e ON e.sequence = o.sequence
                    WHERE {Waiting} AND o.position > @afterSequence ORDER BY o.position LIMIT @max
                    """,
                    new { afterSequence, max }).Select(row => row.ToOutboxRow()),
            ];
        }
    }

    /// <inheritdoc/>
    public void MarkSent(long sequence) => Mark(sequence, "sent_at = @at, set_aside_at = NULL, reason = NULL", null);

    /// <inheritdoc/>
    public void SetAside(long sequence, string reason) => Mark(sequence, "set_aside_at = @at, reason = @reason", reason);

    /// <inheritdoc/>
    public OutboxStatus Status()
    {
        lock (_gate)
        {
            string? oldest = _connection.QueryFirstOrDefault<string>($"SELECT queued_at FROM outbox WHERE {Waiting} ORDER BY position LIMIT 1");
            return new OutboxStatus(_counts.Rows, StoreTime.ParseOrNull(oldest), _counts.Dropped, _counts.SetAside, _lastSequence());
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _connection.Dispose();

    /// <summary>Queues events in the caller's transaction; makes room at a limit.</summary>
    /// <returns>Unsent rows given up.</returns>
    internal long Add(SqliteConnection connection, SqliteTransaction transaction, IReadOnlyList<StoredEvent> events)
    {
        if (events.Count == 0)
        {
            return 0;
        }

        connection.Execute(
            "INSERT INTO outbox (sequence, type, bytes, queued_at) VALUES (@Sequence, @Type, @bytes, @queuedAt)",
            events.Select(e => new { e.Sequence, e.Type, bytes = e.Payload.Length, queuedAt = StoreTime.Text(e.PublishedAt) }),
            transaction);
        _draft = _draft with { Rows = _draft.Rows + events.Count, Bytes = _draft.Bytes + events.Sum(e => (long)e.Payload.Length) };
        return MakeRoom(connection, transaction);
    }

    /// <summary>Queues an erasure notice in the caller's transaction.</summary>
    internal void Add(SqliteConnection connection, SqliteTransaction transaction, ErasureNotice notice, DateTimeOffset now)
    {
        byte[] payload = EventJson.Serialize(notice);
        connection.Execute(
            "INSERT INTO outbox (type, notice_id, notice, bytes, queued_at) VALUES ('erasure', @id, @payload, @Length, @now)",
            new { id = notice.ErasureId.ToString(), payload, payload.Length, now = StoreTime.Text(now) },
            transaction);
        _draft = _draft with { Rows = _draft.Rows + 1, Bytes = _draft.Bytes + payload.Length };
    }

    /// <summary>Counts anew after rows were removed or changed in the caller's transaction.</summary>
    /// <returns>Unsent rows that are gone; they count as dropped.</returns>
    internal long Reload(SqliteConnection connection, SqliteTransaction transaction)
    {
        Counts now = Count(connection, transaction);
        long gone = Math.Max(0, _draft.Rows + _draft.SetAside - now.Rows - now.SetAside);
        _draft = now;
        CountDropped(connection, transaction, gone);
        return gone;
    }

    /// <summary>The transaction was committed.</summary>
    internal void Keep() => _counts = _draft;

    /// <summary>The transaction was rolled back.</summary>
    internal void Forget() => _draft = _counts;

    /// <summary>Wakes the sender up.</summary>
    internal void Wake() => RowsAdded?.Invoke();

    private static Counts Count(SqliteConnection connection, SqliteTransaction? transaction) => connection.QuerySingle<Counts>(
        $"""
        SELECT (SELECT COUNT(*) FROM outbox WHERE {Waiting}) AS Rows,
               (SELECT COALESCE(SUM(bytes), 0) FROM outbox WHERE {Waiting}) AS Bytes,
               (SELECT COUNT(*) FROM outbox WHERE set_aside_at IS NOT NULL) AS SetAside,
               (SELECT CAST(value AS INTEGER) FROM meta WHERE key = 'outbox_dropped') AS Dropped
        """,
        transaction: transaction);

    /// <summary>The oldest <c>tracklet</c> rows go first, then the oldest of the rest (mqtt.md 11.6). Erasure notices stay.</summary>
    private long MakeRoom(SqliteConnection connection, SqliteTransaction transaction)
    {
        long dropped = 0;
        while (_draft.Rows > _setup.Options.Outbox.MaxRows || _draft.Bytes > _setup.Options.Outbox.MaxBytes)
        {
            Size? oldest = Oldest(connection, transaction, "type = 'tracklet'") ?? Oldest(connection, transaction, "type <> 'erasure'");
            if (oldest is null)
            {
                break;
            }

            connection.Execute("DELETE FROM outbox WHERE position = @Position", oldest, transaction);
            _draft = _draft with { Rows = _draft.Rows - 1, Bytes = _draft.Bytes - oldest.Bytes };
            dropped++;
        }

        CountDropped(connection, transaction, dropped);
        return dropped;
    }

    private static Size? Oldest(SqliteConnection connection, SqliteTransaction transaction, string which) => connection.QueryFirstOrDefault<Size>(
        $"SELECT position AS Position, bytes AS Bytes FROM outbox WHERE {Waiting} AND {which} ORDER BY position LIMIT 1", transaction: transaction);

    private void CountDropped(SqliteConnection connection, SqliteTransaction transaction, long dropped)
    {
        if (dropped > 0)
        {
            _draft = _draft with { Dropped = _draft.Dropped + dropped };
            connection.Execute("UPDATE meta SET value = CAST(@Dropped AS TEXT) WHERE key = 'outbox_dropped'", new { _draft.Dropped }, transaction);
        }
    }

    private void Mark(long position, string change, string? reason)
    {
        lock (_gate)
        {
            try
            {
                Change(position, change, reason);
            }
            catch (SqliteException e)
            {
                throw StoreException.FromWriting(e, _setup.Path)!; // it has words for each of them
            }
        }
    }

    private void Change(long position, string change, string? reason)
    {
        Counts counts = _counts;
        _connection.InTransaction(transaction => counts = Change(transaction, position, change, reason));
        _draft = _counts = counts;
    }

    private Counts Change(SqliteTransaction transaction, long position, string change, string? reason)
    {
        State? before = _connection.QueryFirstOrDefault<State>(
            "SELECT bytes AS Bytes, sent_at AS SentAt, set_aside_at AS SetAsideAt FROM outbox WHERE position = @position", new { position }, transaction);
        if (before is not { SentAt: null })
        {
            return _counts; // given up at a limit, or marked before
        }

        _connection.Execute(
            $"UPDATE outbox SET {change} WHERE position = @position",
            new { position, reason, at = StoreTime.Text(_setup.Clock.GetUtcNow()) },
            transaction);
        bool waited = before.SetAsideAt is null;
        return _counts with
        {
            Rows = _counts.Rows - (waited ? 1 : 0),
            Bytes = _counts.Bytes - (waited ? before.Bytes : 0),
            SetAside = _counts.SetAside + (reason is null ? 0 : 1) - (waited ? 0 : 1),
        };
    }

    private sealed record Counts
    {
        public long Rows { get; init; }

        public long Bytes { get; init; }

        public long SetAside { get; init; }

        public long Dropped { get; init; }
    }

    private sealed class Size
    {
        public long Position { get; init; }

        public long Bytes { get; init; }
    }

    private sealed class State
    {
        public long Bytes { get; init; }

        public string? SentAt { get; init; }

        public string? SetAsideAt { get; init; }
    }

    private sealed class Row
    {
        public long Position { get; init; }

        public string Type { get; init; } = "";

        public string? NoticeId { get; init; }

        public byte[]? Notice { get; init; }

        public string QueuedAt { get; init; } = "";

        public string? EventId { get; init; }

        public string? Camera { get; init; }

        public bool Live { get; init; }

        public string? OccurredAt { get; init; }

        public byte[]? Payload { get; init; }

        public OutboxRow ToOutboxRow() => new(
            Position,
            Guid.Parse(EventId ?? NoticeId!), // one of the two, by what wrote the row
            Type,
            Camera,
            Live,
            StoreTime.Parse(OccurredAt ?? QueuedAt),
            StoreTime.Parse(QueuedAt),
            Payload ?? Notice!); // likewise
    }
}

using System.Text;
using Pipeline.Store;

namespace Pipeline.Tests.Mqtt;

/// <summary>An outbox in memory, with what was done to it.</summary>
internal sealed class MemoryOutbox : IOutbox
{
    private readonly Lock _gate = new();
    private readonly List<OutboxRow> _rows = [];
    private readonly HashSet<long> _done = [];

    public event Action? RowsAdded;

    public List<long> Sent { get; } = [];

    public Dictionary<long, string> Aside { get; } = [];

    public static OutboxRow Row(long sequence, string type = "match", string? camera = "dock", int padding = 0)
    {
        Guid id = new((int)sequence, 7, 0x7000, [0x80, 0, 0, 0, 0, 0, 0, 0]);
        string payload = $$"""{"schema_version":"1.0","event_id":"{{id}}","sequence":{{sequence}},"type":"{{type}}","pad":"{{new string('x', padding)}}"}""";
        return new OutboxRow(sequence, id, type, camera, Live: false, DateTimeOffset.UnixEpoch, DateTimeOffset.UtcNow, Encoding.UTF8.GetBytes(payload));
    }

    public void Add(params OutboxRow[] rows)
    {
        lock (_gate)
        {
            _rows.AddRange(rows);
        }

        RowsAdded?.Invoke();
    }

    public IReadOnlyList<OutboxRow> Pending(long afterSequence, int max)
    {
        lock (_gate)
        {
            return [.. _rows.Where(row => row.Sequence > afterSequence && !_done.Contains(row.Sequence)).Take(max)];
        }
    }

    public void MarkSent(long sequence)
    {
        lock (_gate)
        {
            _done.Add(sequence);
            Sent.Add(sequence);
        }
    }

    public void SetAside(long sequence, string reason)
    {
        lock (_gate)
        {
            _done.Add(sequence);
            Aside[sequence] = reason;
        }
    }

    public OutboxStatus Status()
    {
        lock (_gate)
        {
            return new OutboxStatus(_rows.Count - _done.Count, null, 0, Aside.Count, _rows.Count == 0 ? 0 : _rows[^1].Sequence);
        }
    }
}

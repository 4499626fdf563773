using System.Globalization;
using System.Text;
using Pipeline.Store;

namespace Pipeline.Tests.Mqtt;

/// <summary>An outbox in two append-only files, rows made and rows sent, which survives signal 9. One process at a time.</summary>
internal sealed class FileOutbox : IOutbox, IDisposable
{
    private readonly Lock _gate = new();
    private readonly FileStream _made;
    private readonly FileStream _marked;
    private readonly HashSet<long> _sent;
    private long _count;

    public FileOutbox(string folder)
    {
        _sent = [.. Lines(Path.Combine(folder, "sent"))];
        _count = Lines(Path.Combine(folder, "made")).Count();
        _made = new FileStream(Path.Combine(folder, "made"), FileMode.Append, FileAccess.Write, FileShare.ReadWrite, 0);
        _marked = new FileStream(Path.Combine(folder, "sent"), FileMode.Append, FileAccess.Write, FileShare.ReadWrite, 0);
    }

    public event Action? RowsAdded;

    public long Count
    {
        get
        {
            lock (_gate)
            {
                return _count;
            }
        }
    }

    public static long CountIn(string folder) => Lines(Path.Combine(folder, "made")).LongCount();

    public void AddOne()
    {
        lock (_gate)
        {
            _made.Write(Encoding.ASCII.GetBytes($"{_count + 1}\n"));
            _count++;
        }

        RowsAdded?.Invoke();
    }

    public IReadOnlyList<OutboxRow> Pending(long afterSequence, int max)
    {
        lock (_gate)
        {
            List<OutboxRow> rows = [];
            for (long at = Math.Max(afterSequence, 0) + 1; at <= _count && rows.Count < max; at++)
            {
                if (!_sent.Contains(at))
                {
                    rows.Add(MemoryOutbox.Row(at));
                }
            }

            return rows;
        }
    }

    public void MarkSent(long sequence)
    {
        lock (_gate)
        {
            _marked.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{sequence}\n")));
            _sent.Add(sequence);
        }
    }

    public void SetAside(long sequence, string reason) => throw new InvalidOperationException($"row {sequence} set aside: {reason}");

    public OutboxStatus Status()
    {
        lock (_gate)
        {
            return new OutboxStatus(_count - _sent.Count, null, 0, 0, _count);
        }
    }

    public void Dispose()
    {
        _made.Dispose();
        _marked.Dispose();
    }

    // A line without its end was being written when the process was killed.
    private static IEnumerable<long> Lines(string path)
    {
        if (!File.Exists(path))
        {
            return [];
        }

        using StreamReader reader = new(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        string[] lines = reader.ReadToEnd().Split('\n');
        return [.. lines.SkipLast(1).Select(line => long.Parse(line, CultureInfo.InvariantCulture))];
    }
}

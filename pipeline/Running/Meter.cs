using System.Diagnostics;
using Pipeline.Store.Mqtt;

namespace Pipeline.Cli.Running;

/// <summary>How long a stage works on an item: all of the run, and the spread of late. Written by one thread, read by others.</summary>
internal sealed class Meter
{
    private const int Kept = 512;

    private readonly Lock _gate = new();
    private readonly double[] _latestMs = new double[Kept];
    private long _items;
    private long _itemsAtStats;

    /// <summary>Time worked in all.</summary>
    public TimeSpan Busy { get; private set; }

    /// <summary>Counts work done.</summary>
    /// <param name="startedAt">From <see cref="Stopwatch.GetTimestamp"/>.</param>
    /// <param name="items">Items done since.</param>
    public void Add(long startedAt, int items)
    {
        if (items == 0)
        {
            return;
        }

        TimeSpan took = Stopwatch.GetElapsedTime(startedAt);
        lock (_gate)
        {
            Busy += took;
            for (int i = 0; i < items; i++)
            {
                _latestMs[_items++ % Kept] = took.TotalMilliseconds / items;
            }
        }
    }

    /// <summary>Items since the last call, with the spread of the latest ones; null when there was none yet.</summary>
    public StageStats? Stats()
    {
        lock (_gate)
        {
            if (_items == 0)
            {
                return null;
            }

            double[] latest = [.. _latestMs.AsSpan(0, (int)Math.Min(_items, Kept))];
            Array.Sort(latest);
            StageStats stats = new(_items - _itemsAtStats, At(latest, 0.5), At(latest, 0.95), Queue: 0, Dropped: 0);
            _itemsAtStats = _items;
            return stats;
        }
    }

    private static double At(double[] sorted, double share) => Math.Round(sorted[(int)(share * (sorted.Length - 1))], 2);
}

using Pipeline.Store.Mqtt;

namespace Pipeline.Cli.Running;

/// <summary>How long a stage works on an item: all of the run, and the spread of late. Safe to use from several threads.</summary>
internal sealed class Meter
{
    private const int Kept = 512;

    private readonly Lock _gate = new();
    private readonly double[] _latestMs = new double[Kept];
    private long _items;
    private long _itemsAtStats;
    private long _droppedAtStats;

    /// <summary>Time worked in all.</summary>
    public TimeSpan Busy { get; private set; }

    /// <summary>Tells how many items wait for the stage.</summary>
    public Func<int> Waiting { get; set; } = () => 0;

    /// <summary>Tells how many items were left out since the run began.</summary>
    public Func<long> Dropped { get; set; } = () => 0;

    /// <summary>Counts work done.</summary>
    /// <param name="took">How long it took.</param>
    /// <param name="items">On how many items.</param>
    public void Add(TimeSpan took, int items)
    {
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
            long dropped = Dropped();
            StageStats stats = new(_items - _itemsAtStats, At(latest, 0.5), At(latest, 0.95), Waiting(), dropped - _droppedAtStats);
            (_itemsAtStats, _droppedAtStats) = (_items, dropped);
            return stats;
        }
    }

    private static double At(double[] sorted, double share) => Math.Round(sorted[(int)(share * (sorted.Length - 1))], 2);
}

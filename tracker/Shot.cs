using Pipeline.Detector;
using Pipeline.Ingest;
using Pipeline.Reid;

namespace Pipeline.Tracker;

/// <summary>A crop with where it came from.</summary>
internal sealed record Shot(Crop Crop, Box Box, int FrameWidth, int FrameHeight, Segment Segment, TimeSpan Offset);

/// <summary>A part of a track's life.</summary>
/// <param name="StartAt">Capture time of its first detection.</param>
/// <param name="EndAt">Capture time of its last.</param>
/// <param name="Detections">How many.</param>
/// <param name="Met">How closely another person came: the largest IoU of their boxes, 0 to 1.</param>
/// <param name="Shot">Its best shot; null where none could be cut out, or where better ones of other parts were taken instead.</param>
internal sealed record Stretch(DateTimeOffset StartAt, DateTimeOffset EndAt, int Detections, float Met, Shot? Shot)
{
    /// <summary>Both as one, with the better shot; of equals the earlier.</summary>
    internal static Stretch? Join(Stretch? first, Stretch? second) => first is null || second is null
        ? first ?? second
        : new Stretch(first.StartAt, second.EndAt, first.Detections + second.Detections, Math.Max(first.Met, second.Met), Better(first.Shot, second.Shot));

    private static Shot? Better(Shot? first, Shot? second) => first is null || second?.Crop.Quality > first.Crop.Quality ? second : first;
}

/// <summary>
/// Keeps the best shot of each part of a track's life, and how often it was seen then. Life is cut into twice as many slots as crops are wanted; when it
/// outgrows them, each two neighbours become one and only the better shot stays. So the shots stay spread whatever the length, and memory is bounded.
/// </summary>
internal sealed class ShotSlots(int wanted)
{
    private readonly Stretch?[] _slots = new Stretch?[2 * wanted];
    private long _slotTicks = TimeSpan.TicksPerSecond / 10;

    internal IEnumerable<Shot> All => _slots.Select(slot => slot?.Shot).OfType<Shot>();

    /// <summary>Takes note of a detection, and of how closely another person came; before any shot of it is offered.</summary>
    internal void See(long age, DateTimeOffset at, float met)
    {
        int slot = Slot(age);
        _slots[slot] = Stretch.Join(_slots[slot], new Stretch(at, at, 1, met, null));
    }

    /// <summary>Whether a shot of this quality would be kept.</summary>
    internal bool Wants(long age, float quality) => quality > (_slots[Slot(age)]?.Shot?.Crop.Quality ?? -1);

    /// <summary>Takes a shot of the detection seen last, if it is the best of its part.</summary>
    internal void Offer(long age, Shot shot)
    {
        if (Wants(age, shot.Crop.Quality))
        {
            int slot = Slot(age);
            _slots[slot] = _slots[slot]! with { Shot = shot };
        }
    }

    /// <summary>The life so far, in capture-time order, with the best so many shots and no others.</summary>
    internal List<Stretch> Best()
    {
        HashSet<Shot> best = [.. All.OrderByDescending(shot => shot.Crop.Quality).ThenBy(shot => shot.Crop.CapturedAt).Take(wanted)];
        return [.. _slots.OfType<Stretch>().Select(slot => slot.Shot is { } shot && !best.Contains(shot) ? slot with { Shot = null } : slot)];
    }

    internal void Save(BinaryWriter writer, Action<Stretch> write)
    {
        writer.Write(_slotTicks);
        foreach (Stretch? slot in _slots)
        {
            writer.Write(slot is not null);
            if (slot is not null)
            {
                write(slot);
            }
        }
    }

    internal void Restore(BinaryReader reader, Func<Stretch> read)
    {
        _slotTicks = reader.ReadInt64();
        for (int slot = 0; slot < _slots.Length; slot++)
        {
            _slots[slot] = reader.ReadBoolean() ? read() : null;
        }
    }

    private int Slot(long age)
    {
        while (age / _slotTicks >= _slots.Length)
        {
            for (int slot = 0; slot < _slots.Length; slot++)
            {
                int from = 2 * slot;
                _slots[slot] = from < _slots.Length ? Stretch.Join(_slots[from], _slots[from + 1]) : null;
            }

            _slotTicks *= 2;
        }

        return (int)(age / _slotTicks);
    }
}

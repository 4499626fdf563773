using Pipeline.Detector;
using Pipeline.Ingest;
using Pipeline.Reid;

namespace Pipeline.Tracker;

/// <summary>A crop with where it came from.</summary>
internal sealed record Shot(Crop Crop, Box Box, int FrameWidth, int FrameHeight, Segment Segment, TimeSpan Offset);

/// <summary>
/// Keeps the best shot of each part of a track's life. Life is cut into twice as many slots as crops are wanted; when it outgrows them,
/// each two neighbours become one and only the better shot stays. So the shots stay spread whatever the length, and memory is bounded.
/// </summary>
internal sealed class ShotSlots(int wanted)
{
    private readonly Shot?[] _slots = new Shot?[2 * wanted];
    private long _slotTicks = TimeSpan.TicksPerSecond / 10;

    internal IEnumerable<Shot> All => _slots.OfType<Shot>();

    /// <summary>Whether a shot of this quality would be kept.</summary>
    internal bool Wants(long age, float quality) => quality > (_slots[Slot(age)]?.Crop.Quality ?? -1);

    internal void Offer(long age, Shot shot)
    {
        if (Wants(age, shot.Crop.Quality))
        {
            _slots[Slot(age)] = shot;
        }
    }

    /// <summary>The best so many, in capture-time order.</summary>
    internal List<Shot> Best() =>
        [.. All.OrderByDescending(shot => shot.Crop.Quality).ThenBy(shot => shot.Crop.CapturedAt).Take(wanted).OrderBy(shot => shot.Crop.CapturedAt)];

    internal void Save(BinaryWriter writer, Action<Shot> write)
    {
        writer.Write(_slotTicks);
        foreach (Shot? shot in _slots)
        {
            writer.Write(shot is not null);
            if (shot is not null)
            {
                write(shot);
            }
        }
    }

    internal void Restore(BinaryReader reader, Func<Shot> read)
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
                _slots[slot] = from < _slots.Length ? Better(_slots[from], _slots[from + 1]) : null;
            }

            _slotTicks *= 2;
        }

        return (int)(age / _slotTicks);
    }

    private static Shot? Better(Shot? first, Shot? second) =>
        first is null || second?.Crop.Quality > first.Crop.Quality ? second : first;
}

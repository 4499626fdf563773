namespace Pipeline.Ingest;

/// <summary>Turns container timestamps into time since the first frame that only goes forward.</summary>
internal sealed class SegmentClock(double announcedFps)
{
    // Less than this is disorder among neighbours; more is a recorder that started to count afresh.
    private const double RestartMs = 1000;
    private const double ImplausibleMs = 24 * 3600 * 1000.0;

    private double _interval = announcedFps > 0 ? 1000 / announcedFps : 40;
    private double _first = double.NaN;
    private double _shift;

    /// <summary>Milliseconds since the first frame, of the last frame that advanced.</summary>
    internal double Last { get; private set; } = double.NegativeInfinity;

    /// <summary>Frames that were not later than the one before.</summary>
    internal int Backward { get; private set; }

    /// <summary>Jumps, backward or by more than a day, behind which time was counted on.</summary>
    internal int Jumps { get; private set; }

    /// <summary>Takes the next timestamp; false when the frame does not advance and has to be left out.</summary>
    internal bool Advance(double milliseconds)
    {
        if (double.IsNaN(_first))
        {
            _first = milliseconds;
            Last = 0;
            return true;
        }

        double time = milliseconds - _first + _shift;
        bool broken = !double.IsFinite(time) || time > Last + ImplausibleMs || time <= Last - RestartMs;
        if (broken)
        {
            Jumps++;
            _shift = double.IsFinite(time) ? _shift + (Last + _interval - time) : _shift;
            Last += _interval;
            return true;
        }

        if (time <= Last)
        {
            Backward++;
            return false;
        }

        _interval = Math.Min(time - Last, RestartMs);
        Last = time;
        return true;
    }
}

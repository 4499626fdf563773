namespace Pipeline.Tracker;

/// <summary>One track of a <see cref="CameraTracker"/>.</summary>
internal sealed class Track
{
    internal required int Key { get; init; }

    internal required long StartTicks { get; init; }

    internal int Number { get; set; }

    internal TrackState State { get; set; }

    internal int Hits { get; set; }

    /// <summary>Frames since the last match.</summary>
    internal int Missed { get; set; }

    internal long SeenTicks { get; set; }

    internal TrackBox SeenBox { get; set; }

    /// <summary>The filter now.</summary>
    internal KalmanFilter Filter;

    /// <summary>The filter right after the last match.</summary>
    internal KalmanFilter SeenFilter;

    /// <summary><see cref="BodyColours"/> as known so far; null where nobody took them.</summary>
    internal float[]? Colours { get; set; }

    /// <summary>Sights without anybody in front that went into <see cref="Colours"/>.</summary>
    internal int FreeSights { get; set; }

    /// <summary>Takes colours in. Those of a box that somebody else covers in part serve only until better ones come.</summary>
    internal void Look(float[] seen, bool free)
    {
        if (Colours is null || (free && FreeSights == 0))
        {
            Colours = [.. seen];
        }
        else if (free)
        {
            BodyColours.Learn(Colours, seen, FreeSights);
        }

        FreeSights += free ? 1 : 0;
    }

    internal void Predict(double seconds)
    {
        if (Missed > 0)
        {
            Filter.Height.Rate = 0; // unseen, a box would go on growing or shrinking
        }

        Filter.Predict(seconds);
        Missed++;
    }

    /// <summary>The picture moved, and with it everything that is known of places in it.</summary>
    internal void Move(double x, double y)
    {
        Filter.Move(x, y);
        SeenFilter.Move(x, y);
        SeenBox = SeenBox.Move(x, y);
    }

    internal void Match(in TrackBox box, float score, long ticks, TrackerOptions options)
    {
        double trust = options.NoiseByScore ? score : 0;
        if (options.ReUpdate && Missed > 1)
        {
            Replay(box, ticks, trust);
        }

        Filter.Update(box, trust);
        (SeenFilter, SeenBox, SeenTicks, Missed) = (Filter, box, ticks, 0);
        Hits++;
    }

    // OC-SORT's re-update: back to the last match, then along a straight path of virtual boxes to the new one.
    private void Replay(in TrackBox box, long ticks, double trust)
    {
        Filter = SeenFilter;
        double seconds = (double)(ticks - SeenTicks) / TimeSpan.TicksPerSecond / Missed;
        for (int step = 1; step < Missed; step++)
        {
            Filter.Predict(seconds);
            Filter.Update(SeenBox.Towards(box, (double)step / Missed), trust);
        }

        Filter.Predict(seconds);
    }
}

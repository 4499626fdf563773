namespace Pipeline.Tracker;

/// <summary>Settings of what is done to the tracks of one camera once its recording has ended.</summary>
public sealed record OfflineOptions
{
    /// <summary>Longest time between the end of one track and the start of another that may be the same person's. 0 for no linking, to 1 min, default 4 s.</summary>
    public TimeSpan MaxLinkGap { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>How far, in body heights, a track may start from where another one was going, when it starts at once. 0 to 10, default 0.3.</summary>
    public float LinkReach { get; init; } = 0.3f;

    /// <summary>How many body heights are added to that for each second between them. 0 to 10, default 0: in a crowd the wider circle holds other people sooner than the one looked for.</summary>
    public float LinkReachPerSecond { get; init; }

    /// <summary>Longest gap inside a track that is filled with boxes on a straight line. 0 to 1 min, default 3 s.</summary>
    public TimeSpan MaxFilledGap { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Width (standard deviation) of the window in which boxes are smoothed over time. 0 for none, to 10 s, default 100 ms.</summary>
    public TimeSpan Smoothing { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Tracks with fewer boxes than this go, as do those whose mean score is below tracker.high_threshold. 1 to 10000, default 5.</summary>
    public int MinBoxes { get; init; } = 5;

    /// <summary>Every rule these values break, each as key and "allowed, got"; empty when they are valid.</summary>
    public IEnumerable<(string Key, string Problem)> Problems()
    {
        (string Key, TimeSpan Value, int Most)[] times =
            [("max_link_gap_ms", MaxLinkGap, 60_000), ("max_filled_gap_ms", MaxFilledGap, 60_000), ("smoothing_ms", Smoothing, 10_000)];
        foreach ((string key, TimeSpan value, int most) in times)
        {
            if (value < TimeSpan.Zero || value > TimeSpan.FromMilliseconds(most))
            {
                yield return ($"tracker.offline.{key}", $"0 to {most}, got {value.TotalMilliseconds}");
            }
        }

        (string Key, float Value, float Most)[] numbers =
            [("link_reach", LinkReach, 10), ("link_reach_per_second", LinkReachPerSecond, 10)];
        foreach ((string key, float value, float most) in numbers)
        {
            if (!(value >= 0 && value <= most))
            {
                yield return ($"tracker.offline.{key}", $"0 to {most}, got {value}");
            }
        }

        if (MinBoxes is < 1 or > 10000)
        {
            yield return ("tracker.offline.min_boxes", $"1 to 10000, got {MinBoxes}");
        }
    }
}

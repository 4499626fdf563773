namespace Pipeline.Store;

/// <summary>Settings of the identity store: what is kept and what is told.</summary>
public sealed record StoreOptions
{
    /// <summary>The database, relative to the working folder; null: <c>identities.db</c> in the run's output folder. Default null.</summary>
    public string? File { get; init; }

    /// <summary>Pictures kept of one tracklet, the best first to stay. 1 to 64, default 8.</summary>
    public int CropsPerTracklet { get; init; } = 8;

    /// <summary>Whether each closed track makes a <c>tracklet</c> event of its own, too poor ones included. Default false.</summary>
    public bool TrackletEvents { get; init; }

    /// <summary>How late the event of a live camera may be stored and still say <c>live</c>. 0 to 1 hour, default 30 s.</summary>
    public TimeSpan LiveWindow { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Limits of what waits for the broker.</summary>
    public OutboxOptions Outbox { get; init; } = new();

    /// <summary>Every rule these values break, each as key and "allowed, got"; empty when they are valid.</summary>
    public IEnumerable<(string Key, string Problem)> Problems()
    {
        if (File is not null && string.IsNullOrWhiteSpace(File))
        {
            yield return ("store.file", "a file name is needed, got none");
        }

        if (CropsPerTracklet is < 1 or > 64)
        {
            yield return ("store.crops_per_tracklet", $"1 to 64 crops, got {CropsPerTracklet}");
        }

        if (LiveWindow < TimeSpan.Zero || LiveWindow > TimeSpan.FromHours(1))
        {
            yield return ("store.live_window_ms", $"0 to 3600000 ms, got {LiveWindow.TotalMilliseconds}");
        }

        foreach ((string key, string problem) in Outbox.Problems())
        {
            yield return (key, problem);
        }
    }
}

/// <summary>Limits of the outbox (mqtt.md 11.6). At a limit the oldest <c>tracklet</c> rows go first, then the oldest of the rest.</summary>
public sealed record OutboxOptions
{
    /// <summary>Rows that may wait. 1 to 100000000, default 1000000.</summary>
    public long MaxRows { get; init; } = 1_000_000;

    /// <summary>Bytes of payload that may wait. 65536 (the largest event) to 1 TiB, default 1 GiB.</summary>
    public long MaxBytes { get; init; } = 1L << 30;

    /// <summary>Every rule these values break, each as key and "allowed, got"; empty when they are valid.</summary>
    public IEnumerable<(string Key, string Problem)> Problems()
    {
        if (MaxRows is < 1 or > 100_000_000)
        {
            yield return ("store.outbox.max_rows", $"1 to 100000000 rows, got {MaxRows}");
        }

        if (MaxBytes is < 65_536 or > 1L << 40)
        {
            yield return ("store.outbox.max_bytes", $"65536 to {1L << 40} bytes, got {MaxBytes}");
        }
    }
}

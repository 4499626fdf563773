namespace Pipeline.Rendering.Sites;

/// <summary>What site to render. Recordings and truth are a function of these values, whatever the number of threads.</summary>
public sealed record SiteOptions
{
    private const int MostCameras = 200;
    private const int MostPeople = 5000;
    private const double LongestMinutes = 24 * 60;

    /// <summary>How many cameras. 1 to 200, default 4.</summary>
    public int Cameras { get; init; } = 4;

    /// <summary>How many people. 1 to 5000 and no more than the routes hold, default 20.</summary>
    public int People { get; init; } = 20;

    /// <summary>How long is recorded, minutes. 0.1 to 1440, default 3.</summary>
    public double Minutes { get; init; } = 3;

    /// <summary>Another seed gives another floor plan, other people, cameras and light. 0 or more, default 1.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>How many of the cameras look at a place that another one looks at too. 0 to half of the cameras, default 0.</summary>
    public int Overlap { get; init; }

    /// <summary>Share of the people who look much like another one. 0 to 1, default 0.2.</summary>
    public double Alike { get; init; } = .2;

    /// <summary>Share of the people who put on another upper garment when nobody looks. 0 to 1, default 0.1.</summary>
    public double Changing { get; init; } = .1;

    /// <summary>Frames a second. 2 to 30, default 10.</summary>
    public int Fps { get; init; } = 10;

    /// <summary>Threads; 0 takes one for each core. 0 to 1024, default 0.</summary>
    public int Threads { get; init; }

    /// <summary>Every rule these values break, each as key and "allowed, got"; empty when they are valid. Whether the routes hold the people is asked of the plan.</summary>
    public IEnumerable<(string Key, string Problem)> Problems()
    {
        if (Cameras is < 1 or > MostCameras)
        {
            yield return ("cameras", $"1 to {MostCameras} cameras, got {Cameras}");
        }

        if (People is < 1 or > MostPeople)
        {
            yield return ("people", $"1 to {MostPeople} people, got {People}");
        }

        if (Minutes is not (>= .1 and <= LongestMinutes))
        {
            yield return ("minutes", FormattableString.Invariant($"0.1 to {LongestMinutes} minutes, got {Minutes}"));
        }

        if (Seed < 0)
        {
            yield return ("seed", $"0 or more, got {Seed}");
        }

        if (Overlap < 0 || Overlap > Cameras / 2)
        {
            yield return ("overlap", $"0 to half of the cameras ({Cameras / 2}), got {Overlap}");
        }

        foreach ((string key, double share) in new[] { ("alike", Alike), ("changing", Changing) })
        {
            if (share is not (>= 0 and <= 1))
            {
                yield return (key, FormattableString.Invariant($"a share from 0 to 1, got {share}"));
            }
        }

        if (Fps is < 2 or > 30)
        {
            yield return ("fps", $"2 to 30 frames a second, got {Fps}");
        }

        if (Threads is < 0 or > 1024)
        {
            yield return ("threads", $"0 (one for each core) to 1024, got {Threads}");
        }
    }
}

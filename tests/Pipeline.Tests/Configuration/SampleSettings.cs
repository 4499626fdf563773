namespace Pipeline.Tests.Cli;

/// <summary>A root record with every kind of property that settings may have.</summary>
public sealed record SampleSettings
{
    public SampleTracker Tracker { get; init; } = new();

    public SampleIngest Ingest { get; init; } = new() { Fps = 4 };

    public SampleMqtt Mqtt { get; init; } = new();
}

/// <summary>One section.</summary>
public sealed record SampleTracker
{
    /// <summary>Longest time without a detection. Default 2000.</summary>
    public TimeSpan MaxLost { get; init; } = TimeSpan.FromSeconds(2);

    public float MinIoU { get; init; } = 0.3f;

    public int? Seed { get; init; }

    public bool Enabled { get; init; } = true;

    public DayOfWeek Day { get; init; } = DayOfWeek.Monday;

    public long Limit { get; init; } = 5_000_000_000;

    public IEnumerable<(string Key, string Problem)> Problems()
    {
        if (MinIoU is not (>= 0 and <= 1))
        {
            yield return ("tracker.min_iou", $"0 to 1, got {MinIoU}");
        }
    }
}

/// <summary>A section with names of the user's and lists.</summary>
public sealed record SampleIngest
{
    public double Fps { get; init; } = 5;

    public IReadOnlyList<string> Skip { get; init; } = ["trash"];

    public IReadOnlyDictionary<string, SampleCamera> Cameras { get; init; } = new Dictionary<string, SampleCamera> { ["dock"] = new() { Fps = 2, Zone = "UTC" } };

    public IReadOnlyList<SampleLink> Links { get; init; } = [];

    public IReadOnlyDictionary<string, int> Weights { get; init; } = new Dictionary<string, int>();
}

/// <summary>What is known of a camera.</summary>
public sealed record SampleCamera
{
    public double Fps { get; init; } = 5;

    public string? Zone { get; init; }
}

/// <summary>A pair.</summary>
public sealed record SampleLink
{
    public string From { get; init; } = "";

    public string To { get; init; } = "";

    public TimeSpan? AtLeast { get; init; }
}

/// <summary>A section with a secret.</summary>
public sealed record SampleMqtt
{
    public string Broker { get; init; } = "";

    public string Password { get; init; } = "";
}

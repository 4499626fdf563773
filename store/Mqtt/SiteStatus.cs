namespace Pipeline.Store.Mqtt;

/// <summary>What the site as a whole is doing (mqtt.md 3.2).</summary>
public enum SiteState
{
    /// <summary>Not yet analysing.</summary>
    Starting,

    /// <summary>Analysing.</summary>
    Running,

    /// <summary>The input has ended, or a stop was asked for; what is in work is finished.</summary>
    Draining,

    /// <summary>Analysing with losses; the reasons say which.</summary>
    Degraded,

    /// <summary>Not analysing; the reasons say why.</summary>
    Failed,
}

/// <summary>Where the footage comes from.</summary>
public enum RunMode
{
    /// <summary>Streams.</summary>
    Live,

    /// <summary>Finished files.</summary>
    Recorded,

    /// <summary>Both.</summary>
    Mixed,
}

/// <summary>Why a state is not the best one.</summary>
/// <param name="Code">One word for programs, such as <c>model_mismatch</c>.</param>
/// <param name="Message">One line for people; no file path, no stack trace. URLs in it are masked when it is sent.</param>
public sealed record Reason(string Code, string Message);

/// <summary>The host's part of <c>R/status</c>; cameras, outbox, sequence and times are added by the publisher.</summary>
public sealed record SiteStatus
{
    /// <summary>What the site is doing.</summary>
    public required SiteState State { get; init; }

    /// <summary>Version of the program.</summary>
    public required string Version { get; init; }

    /// <summary>When the run started, by the wall clock.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Where the footage comes from.</summary>
    public required RunMode Mode { get; init; }

    /// <summary>Model name and weight digest.</summary>
    public required string ModelId { get; init; }

    /// <summary>Labelled set that thresholds were fitted on; null for none.</summary>
    public string? CalibrationId { get; init; }

    /// <summary>Whether they were fitted.</summary>
    public bool Calibrated { get; init; }

    /// <summary>Why the state is <c>degraded</c> or <c>failed</c>, and what else is worth knowing.</summary>
    public IReadOnlyList<Reason> Reasons { get; init; } = [];
}

using Pipeline.Cli.Configuration;
using Pipeline.Cli.Summary;

namespace Pipeline.Cli.Running;

/// <summary>What a run knows of itself that the store does not.</summary>
internal sealed record RunFacts
{
    /// <summary>Settings in force.</summary>
    public required LoadedSettings<Settings> Settings { get; init; }

    /// <summary>What was run on, credentials masked.</summary>
    public required IReadOnlyList<string> Input { get; init; }

    /// <summary>How it ended.</summary>
    public required RunOutcome Outcome { get; init; }

    /// <summary>When it started.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>How long it took.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>Detector in force.</summary>
    public required string Detector { get; init; }

    /// <summary>Where networks ran, and why.</summary>
    public required string Device { get; init; }

    /// <summary>Cameras by id.</summary>
    public required IReadOnlyList<CameraFacts> Cameras { get; init; }

    /// <summary>As <see cref="RunSummary.ReadBefore"/>.</summary>
    public TimeSpan ReadBefore { get; init; }

    /// <summary>What was lost.</summary>
    public required IReadOnlyList<RunProblem> Problems { get; init; }

    /// <summary>What the user must know of footage and models; what follows from the decisions is added (<see cref="RunNotices"/>).</summary>
    public required IReadOnlyList<RunNotice> Notices { get; init; }

    /// <summary>Time by stage.</summary>
    public IReadOnlyList<StageTiming> Timings { get; init; } = [];

    /// <summary>True for streams: they have no end that could be missed.</summary>
    public bool Endless { get; init; }

    /// <summary>Whether <c>--resume</c> goes on with what was stopped; else it is done again.</summary>
    public bool Resumable { get; init; } = true;

    /// <summary>Events that wait for the broker.</summary>
    public long EventsWaiting { get; init; }
}

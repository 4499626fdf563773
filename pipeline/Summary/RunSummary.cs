namespace Pipeline.Cli.Summary;

/// <summary>How a run ended.</summary>
public enum RunOutcome
{
    /// <summary>All input was read.</summary>
    Finished,

    /// <summary>The user stopped it; <c>--resume</c> goes on.</summary>
    Stopped,

    /// <summary>It broke off; <see cref="RunSummary.Problems"/> says why.</summary>
    Failed,
}

/// <summary>The result of a run: what the terminal shows at its end, what <c>summary.json</c> holds, what the report begins with.</summary>
public sealed record RunSummary
{
    /// <summary>Version of the program.</summary>
    public required string Version { get; init; }

    /// <summary>Site id.</summary>
    public required string Site { get; init; }

    /// <summary>What was run on, as the user gave it; credentials masked.</summary>
    public required IReadOnlyList<string> Input { get; init; }

    /// <summary>How it ended.</summary>
    public required RunOutcome Outcome { get; init; }

    /// <summary>When it started, wall clock, UTC.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Wall-clock time it took; of a resumed run, its last piece.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>Of the footage, what a resumed run had read before: it is no part of <see cref="Elapsed"/>.</summary>
    public TimeSpan ReadBefore { get; init; }

    /// <summary>Detector in force, such as <c>nanodet-g@sha256:9c1f2ab4</c>.</summary>
    public required string Detector { get; init; }

    /// <summary>Re-id model in force.</summary>
    public required string ReidModel { get; init; }

    /// <summary>Where networks ran, and why: <c>cpu (no CUDA driver)</c>.</summary>
    public required string Device { get; init; }

    /// <summary>Similarity at which a clip joined an identity.</summary>
    public required float Threshold { get; init; }

    /// <summary>Numbers of the whole run.</summary>
    public required RunCounts Counts { get; init; }

    /// <summary>Cameras, by id.</summary>
    public required IReadOnlyList<CameraSummary> Cameras { get; init; }

    /// <summary>Identities sighted in this run, in the order of their first sighting.</summary>
    public required IReadOnlyList<IdentitySummary> Identities { get; init; }

    /// <summary>What was lost, and where.</summary>
    public IReadOnlyList<RunProblem> Problems { get; init; } = [];

    /// <summary>What the user must know to judge the result.</summary>
    public IReadOnlyList<RunNotice> Notices { get; init; } = [];

    /// <summary>CPU or wall time by stage, in data-flow order.</summary>
    public IReadOnlyList<StageTiming> Timings { get; init; } = [];

    /// <summary>Where the results are.</summary>
    public required RunFiles Files { get; init; }

    /// <summary>Largest resident memory, bytes; 0 when unknown.</summary>
    public long PeakMemoryBytes { get; init; }

    /// <summary>Footage of all cameras together.</summary>
    public TimeSpan Footage => TimeSpan.FromTicks(Cameras.Sum(c => c.Footage.Ticks));

    /// <summary>Footage per wall-clock time; 0 before anything was done.</summary>
    public double TimesRealTime => Elapsed > TimeSpan.Zero ? (Footage - ReadBefore) / Elapsed : 0;
}

/// <summary>Numbers of a run.</summary>
/// <param name="Frames">Frames analysed.</param>
/// <param name="Tracklets">People followed in one camera.</param>
/// <param name="TooPoor">Tracklets too poor to be recognised.</param>
/// <param name="NewIdentities">Tracklets that became a new identity.</param>
/// <param name="Matches">Tracklets that joined a known identity.</param>
/// <param name="Uncertain">Of the new identities, those that were nearly a match.</param>
/// <param name="Events">Events written.</param>
/// <param name="EventsSent">Events that the broker acknowledged; null without a broker.</param>
public sealed record RunCounts(long Frames, int Tracklets, int TooPoor, int NewIdentities, int Matches, int Uncertain, long Events, long? EventsSent)
{
    /// <summary>Decisions taken back by what was seen later: events <c>merged</c>, <c>split</c> and <c>reassigned</c>.</summary>
    public long Corrected { get; init; }
}

/// <summary>What became of a camera.</summary>
/// <param name="Id">Camera id.</param>
/// <param name="Name">Name as given.</param>
/// <param name="Segments">Segments read.</param>
/// <param name="FramesDecoded">Frames that the decoder gave.</param>
/// <param name="FramesAnalysed">Frames looked at.</param>
/// <param name="Footage">Recorded time read.</param>
/// <param name="StartAt">Capture time of the first frame; null when there was none.</param>
/// <param name="EndAt">Capture time of the last frame; null when there was none.</param>
/// <param name="TimeSource">What capture times rest on: <c>sidecar</c>, <c>file_name</c>, <c>container</c>, <c>order</c>, ...</param>
/// <param name="HasClock">False when its times say nothing about other cameras.</param>
/// <param name="Tracklets">People followed.</param>
/// <param name="RestedShare">Share of the analysed frames on which the detector rested, 0 to 1; null when it never may.</param>
/// <param name="Problems">Segments with a problem.</param>
public sealed record CameraSummary(
    string Id,
    string Name,
    int Segments,
    long FramesDecoded,
    long FramesAnalysed,
    TimeSpan Footage,
    DateTimeOffset? StartAt,
    DateTimeOffset? EndAt,
    string TimeSource,
    bool HasClock,
    int Tracklets,
    double? RestedShare,
    int Problems);

/// <summary>A person as the store knows it, with the sightings of this run.</summary>
/// <param name="Id">Identity.</param>
/// <param name="Number">Number to show, from 1, in the order of the first sighting.</param>
/// <param name="Label">Name that an operator gave; null for none.</param>
/// <param name="IsNew">True when no run before this one has sighted it.</param>
/// <param name="Sightings">In time order.</param>
public sealed record IdentitySummary(Guid Id, int Number, string? Label, bool IsNew, IReadOnlyList<SightingSummary> Sightings)
{
    /// <summary>Its label, else <c>Person 3</c>.</summary>
    public string Title => Label is { Length: > 0 } ? Label : $"Person {Number}";

    /// <summary>Whether a sighting's decision was taken back later: the first sighting of somebody new can have matched somebody else only.</summary>
    /// <param name="sighting">One of <see cref="Sightings"/>.</param>
    public bool IsCorrected(SightingSummary sighting) => IsNew && sighting.IsMatch && ReferenceEquals(sighting, Sightings[0]);
}

/// <summary>One tracklet of an identity.</summary>
/// <param name="TrackletId">The tracklet.</param>
/// <param name="Camera">Camera id.</param>
/// <param name="StartAt">Capture time of its first detection.</param>
/// <param name="EndAt">Capture time of its last detection.</param>
/// <param name="Similarity">To the identity it joined, or to the nearest one when it became new; null when there was none to compare with.</param>
/// <param name="Band"><c>accept</c>, <c>reject</c> or <c>uncertain</c>.</param>
/// <param name="IsMatch">True when it joined a known identity.</param>
public sealed record SightingSummary(
    Guid TrackletId, string Camera, DateTimeOffset StartAt, DateTimeOffset EndAt, float? Similarity, string Band, bool IsMatch)
{
    /// <summary>What that similarity was held against: more within a camera than between two, with some models; null when there was none to compare with.</summary>
    public float? Threshold { get; init; }
}

/// <summary>Something that was lost.</summary>
/// <param name="Camera">Camera id; null when it is about the whole run.</param>
/// <param name="Text">File, fault, remedy: one line.</param>
public sealed record RunProblem(string? Camera, string Text);

/// <summary>Something to know.</summary>
/// <param name="Code">Word for machines, such as <c>model_untrained</c>.</param>
/// <param name="Text">One or two sentences.</param>
public sealed record RunNotice(string Code, string Text);

/// <summary>Time of a stage.</summary>
/// <param name="Stage">Its name.</param>
/// <param name="Busy">Time it worked, its threads added up.</param>
public sealed record StageTiming(string Stage, TimeSpan Busy);

/// <summary>Where results are; null where there is none.</summary>
/// <param name="Folder">The output folder.</param>
/// <param name="Events">The event log.</param>
/// <param name="Store">The database.</param>
/// <param name="Crops">Folder of the crops.</param>
/// <param name="Report">The contact sheet.</param>
/// <param name="Broker">Where events were sent, credentials masked.</param>
public sealed record RunFiles(string Folder, string? Events, string? Store, string? Crops, string? Report, string? Broker);

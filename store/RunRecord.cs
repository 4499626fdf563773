namespace Pipeline.Store;

/// <summary>How a run ended.</summary>
public enum RunOutcome
{
    /// <summary>It goes on, or its process died: it can be resumed.</summary>
    Running,

    /// <summary>All input was read: there is nothing to resume.</summary>
    Finished,

    /// <summary>Asked to stop: it can be resumed.</summary>
    Stopped,

    /// <summary>It could not go on: it can be resumed once the cause is gone.</summary>
    Failed,
}

/// <summary>One analysis of one input.</summary>
/// <param name="Id">The run.</param>
/// <param name="Input">Folder, or URLs with their credentials masked.</param>
/// <param name="Output">Output folder, absolute: where its <c>events.jsonl</c> is.</param>
/// <param name="ModelId">Re-identification model that made its features.</param>
/// <param name="Settings">Settings in force, as the caller wrote them.</param>
/// <param name="StartedAt">When it began.</param>
/// <param name="EndedAt">When it ended last; null while it goes on, or after its process died.</param>
/// <param name="Outcome">How it ended.</param>
public sealed record RunRecord(
    Guid Id, string Input, string Output, string ModelId, string Settings, DateTimeOffset StartedAt, DateTimeOffset? EndedAt, RunOutcome Outcome);

/// <summary>A segment that need not be analysed again.</summary>
/// <param name="Ordinal">Place among the camera's segments, from 0.</param>
/// <param name="Digest">Content digest; another one at the same place means that the footage changed.</param>
public sealed record SegmentDone(int Ordinal, string Digest)
{
    /// <summary>Path relative to the camera's folder.</summary>
    public required string Ref { get; init; }

    /// <summary>Capture time of its first frame.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Capture time of its last frame, exact: the next segment of a camera without a clock begins there.</summary>
    public required DateTimeOffset EndedAt { get; init; }

    /// <summary>Frames that the decoder gave.</summary>
    public required long FramesDecoded { get; init; }

    /// <summary>Frames that were analysed.</summary>
    public required long FramesAnalysed { get; init; }

    /// <summary>What was lost of it, one line; null when all of it was read.</summary>
    public required string? Problem { get; init; }
}

/// <summary>Where a camera of an interrupted run goes on.</summary>
/// <param name="Camera">Camera id.</param>
/// <param name="Segments">Finished segments by ordinal, from 0 on.</param>
/// <param name="State">What the tracker held behind the last of them; null when none is finished or the run itself is.</param>
/// <param name="Finished">Whether the camera was read to its end.</param>
public sealed record CameraResume(string Camera, IReadOnlyList<SegmentDone> Segments, byte[]? State, bool Finished);

/// <summary>Where an interrupted run goes on.</summary>
/// <param name="Run">The run.</param>
/// <param name="Cameras">Its cameras that finished at least one segment, by id.</param>
public sealed record ResumePoint(RunRecord Run, IReadOnlyList<CameraResume> Cameras);

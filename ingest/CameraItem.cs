namespace Pipeline.Ingest;

/// <summary>
/// What flows between the stages of ingest, detector and tracker, in capture-time order over all cameras, ties by camera id (ordinal).
/// A stage passes on the items that are not its business, in their place.
/// </summary>
public abstract class CameraItem(Camera camera, DateTimeOffset at)
{
    /// <summary>The camera that this item is about.</summary>
    public Camera Camera { get; } = camera;

    /// <summary>Capture time, UTC. Never earlier than that of the item before it in the merged stream.</summary>
    public DateTimeOffset At { get; } = at;
}

/// <summary>A segment was read to its end, or as far as it could be read; behind the last frame of it.</summary>
/// <param name="segment">The segment.</param>
/// <param name="at">Capture time of its last frame, or of its start when it gave none.</param>
/// <param name="framesDecoded">Frames that the decoder gave.</param>
/// <param name="framesAnalysed">Frames that were passed on.</param>
/// <param name="problem">What went wrong: file, what, remedy, in one line; null when all of it was read.</param>
public sealed class SegmentEnd(Segment segment, DateTimeOffset at, long framesDecoded, long framesAnalysed, string? problem)
    : CameraItem(segment.Camera, at)
{
    /// <summary>The segment that ended.</summary>
    public Segment Segment { get; } = segment;

    /// <summary>Frames that the decoder gave.</summary>
    public long FramesDecoded { get; } = framesDecoded;

    /// <summary>Frames that were passed on to the detector.</summary>
    public long FramesAnalysed { get; } = framesAnalysed;

    /// <summary>One line with file, fault and remedy; null when all of it was read.</summary>
    public string? Problem { get; } = problem;
}

/// <summary>A camera has no more segments. Recorded input only.</summary>
/// <param name="camera">The camera.</param>
/// <param name="at">Capture time of its last frame.</param>
public sealed class CameraEnd(Camera camera, DateTimeOffset at) : CameraItem(camera, at);

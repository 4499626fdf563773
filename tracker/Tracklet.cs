using Pipeline.Detector;
using Pipeline.Ingest;
using Pipeline.Reid;

namespace Pipeline.Tracker;

/// <summary>What the tracker stage hands on, as the key of a <see cref="CropSet"/>: tracklets and what must stay in order with them.</summary>
/// <param name="Camera">The camera.</param>
/// <param name="At">Capture time at which this became known (a tracklet: when its track was given up), never before that of the item before it.</param>
public abstract record TrackerOutput(Camera Camera, DateTimeOffset At);

/// <summary>A person followed in one camera from entry to exit: a finished track, a live one that holds enough good crops, or the part of one that is of one person.</summary>
/// <param name="Camera">The camera.</param>
/// <param name="At">Capture time at which the track was given up.</param>
public sealed record Tracklet(Camera Camera, DateTimeOffset At) : TrackerOutput(Camera, At)
{
    /// <summary>UUIDv7 of <see cref="EndAt"/> and (site, camera, media digest, ordinal).</summary>
    public required Guid Id { get; init; }

    /// <summary>Number of the track in its camera, from 1, never reused within the run.</summary>
    public required int Number { get; init; }

    /// <summary>Capture time of the first detection.</summary>
    public required DateTimeOffset StartAt { get; init; }

    /// <summary>Capture time of the last detection.</summary>
    public required DateTimeOffset EndAt { get; init; }

    /// <summary>Foot point of the first box; null where it says nothing of where the person came in: after a cut, or without boxes.</summary>
    public required FootPoint? Entry { get; init; }

    /// <summary>
    /// Foot point of the last box; null where it says nothing of where the person went: before a cut, without boxes, or decided while still in view (live).
    /// </summary>
    public required FootPoint? Exit { get; init; }

    /// <summary>The segment that holds the best frame; its ref and time source go into the sighting.</summary>
    public required Segment Segment { get; init; }

    /// <summary>Place of the best frame in <see cref="Segment"/>.</summary>
    public required TimeSpan Offset { get; init; }

    /// <summary>The box of the best frame, pixels.</summary>
    public required Box Box { get; init; }

    /// <summary>Capture time of the best frame.</summary>
    public required DateTimeOffset BoxAt { get; init; }

    /// <summary>Frame width in pixels.</summary>
    public required int FrameWidth { get; init; }

    /// <summary>Frame height in pixels.</summary>
    public required int FrameHeight { get; init; }

    /// <summary>Detections in the track.</summary>
    public required int Detections { get; init; }

    /// <summary>Quality of the best crop, 0 to 1; 0 when it has none.</summary>
    public required float Quality { get; init; }

    /// <summary>The K best crops in capture-time order; the best of all is <see cref="BestCrop"/>.</summary>
    public required IReadOnlyList<Crop> Crops { get; init; }

    /// <summary>Index of the best crop in <see cref="Crops"/>; -1 when there is none.</summary>
    public required int BestCrop { get; init; }

    /// <summary>Id of the site's part of all content ids; the media digest is <see cref="Segment"/>'s of the track's first frame.</summary>
    public required string MediaDigest { get; init; }

    /// <summary>Ordinal of the track among those that began in its first segment, from 0.</summary>
    public required int Ordinal { get; init; }

    /// <summary>
    /// Tracklets of this camera that were decided before their tracks ended (live) and were in view together with this one: their end times
    /// do not tell, and none of them can be this person.
    /// </summary>
    public IReadOnlyList<Guid> Beside { get; init; } = [];

    /// <summary>For each crop how closely another person came since the one before it: the largest IoU of their boxes. Empty where that is not known.</summary>
    public IReadOnlyList<float> Met { get; init; } = [];

    /// <summary>Gives the tracklet of some of the crops alone; null where a track cannot be cut (given by somebody else, or read from the store).</summary>
    public Func<Range, Tracklet>? Part { get; init; }
}

/// <summary>
/// Everything of a segment has been seen, and this is what its camera's tracker held at that moment. Once all before it is committed,
/// the segment need not be analysed again: a resumed run starts from <see cref="State"/>.
/// </summary>
/// <param name="End">The segment's end.</param>
/// <param name="State">The tracker's state of this camera, opaque, versioned, exact to the bit.</param>
public sealed record SegmentCheckpoint(SegmentEnd End, byte[] State) : TrackerOutput(End.Camera, End.At);

/// <summary>Capture time has come this far in all cameras; closes decision windows.</summary>
/// <param name="Camera">The camera whose frame showed it.</param>
/// <param name="At">The time reached.</param>
public sealed record Watermark(Camera Camera, DateTimeOffset At) : TrackerOutput(Camera, At);

/// <summary>A recorded camera was read to its end.</summary>
/// <param name="Camera">The camera.</param>
/// <param name="At">Capture time of its last frame.</param>
public sealed record CameraFinished(Camera Camera, DateTimeOffset At) : TrackerOutput(Camera, At);

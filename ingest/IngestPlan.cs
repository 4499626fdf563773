namespace Pipeline.Ingest;

/// <summary>What a run will read: cameras with their segments in time order, and what there is to say about them.</summary>
/// <param name="Cameras">Cameras by id, ordinal.</param>
/// <param name="Clocks">Whether cameras known by order alone started at once.</param>
/// <param name="Notices">What was chosen or renamed; nothing is lost.</param>
/// <param name="Problems">What cannot be used; the rest goes on.</param>
public sealed record IngestPlan(
    IReadOnlyList<CameraPlan> Cameras, CameraClocks Clocks, IReadOnlyList<string> Notices, IReadOnlyList<string> Problems)
{
    /// <summary>Whether times of the two cameras can be compared: both have a clock, or both have none and started at once.</summary>
    public bool AreComparable(string cameraId, string otherId)
    {
        bool first = HasClock(cameraId), second = HasClock(otherId);
        return cameraId == otherId || (first && second) || (!first && !second && Clocks == CameraClocks.Together);
    }

    private bool HasClock(string id) => Cameras.First(camera => camera.Camera.Id == id).HasClock;
}

/// <summary>One camera of a plan.</summary>
/// <param name="Camera">The camera.</param>
/// <param name="Segments">Its segments in capture-time order; for a stream none.</param>
/// <param name="TimeSource">What its capture times rest on; the same for all its segments.</param>
/// <param name="Fps">Frames to analyse a second; 0 is all.</param>
/// <param name="Url">Address of a stream, with its password; null for recordings. Never shown.</param>
public sealed record CameraPlan(Camera Camera, IReadOnlyList<SegmentPlan> Segments, TimeSource TimeSource, double Fps, string? Url = null)
{
    /// <summary>Whether its times are those of a clock, so that they mean something beside other cameras.</summary>
    public bool HasClock => TimeSource != TimeSource.Order;

    /// <summary>Bytes of all segments.</summary>
    public long Bytes => Segments.Sum(segment => segment.Bytes);

    /// <summary>Shows no address.</summary>
    public override string ToString() => $"{Camera.Id}: {Segments.Count} segments, time from {TimeSource}";
}

/// <summary>One segment of a plan.</summary>
/// <param name="Kind"><c>file</c>, <c>images</c>, <c>frigate</c> or <c>mot</c>.</param>
/// <param name="Ref">Path relative to the camera's folder, forward slashes.</param>
/// <param name="Ordinal">Place among the camera's segments, from 0.</param>
/// <param name="Files">The file, or the pictures in order.</param>
/// <param name="Bytes">Size of all of them.</param>
/// <param name="StartAt">Capture time of the first frame; null where only order is known.</param>
/// <param name="ImageFps">Pictures a second of an image sequence; 0 for videos.</param>
/// <param name="ImageTimes">Capture time of each picture, where known; ascending.</param>
public sealed record SegmentPlan(
    string Kind,
    string Ref,
    int Ordinal,
    IReadOnlyList<string> Files,
    long Bytes,
    DateTimeOffset? StartAt,
    double ImageFps = 0,
    IReadOnlyList<DateTimeOffset>? ImageTimes = null);

/// <summary>Where to go on with a camera in a resumed run.</summary>
/// <param name="Ordinal">First segment to analyse.</param>
/// <param name="EndedAt"><see cref="CameraItem.At"/> of the <see cref="SegmentEnd"/> before it; null at the beginning.</param>
public sealed record StartPosition(int Ordinal, DateTimeOffset? EndedAt);

namespace Pipeline.Ingest;

/// <summary>What a frame's capture time rests on; the names of mqtt.md 4.2 in lower case with underscores.</summary>
public enum TimeSource
{
    /// <summary>A file beside the segment: <c>segment.mp4.json</c> or <c>times.csv</c>.</summary>
    Sidecar,

    /// <summary>A date and time in the segment's file name or path.</summary>
    FileName,

    /// <summary>Creation time in the container, only when asked for: it is often the date of an export.</summary>
    Container,

    /// <summary>No clock: the first segment starts at 2000-01-01T00:00:00Z, the others follow in order. Says nothing about other cameras.</summary>
    Order,

    /// <summary>RTCP sender reports of a live stream.</summary>
    Rtcp,

    /// <summary>The moment at which the frame of a live stream arrived.</summary>
    Arrival,
}

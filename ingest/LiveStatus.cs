namespace Pipeline.Ingest;

/// <summary>State of a stream; the names of mqtt.md 2.</summary>
public enum LiveState
{
    /// <summary>Frames come and change.</summary>
    Online,

    /// <summary>Frames come, but something is wrong with them.</summary>
    Degraded,

    /// <summary>No frames come.</summary>
    Offline,
}

/// <summary>A stream's state changed.</summary>
/// <param name="Camera">The camera.</param>
/// <param name="State">What it is now.</param>
/// <param name="Since">Since when.</param>
/// <param name="Code">Reason for machines: <c>frozen</c>, <c>unreachable</c>, <c>ended</c>; null when online.</param>
/// <param name="Message">Reason for people, one line, without credentials; null when online.</param>
public sealed record LiveStatus(Camera Camera, LiveState State, DateTimeOffset Since, string? Code, string? Message);

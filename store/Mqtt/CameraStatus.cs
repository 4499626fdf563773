namespace Pipeline.Store.Mqtt;

/// <summary>What one camera is doing (mqtt.md 2).</summary>
public enum CameraState
{
    /// <summary>Frames come.</summary>
    Online,

    /// <summary>Frames come, not as they should; the reasons say how.</summary>
    Degraded,

    /// <summary>No frames come, or the same one again and again.</summary>
    Offline,

    /// <summary>Recorded input was read to its end: success.</summary>
    Finished,

    /// <summary>Turned off in the settings.</summary>
    Disabled,
}

/// <summary>Where a camera's frames come from, without path or credentials.</summary>
/// <param name="Kind"><c>folder</c>, <c>frigate</c>, <c>rtsp</c>, ...</param>
/// <param name="Host">Host of a stream; null for files.</param>
public sealed record CameraSource(string Kind, string? Host = null);

/// <summary>What a camera's picture is like.</summary>
/// <param name="Brightness">0 to 1.</param>
/// <param name="Blur">0 to 1, higher is worse.</param>
/// <param name="Frozen">Frames come and do not change.</param>
/// <param name="Moved">The view is another than before.</param>
public sealed record PictureQuality(double Brightness, double Blur, bool Frozen, bool Moved);

/// <summary>How far similarities have moved since calibration.</summary>
/// <param name="Score">0 to 1.</param>
/// <param name="State"><c>ok</c>, <c>warn</c> or <c>alarm</c>.</param>
/// <param name="Baseline">Calibration compared with.</param>
public sealed record Drift(double Score, string State, string Baseline);

/// <summary>A camera's counters, which move without any change of its state.</summary>
/// <param name="FpsIn">Frames a second that are decoded, of late; null while not known.</param>
/// <param name="FpsProcessed">Frames a second that are analysed, of late; null while not known.</param>
/// <param name="FramesDropped">Frames skipped because the pipeline was behind.</param>
/// <param name="DecodeErrors">Frames or segments that could not be decoded.</param>
/// <param name="LastFrameAt">Capture time of the newest frame; null before the first.</param>
public sealed record CameraCounters(double? FpsIn, double? FpsProcessed, long FramesDropped, long DecodeErrors, DateTimeOffset? LastFrameAt);

/// <summary>The host's part of <c>R/camera/{camera}/status</c> (mqtt.md 3.3); since when, people in view and the counters are added by the publisher. Null means not known.</summary>
public sealed record CameraStatus
{
    /// <summary>The camera's id.</summary>
    public required string Camera { get; init; }

    /// <summary>The name as the user gave it.</summary>
    public required string CameraName { get; init; }

    /// <summary>What it is doing.</summary>
    public required CameraState State { get; init; }

    /// <summary>Where its frames come from.</summary>
    public required CameraSource Source { get; init; }

    /// <summary>Camera's clock minus ours, for live cameras.</summary>
    public long? ClockOffsetMs { get; init; }

    /// <summary>Where capture times come from, as in mqtt.md 4.2.</summary>
    public string? TimeSource { get; init; }

    /// <summary>What the picture is like.</summary>
    public PictureQuality? Quality { get; init; }

    /// <summary>How far similarities have moved since calibration.</summary>
    public Drift? Drift { get; init; }

    /// <summary>Why the state is not <c>online</c>.</summary>
    public IReadOnlyList<Reason> Reasons { get; init; } = [];
}

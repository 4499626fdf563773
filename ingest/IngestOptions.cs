namespace Pipeline.Ingest;

/// <summary>Whether the clocks of cameras that are known by the order of their segments alone have anything to do with each other.</summary>
public enum CameraClocks
{
    /// <summary>Each has its own: no rule about time between cameras applies to them.</summary>
    Unrelated,

    /// <summary>They started at once.</summary>
    Together,
}

/// <summary>Where capture time is looked for.</summary>
public enum TimeRule
{
    /// <summary>As <c>ingest.time</c> says; there it is the same as <see cref="Auto"/>.</summary>
    Inherit,

    /// <summary>Sidecar, then file name, then order.</summary>
    Auto,

    /// <summary>Sidecar, then file name, then the container's creation time, then order.</summary>
    Container,

    /// <summary>Order alone.</summary>
    Order,
}

/// <summary>Settings of ingest: how often frames are analysed, what capture time rests on, what a stream may do before it counts as lost.</summary>
public sealed record IngestOptions
{
    /// <summary>Frames analysed a second and camera; 0 analyses all. 0 to 120, default 5.</summary>
    public double Fps { get; init; } = 5;

    /// <summary>Where capture time is looked for. Default auto: sidecar, then file name, then order.</summary>
    public TimeRule Time { get; init; } = TimeRule.Auto;

    /// <summary>File-name pattern with capture time, such as <c>front_%Y%m%d-%H%M%S</c>; <c>*</c> is anything. Default: the common ones.</summary>
    public string? TimePattern { get; init; }

    /// <summary>Time zone of file names and sidecars that name none: UTC, an IANA name, or +02:00. Default UTC.</summary>
    public string TimeZone { get; init; } = "UTC";

    /// <summary>Whether cameras known by order alone started at once. Default unrelated.</summary>
    public CameraClocks Clocks { get; init; } = CameraClocks.Unrelated;

    /// <summary>Frames a second of image sequences that say nothing else. 0.01 to 240, default 10.</summary>
    public double ImageFps { get; init; } = 10;

    /// <summary>Threads that decode recordings; 0 is one for each core. 0 to 256, default 0.</summary>
    public int DecoderThreads { get; init; }

    /// <summary>Items read ahead for each camera. 1 to 64, default 2.</summary>
    public int ReadAhead { get; init; } = 2;

    /// <summary>How long a stream may show the same picture before it counts as frozen. 1 s to 1 h, default 15 s.</summary>
    public TimeSpan FrozenAfter { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a stream may take to open or to give a frame. 1 s to 5 min, default 10 s.</summary>
    public TimeSpan StreamTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Pause before the first reconnection; it doubles with each that fails. 0.1 s to 1 h, default 1 s.</summary>
    public TimeSpan ReconnectAfter { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Longest pause before a reconnection. Up to 1 h, default 30 s.</summary>
    public TimeSpan ReconnectAtMost { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>What differs for single cameras, by id or name.</summary>
    public IReadOnlyDictionary<string, CameraOptions> Cameras { get; init; } = new Dictionary<string, CameraOptions>();

    /// <summary>Every rule these values break, each as key and "allowed, got"; empty when they are valid.</summary>
    public IEnumerable<(string Key, string Problem)> Problems()
    {
        if (Fps is not (>= 0 and <= 120))
        {
            yield return ("ingest.fps", $"0 to 120, got {Fps}");
        }

        if (ImageFps is not (>= 0.01 and <= 240))
        {
            yield return ("ingest.image_fps", $"0.01 to 240, got {ImageFps}");
        }

        if (DecoderThreads is < 0 or > 256)
        {
            yield return ("ingest.decoder_threads", $"0 to 256, got {DecoderThreads}");
        }

        if (ReadAhead is < 1 or > 64)
        {
            yield return ("ingest.read_ahead", $"1 to 64, got {ReadAhead}");
        }

        foreach ((string key, TimeSpan value, double least, double most) in new (string, TimeSpan, double, double)[]
        {
            ("frozen_after_ms", FrozenAfter, 1, 3600),
            ("stream_timeout_ms", StreamTimeout, 1, 300),
            ("reconnect_after_ms", ReconnectAfter, 0.1, 3600),
            ("reconnect_at_most_ms", ReconnectAtMost, 0.1, 3600),
        })
        {
            if (value.TotalSeconds < least || value.TotalSeconds > most)
            {
                yield return ($"ingest.{key}", $"{least * 1000} to {most * 1000}, got {value.TotalMilliseconds}");
            }
        }

        foreach ((string, string) problem in TimeProblems("ingest", TimePattern, TimeZone))
        {
            yield return problem;
        }

        foreach ((string id, CameraOptions camera) in Cameras.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            foreach ((string, string) problem in camera.Problems($"ingest.cameras.{id}"))
            {
                yield return problem;
            }
        }
    }

    internal static IEnumerable<(string Key, string Problem)> TimeProblems(string section, string? pattern, string? zone)
    {
        if (pattern is not null && !NamePattern.TryParse(pattern, out _, out string? fault))
        {
            yield return ($"{section}.time_pattern", $"{fault}, got '{pattern}'");
        }

        if (zone is not null && !CaptureTime.TryZone(zone, out _))
        {
            yield return ($"{section}.time_zone", $"UTC, an IANA name such as Europe/Berlin, or an offset such as +02:00, got '{zone}'");
        }
    }
}

/// <summary>What differs for one camera.</summary>
public sealed record CameraOptions
{
    /// <summary>Whether it takes part. Default true.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Name to show. Default: that of its folder, file or stream.</summary>
    public string? Name { get; init; }

    /// <summary>Address of a stream, rtsp:// or http://, for a camera that is no folder.</summary>
    public string? Url { get; init; }

    /// <summary>Frames analysed a second; 0 is <c>ingest.fps</c>. 0 to 120, default 0.</summary>
    public double Fps { get; init; }

    /// <summary>Where capture time is looked for. Default inherit.</summary>
    public TimeRule Time { get; init; } = TimeRule.Inherit;

    /// <summary>File-name pattern with capture time. Default: that of ingest.</summary>
    public string? TimePattern { get; init; }

    /// <summary>Time zone. Default: that of ingest.</summary>
    public string? TimeZone { get; init; }

    internal IEnumerable<(string Key, string Problem)> Problems(string section)
    {
        if (Fps is not (>= 0 and <= 120))
        {
            yield return ($"{section}.fps", $"0 to 120, got {Fps}");
        }

        if (Url is not null && !StreamAddress.IsStream(Url))
        {
            yield return ($"{section}.url", "an address that starts with rtsp://, rtsps://, http:// or https:// is needed, got another");
        }

        foreach ((string, string) problem in IngestOptions.TimeProblems(section, TimePattern, TimeZone))
        {
            yield return problem;
        }
    }
}

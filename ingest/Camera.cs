namespace Pipeline.Ingest;

/// <summary>Where a camera's frames come from.</summary>
public enum CameraKind
{
    /// <summary>Finished files in a folder: every frame is analysed, nothing is dropped.</summary>
    Recorded,

    /// <summary>An rtsp or http stream: the newest frame counts, older ones are skipped and counted.</summary>
    Live,
}

/// <summary>One camera of the run.</summary>
/// <param name="Id">Slug of mqtt.md section 1, <c>[a-z0-9][a-z0-9_-]{0,63}</c>; unique in a run; safe in topics and paths.</param>
/// <param name="Name">The name as the user gave it: folder name, stream name or setting. Only for showing.</param>
/// <param name="Kind">Recorded or live.</param>
public sealed record Camera(string Id, string Name, CameraKind Kind);

namespace Pipeline.Ingest;

/// <summary>One video file, image sequence or stream connection of one camera.</summary>
/// <param name="Camera">The camera it belongs to.</param>
/// <param name="Kind"><c>file</c>, <c>images</c>, <c>frigate</c>, <c>mot</c>, <c>rtsp</c> or <c>http</c>: <c>source.kind</c> of mqtt.md 4.2.</param>
/// <param name="Ref">Path relative to the camera's folder with forward slashes; never absolute, never a URL. A stream's is the camera id.</param>
/// <param name="Ordinal">Place among the camera's segments, from 0, in capture-time order.</param>
/// <param name="Digest">Content digest, lower-case hex SHA-256 over length and evenly spaced blocks; empty for streams.</param>
/// <param name="StartAt">Capture time of its first frame, UTC.</param>
/// <param name="TimeSource">What <paramref name="StartAt"/> rests on.</param>
public sealed record Segment(
    Camera Camera, string Kind, string Ref, int Ordinal, string Digest, DateTimeOffset StartAt, TimeSource TimeSource);

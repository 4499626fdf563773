namespace Pipeline.Reid.Calibrating;

/// <summary>A track of a recording that nobody has labelled.</summary>
/// <param name="Camera">Camera.</param>
/// <param name="StartAt">First detection.</param>
/// <param name="EndAt">Last detection.</param>
/// <param name="HasClock">The times can be compared with those of other cameras.</param>
/// <param name="Whole">Unit feature of all its crops.</param>
/// <param name="First">Unit feature of the first half of its crops; null when there are too few.</param>
/// <param name="Last">Unit feature of the last half.</param>
public sealed record RecordedTrack(string Camera, DateTimeOffset StartAt, DateTimeOffset EndAt, bool HasClock, float[] Whole, float[]? First, float[]? Last);

namespace Pipeline.Reid.Calibrating;

/// <summary>Two tracks of which an operator said that they are one person, or two.</summary>
/// <param name="One">Number of a track.</param>
/// <param name="Other">Of another.</param>
/// <param name="Same">Whether they are one person.</param>
public readonly record struct JudgedTracks(int One, int Other, bool Same);

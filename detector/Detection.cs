namespace Pipeline.Detector;

/// <summary>One person found in one frame.</summary>
/// <param name="Box">Where, in pixels of the full frame.</param>
/// <param name="Score">The detector's confidence, 0 to 1.</param>
public readonly record struct Detection(Box Box, float Score);

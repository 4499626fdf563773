namespace OpenCvSharp;

/// <summary>Quarter turns.</summary>
public enum RotateFlags
{
    /// <summary>To the right.</summary>
    Rotate90Clockwise = 0,

    /// <summary>Half turn.</summary>
    Rotate180 = 1,

    /// <summary>To the left.</summary>
    Rotate90Counterclockwise = 2,
}

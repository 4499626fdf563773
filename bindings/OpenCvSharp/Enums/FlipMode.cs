namespace OpenCvSharp;

/// <summary>Axis of a mirror.</summary>
public enum FlipMode
{
    /// <summary>Upside down.</summary>
    X = 0,

    /// <summary>Left and right exchanged.</summary>
    Y = 1,

    /// <summary>Both.</summary>
    XY = -1,
}

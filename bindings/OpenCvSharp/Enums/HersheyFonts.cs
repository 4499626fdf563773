namespace OpenCvSharp;

/// <summary>Fonts of strokes.</summary>
[Flags]
public enum HersheyFonts
{
    /// <summary>Plain.</summary>
    HersheySimplex = 0,

    /// <summary>Small and plain.</summary>
    HersheyPlain = 1,

    /// <summary>Two strokes.</summary>
    HersheyDuplex = 2,
}

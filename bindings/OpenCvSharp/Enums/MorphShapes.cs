namespace OpenCvSharp;

/// <summary>Shape of a structuring element.</summary>
public enum MorphShapes
{
    /// <summary>All of it.</summary>
    Rect = 0,

    /// <summary>Row and column through the anchor.</summary>
    Cross = 1,

    /// <summary>Ellipse in the rectangle.</summary>
    Ellipse = 2,
}

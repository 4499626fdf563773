namespace OpenCvSharp;

/// <summary>What lies beyond the edge.</summary>
public enum BorderTypes
{
    /// <summary>A given value.</summary>
    Constant = 0,

    /// <summary>The edge pixel: aaa|abc.</summary>
    Replicate = 1,

    /// <summary>Mirrored with the edge: cba|abc.</summary>
    Reflect = 2,

    /// <summary>Mirrored without the edge: dcb|abc.</summary>
    Reflect101 = 4,

    /// <summary>The same as Reflect101.</summary>
    Default = Reflect101,
}

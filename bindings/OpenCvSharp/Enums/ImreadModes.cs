namespace OpenCvSharp;

/// <summary>Form in which a picture file is read.</summary>
[Flags]
public enum ImreadModes
{
    /// <summary>As it is, with alpha.</summary>
    Unchanged = -1,

    /// <summary>One channel.</summary>
    Grayscale = 0,

    /// <summary>BGR.</summary>
    Color = 1,

    /// <summary>16 and 32 bits stay.</summary>
    AnyDepth = 2,

    /// <summary>Any colour format.</summary>
    AnyColor = 4,

    /// <summary>EXIF rotation is not applied.</summary>
    IgnoreOrientation = 128,
}

namespace OpenCvSharp;

/// <summary>From one colour space to another.</summary>
public enum ColorConversionCodes
{
    /// <summary>Adds alpha.</summary>
    BGR2BGRA = 0,

    /// <summary>Drops alpha.</summary>
    BGRA2BGR = 1,

    /// <summary>Exchanges blue and red.</summary>
    BGR2RGB = 4,

    /// <summary>Exchanges blue and red.</summary>
    RGB2BGR = BGR2RGB,

    /// <summary>To luma.</summary>
    BGR2GRAY = 6,

    /// <summary>To luma.</summary>
    RGB2GRAY = 7,

    /// <summary>Three equal channels.</summary>
    GRAY2BGR = 8,

    /// <summary>To YCrCb.</summary>
    BGR2YCrCb = 36,

    /// <summary>From YCrCb.</summary>
    YCrCb2BGR = 38,

    /// <summary>To HSV, hue 0 to 179.</summary>
    BGR2HSV = 40,

    /// <summary>From HSV.</summary>
    HSV2BGR = 54,

    /// <summary>To CIE L*a*b*.</summary>
    BGR2Lab = 44,

    /// <summary>From CIE L*a*b*.</summary>
    Lab2BGR = 56,

    /// <summary>To YUV.</summary>
    BGR2YUV = 82,
}

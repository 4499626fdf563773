namespace OpenCvSharp;

/// <summary>OpenCV's error codes.</summary>
public enum ErrorCode
{
    /// <summary>No error.</summary>
    StsOk = 0,

    /// <summary>Unspecified.</summary>
    StsError = -2,

    /// <summary>Inside OpenCV.</summary>
    StsInternal = -3,

    /// <summary>Out of memory.</summary>
    StsNoMem = -4,

    /// <summary>Bad argument.</summary>
    StsBadArg = -5,

    /// <summary>Null pointer.</summary>
    StsNullPtr = -27,

    /// <summary>Bad size.</summary>
    StsBadSize = -201,

    /// <summary>Sizes differ.</summary>
    StsUnmatchedSizes = -209,

    /// <summary>Unsupported format.</summary>
    StsUnsupportedFormat = -210,

    /// <summary>Out of range.</summary>
    StsOutOfRange = -211,

    /// <summary>Cannot be parsed.</summary>
    StsParseError = -212,

    /// <summary>Not implemented.</summary>
    StsNotImplemented = -213,

    /// <summary>A condition does not hold.</summary>
    StsAssert = -215,
}

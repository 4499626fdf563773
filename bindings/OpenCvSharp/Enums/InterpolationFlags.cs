namespace OpenCvSharp;

/// <summary>How pixels between pixels are made.</summary>
[Flags]
public enum InterpolationFlags
{
    /// <summary>Nearest pixel.</summary>
    Nearest = 0,

    /// <summary>Of four neighbours.</summary>
    Linear = 1,

    /// <summary>Of 16 neighbours.</summary>
    Cubic = 2,

    /// <summary>Mean over the area; for making smaller.</summary>
    Area = 3,

    /// <summary>Of 64 neighbours.</summary>
    Lanczos4 = 4,
}

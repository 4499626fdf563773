namespace OpenCvSharp;

/// <summary>Which neighbours belong together.</summary>
public enum PixelConnectivity
{
    /// <summary>Those with a common edge.</summary>
    Connectivity4 = 4,

    /// <summary>Corners too.</summary>
    Connectivity8 = 8,
}

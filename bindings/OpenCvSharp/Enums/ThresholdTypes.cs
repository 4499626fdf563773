namespace OpenCvSharp;

/// <summary>What a threshold does; Otsu finds it too.</summary>
[Flags]
public enum ThresholdTypes
{
    /// <summary>Above: maximum, else 0.</summary>
    Binary = 0,

    /// <summary>Above: 0, else maximum.</summary>
    BinaryInv = 1,

    /// <summary>Above: the threshold.</summary>
    Trunc = 2,

    /// <summary>Above: as it is, else 0.</summary>
    Tozero = 3,

    /// <summary>Above: 0, else as it is.</summary>
    TozeroInv = 4,

    /// <summary>Finds the threshold; to be added to another.</summary>
    Otsu = 8,
}

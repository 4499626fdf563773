namespace OpenCvSharp;

/// <summary>Morphological operation.</summary>
public enum MorphTypes
{
    /// <summary>Minimum under the element.</summary>
    Erode = 0,

    /// <summary>Maximum under the element.</summary>
    Dilate = 1,

    /// <summary>Erode, then dilate: removes specks.</summary>
    Open = 2,

    /// <summary>Dilate, then erode: fills holes.</summary>
    Close = 3,

    /// <summary>Dilated minus eroded.</summary>
    Gradient = 4,
}

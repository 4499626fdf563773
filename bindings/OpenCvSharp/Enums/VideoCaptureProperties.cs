namespace OpenCvSharp;

/// <summary>Properties of a capture.</summary>
public enum VideoCaptureProperties
{
    /// <summary>Timestamp of the frame grabbed last, in milliseconds.</summary>
    PosMsec = 0,

    /// <summary>Number of the next frame.</summary>
    PosFrames = 1,

    /// <summary>Width in pixels.</summary>
    FrameWidth = 3,

    /// <summary>Height in pixels.</summary>
    FrameHeight = 4,

    /// <summary>Frames a second as the container says.</summary>
    Fps = 5,

    /// <summary>Codec.</summary>
    FourCC = 6,

    /// <summary>Frames as the container says.</summary>
    FrameCount = 7,

    /// <summary>Frames kept inside.</summary>
    BufferSize = 38,

    /// <summary>Rotation in the container, degrees.</summary>
    OrientationMeta = 48,

    /// <summary>Whether frames come out upright.</summary>
    OrientationAuto = 49,
}

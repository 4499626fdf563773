namespace OpenCvSharp;

/// <summary>Who decodes.</summary>
public enum VideoCaptureAPIs
{
    /// <summary>The first that can.</summary>
    ANY = 0,

    /// <summary>FFmpeg.</summary>
    FFMPEG = 1900,

    /// <summary>Image sequences.</summary>
    IMAGES = 2000,

    /// <summary>The built-in MJPEG reader and writer.</summary>
    OPENCV_MJPEG = 2200,
}

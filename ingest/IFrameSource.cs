using OpenCvSharp;

namespace Pipeline.Ingest;

/// <summary>Frames in order: a video, a sequence of pictures, a stream, or a test's own.</summary>
internal interface IFrameSource : IDisposable
{
    /// <summary>Container timestamp of the frame grabbed last, in milliseconds.</summary>
    double Milliseconds { get; }

    /// <summary>Expected size of a picture; a hint for the pool.</summary>
    Size Size { get; }

    /// <summary>Frames that the container announces; 0 when it does not.</summary>
    long AnnouncedFrames { get; }

    /// <summary>Whether <see cref="AnnouncedFrames"/> was counted rather than guessed from length and rate.</summary>
    bool CountIsExact { get; }

    /// <summary>Frames a second that the container announces; 0 when it does not.</summary>
    double AnnouncedFps { get; }

    /// <summary>The first frame that could not be read, by its file and why; null when there is none, or when frames have no names.</summary>
    string? FirstFault => null;

    /// <summary>Decodes the next frame; false at the end.</summary>
    bool Grab();

    /// <summary>Converts the frame grabbed last to upright BGR; false when it is damaged.</summary>
    bool Retrieve(Mat picture);
}

using OpenCvSharp;

namespace Pipeline.Ingest;

/// <summary>A video file or stream through OpenCV.</summary>
internal sealed class VideoSource : IFrameSource
{
    // Open-only properties of OpenCV 4.7 and later that OpenCvSharp's enum does not name.
    private const int OpenTimeout = 53;
    private const int ReadTimeout = 54;
    private const int Threads = 70;

    private readonly VideoCapture _capture;

    private VideoSource(VideoCapture capture)
    {
        _capture = capture;
        Size = new Size(_capture.FrameWidth, _capture.FrameHeight);
        AnnouncedFrames = Math.Max(0, _capture.FrameCount);
        AnnouncedFps = _capture.Fps is > 0 and < 1000 ? _capture.Fps : 0;
    }

    /// <inheritdoc/>
    public double Milliseconds => _capture.Get(VideoCaptureProperties.PosMsec);

    /// <inheritdoc/>
    public Size Size { get; }

    /// <inheritdoc/>
    public long AnnouncedFrames { get; }

    /// <inheritdoc/>
    public bool CountIsExact { get; private init; }

    /// <inheritdoc/>
    public double AnnouncedFps { get; }

    /// <summary>Opens a file with a number of decoder threads; null when there is no video in it that can be decoded.</summary>
    public static VideoSource? File(string file, int threads)
    {
        // The index of these lists every frame.
        bool exact = Path.GetExtension(file).ToLowerInvariant() is ".mp4" or ".mov" or ".m4v";
        return Open(Path.GetFullPath(file), [Threads, threads], exact);
    }

    /// <summary>Opens a stream; null when it cannot be reached in time.</summary>
    public static VideoSource? Stream(string url, TimeSpan timeout)
    {
        int milliseconds = (int)timeout.TotalMilliseconds;
        return Open(url, [OpenTimeout, milliseconds, ReadTimeout, milliseconds, Threads, 1], exact: false);
    }

    /// <inheritdoc/>
    public bool Grab() => _capture.Grab();

    /// <inheritdoc/>
    public bool Retrieve(Mat picture) => _capture.Retrieve(picture) && !picture.Empty();

    /// <inheritdoc/>
    public void Dispose() => _capture.Dispose();

    private static VideoSource? Open(string source, int[] parameters, bool exact)
    {
        VideoCapture capture = new(source, VideoCaptureAPIs.FFMPEG, parameters);
        if (capture.IsOpened())
        {
            return new VideoSource(capture) { CountIsExact = exact };
        }

        capture.Dispose();
        return null;
    }
}

using OpenCvSharp;

namespace Pipeline.Ingest;

/// <summary>A sequence of pictures, one file a frame.</summary>
internal sealed class ImageSource(SegmentPlan plan) : IFrameSource
{
    private int _next;

    /// <inheritdoc/>
    public double Milliseconds =>
        plan.ImageTimes is { } times ? (times[_next - 1] - times[0]).TotalMilliseconds : (_next - 1) * 1000.0 / plan.ImageFps;

    /// <inheritdoc/>
    public Size Size { get; private set; }

    /// <inheritdoc/>
    public long AnnouncedFrames => plan.Files.Count;

    /// <inheritdoc/>
    public bool CountIsExact => true;

    /// <inheritdoc/>
    public double AnnouncedFps => plan.ImageTimes is null ? plan.ImageFps : 0;

    /// <inheritdoc/>
    public bool Grab() => _next < plan.Files.Count && ++_next > 0;

    /// <inheritdoc/>
    public bool Retrieve(Mat picture)
    {
        try
        {
            // Through memory: OpenCV takes a path that it cannot read for a picture that it cannot decode.
            using Mat decoded = Mat.ImDecode(File.ReadAllBytes(plan.Files[_next - 1]));
            if (decoded.Empty())
            {
                return false;
            }

            Size = decoded.Size();
            decoded.CopyTo(picture);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or OpenCVException)
        {
            return false; // counted by the reader, as a damaged frame of a video is
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}

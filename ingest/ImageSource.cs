using OpenCvSharp;
using Pipeline.Files;

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
    public string? FirstFault { get; private set; }

    /// <inheritdoc/>
    public bool Grab() => _next < plan.Files.Count && ++_next > 0;

    /// <inheritdoc/>
    public bool Retrieve(Mat picture)
    {
        string file = plan.Files[_next - 1];
        try
        {
            if (RegularFile.Fault(file) is { } fault)
            {
                return Damaged(file, fault);
            }

            // Through memory: OpenCV takes a path that it cannot read for a picture that it cannot decode.
            using Mat decoded = Mat.ImDecode(File.ReadAllBytes(file));
            if (decoded.Empty())
            {
                return Damaged(file, "is no picture that can be decoded");
            }

            Size = decoded.Size();
            decoded.CopyTo(picture);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or OpenCVException)
        {
            return Damaged(file, $"cannot be read: {e.Message.TrimEnd('.')}");
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    // The reader counts it, as a damaged frame of a video; here it has a name.
    private bool Damaged(string file, string fault)
    {
        FirstFault ??= $"'{Shown.Line(Path.GetFileName(file))}' {Shown.Line(fault)}";
        return false;
    }
}

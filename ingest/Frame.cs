using OpenCvSharp;

namespace Pipeline.Ingest;

/// <summary>One decoded picture of one camera with its capture time. Whoever reads it last disposes it, which gives the pixels back to their pool.</summary>
/// <param name="segment">The segment it was read from.</param>
/// <param name="number">Number in the segment as decoded, from 0, skipped frames counted.</param>
/// <param name="offset">Container timestamp: time since the segment's first frame.</param>
/// <param name="at">Capture time, UTC.</param>
/// <param name="picture">Pixels, 8-bit BGR (CV_8UC3), upright (rotation applied).</param>
/// <param name="release">Called once with <paramref name="picture"/> on dispose: the pool's taking back; null disposes the picture.</param>
public sealed class Frame(Segment segment, long number, TimeSpan offset, DateTimeOffset at, Mat picture, Action<Mat>? release = null)
    : CameraItem(segment.Camera, at), IDisposable
{
    private Mat? _picture = picture;

    /// <summary>The segment it was read from.</summary>
    public Segment Segment { get; } = segment;

    /// <summary>Number in the segment as decoded, from 0.</summary>
    public long Number { get; } = number;

    /// <summary>Time since the segment's first frame.</summary>
    public TimeSpan Offset { get; } = offset;

    /// <summary>Width in pixels.</summary>
    public int Width { get; } = picture.Width;

    /// <summary>Height in pixels.</summary>
    public int Height { get; } = picture.Height;

    /// <summary>Pixels, CV_8UC3, BGR. Valid until dispose.</summary>
    /// <exception cref="ObjectDisposedException">The frame was given back.</exception>
    public Mat Picture => _picture ?? throw new ObjectDisposedException(nameof(Frame));

    /// <inheritdoc/>
    public void Dispose()
    {
        Mat? mat = Interlocked.Exchange(ref _picture, null);
        if (mat is null)
        {
            return;
        }

        if (release is null)
        {
            mat.Dispose();
        }
        else
        {
            release(mat);
        }
    }
}

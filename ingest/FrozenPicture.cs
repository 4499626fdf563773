using OpenCvSharp;

namespace Pipeline.Ingest;

/// <summary>Notices a stream that hangs on its last picture: a sensor's noise changes every picture, a hung stream's never change.</summary>
internal sealed class FrozenPicture(TimeSpan after) : IDisposable
{
    private static readonly Size Small = new(64, 36);

    private readonly Mat _difference = new();
    private Mat _last = new();
    private Mat _now = new();
    private DateTimeOffset _changedAt;

    /// <summary>Takes the next picture; true when none has changed for the time given.</summary>
    internal bool IsFrozen(Mat picture, DateTimeOffset at)
    {
        Cv2.Resize(picture, _now, Small, 0, 0, InterpolationFlags.Nearest); // single pixels: a mean would hide the noise
        bool same = !_last.Empty() && IsSame();
        (_last, _now) = (_now, _last);
        if (!same)
        {
            _changedAt = at;
        }

        return at - _changedAt >= after;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _difference.Dispose();
        _last.Dispose();
        _now.Dispose();
    }

    private bool IsSame()
    {
        Cv2.Absdiff(_last, _now, _difference);
        using Mat flat = _difference.Reshape(1);
        return Cv2.CountNonZero(flat) == 0;
    }
}

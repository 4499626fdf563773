using OpenCvSharp;
using Pipeline.Ingest;

namespace Pipeline.Tests.Ingest;

/// <summary>Frames with the timestamps given; <paramref name="onGrab"/> is called before each.</summary>
internal sealed class FakeSource(double[] timestamps, Action<int>? onGrab = null, Func<int, Mat>? picture = null) : IFrameSource
{
    private int _next;

    public double Milliseconds => timestamps[_next - 1];

    public Size Size => new(40, 30);

    public long AnnouncedFrames => 0;

    public bool CountIsExact => false;

    public double AnnouncedFps => 10;

    public bool Grab()
    {
        if (_next == timestamps.Length)
        {
            return false;
        }

        onGrab?.Invoke(_next);
        _next++;
        return true;
    }

    public bool Retrieve(Mat target)
    {
        using Mat source = picture?.Invoke(_next - 1) ?? Clips.Grey(_next % 20);
        source.CopyTo(target);
        return true;
    }

    public void Dispose()
    {
    }
}

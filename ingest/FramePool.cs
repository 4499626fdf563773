using OpenCvSharp;

namespace Pipeline.Ingest;

/// <summary>Keeps pictures for reuse by size. Thread-safe. What is rented is not counted: the channels bound that.</summary>
/// <param name="maxIdleBytes">Pictures that wait for reuse hold at most this; the others are freed. Default 128 MiB.</param>
public sealed class FramePool(long maxIdleBytes = 128L << 20) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<Size, Stack<Mat>> _idle = [];
    private long _idleBytes;
    private bool _disposed;

    /// <summary>Bytes of the pictures that wait for reuse.</summary>
    public long IdleBytes
    {
        get
        {
            lock (_gate)
            {
                return _idleBytes;
            }
        }
    }

    /// <summary>A picture of this size if one waits, else an empty one for the decoder to fill.</summary>
    public Mat Rent(Size size)
    {
        lock (_gate)
        {
            if (_idle.TryGetValue(size, out Stack<Mat>? stack) && stack.TryPop(out Mat? mat))
            {
                _idleBytes -= Bytes(size);
                return mat;
            }
        }

        return new Mat();
    }

    /// <summary>Takes a picture back; nobody may use it any more.</summary>
    public void Return(Mat mat)
    {
        ArgumentNullException.ThrowIfNull(mat);
        Size size = mat.Size();
        lock (_gate)
        {
            if (!_disposed && !mat.Empty() && mat.Type() == MatType.CV_8UC3 && _idleBytes + Bytes(size) <= maxIdleBytes)
            {
                (_idle.TryGetValue(size, out Stack<Mat>? stack) ? stack : _idle[size] = []).Push(mat);
                _idleBytes += Bytes(size);
                return;
            }
        }

        mat.Dispose();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            foreach (Mat mat in _idle.Values.SelectMany(stack => stack))
            {
                mat.Dispose();
            }

            _idle.Clear();
            _idleBytes = 0;
        }
    }

    private static long Bytes(Size size) => 3L * size.Width * size.Height;
}

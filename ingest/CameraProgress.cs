namespace Pipeline.Ingest;

/// <summary>How far a camera is; written by ingest, read by whoever shows it, at any time.</summary>
/// <param name="camera">The camera.</param>
/// <param name="segmentsTotal">Its segments; 0 for a stream.</param>
/// <param name="bytesTotal">Bytes of them.</param>
public sealed class CameraProgress(Camera camera, int segmentsTotal, long bytesTotal)
{
    private long _decoded;
    private long _analysed;
    private long _dropped;
    private long _decodeErrors;
    private long _reachedTicks;
    private long _footageTicks;
    private long _bytesDone;
    private long _currentTicks;
    private long _currentBytes;
    private long _expectedTicks;
    private int _segmentsDone;
    private int _problems;
    private int _connections;

    /// <summary>The camera.</summary>
    public Camera Camera { get; } = camera;

    /// <summary>Its segments; 0 for a stream.</summary>
    public int SegmentsTotal { get; } = segmentsTotal;

    /// <summary>Bytes of all its segments.</summary>
    public long BytesTotal { get; } = bytesTotal;

    /// <summary>Segments that ended, those before the start of a resumed run counted.</summary>
    public int SegmentsDone => Volatile.Read(ref _segmentsDone);

    /// <summary>Bytes of the segments that ended.</summary>
    public long BytesDone => Interlocked.Read(ref _bytesDone);

    /// <summary>Frames decoded.</summary>
    public long Decoded => Interlocked.Read(ref _decoded);

    /// <summary>Frames passed on.</summary>
    public long Analysed => Interlocked.Read(ref _analysed);

    /// <summary>Frames of a stream that were replaced by a newer one before anybody took them.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>Frames that could not be decoded, and segments that could not be opened or not be decoded to their end.</summary>
    public long DecodeErrors => Interlocked.Read(ref _decodeErrors);

    /// <summary>Segments with a problem, or connections of a stream that ended.</summary>
    public int Problems => Volatile.Read(ref _problems);

    /// <summary>Connections of a stream that gave a frame.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>Footage read, gaps not counted: what "x real time" is of.</summary>
    public TimeSpan Footage => TimeSpan.FromTicks(Interlocked.Read(ref _footageTicks) + Interlocked.Read(ref _currentTicks));

    /// <summary>Share of the recordings that was read, 0 to 1, by bytes; of the current segment by the length that its header announces.</summary>
    public double Share
    {
        get
        {
            long expected = Interlocked.Read(ref _expectedTicks);
            double current = expected > 0 ? Math.Min(1, (double)Interlocked.Read(ref _currentTicks) / expected) : 0;
            return BytesTotal > 0 ? Math.Min(1, (BytesDone + (current * Interlocked.Read(ref _currentBytes))) / BytesTotal) : 0;
        }
    }

    /// <summary>Capture time reached; null before the first frame.</summary>
    public DateTimeOffset? Reached => Interlocked.Read(ref _reachedTicks) is > 0 and long ticks ? new(ticks, TimeSpan.Zero) : null;

    internal void CountDecoded() => Interlocked.Increment(ref _decoded);

    internal void CountAnalysed() => Interlocked.Increment(ref _analysed);

    internal void CountDropped() => Interlocked.Increment(ref _dropped);

    internal void CountDecodeError() => Interlocked.Increment(ref _decodeErrors);

    internal void CountConnection() => Interlocked.Increment(ref _connections);

    internal void CountProblem() => Interlocked.Increment(ref _problems);

    internal void Skip(IEnumerable<SegmentPlan> segments)
    {
        foreach (SegmentPlan segment in segments)
        {
            EndSegment(segment.Bytes, TimeSpan.Zero);
        }
    }

    internal void BeginSegment(long bytes, TimeSpan expected)
    {
        Interlocked.Exchange(ref _currentBytes, bytes);
        Interlocked.Exchange(ref _expectedTicks, expected.Ticks);
    }

    internal void Reach(DateTimeOffset at, TimeSpan offset)
    {
        Interlocked.Exchange(ref _reachedTicks, at.UtcTicks);
        Interlocked.Exchange(ref _currentTicks, offset.Ticks);
    }

    internal void EndSegment(long bytes, TimeSpan footage)
    {
        Interlocked.Exchange(ref _currentBytes, 0);
        Interlocked.Exchange(ref _currentTicks, 0);
        Interlocked.Add(ref _bytesDone, bytes);
        Interlocked.Add(ref _footageTicks, footage.Ticks);
        Interlocked.Increment(ref _segmentsDone);
    }
}

namespace Pipeline.Ingest;

/// <summary>Reads the segments of one recorded camera one behind the other. What comes out depends on the files and settings alone.</summary>
internal sealed class CameraReader : IDisposable
{
    private readonly CameraPlan _plan;
    private readonly int _threads;
    private readonly FramePool _pool;
    private readonly CameraProgress _progress;
    private int _ordinal;
    private DateTimeOffset? _lastAt;
    private Segment? _segment;
    private VideoDecoder? _decoder;
    private bool _ended;

    internal CameraReader(CameraPlan plan, StartPosition? start, int threads, FramePool pool, CameraProgress progress)
    {
        (_plan, _threads, _pool, _progress) = (plan, threads, pool, progress);
        (_ordinal, _lastAt) = (start?.Ordinal ?? 0, start?.EndedAt);
        progress.Skip(plan.Segments.Take(_ordinal));
    }

    /// <summary>Frames decoded so far, those that were not due counted.</summary>
    internal long Decoded => _progress.Decoded;

    /// <summary>The next item; null behind the <see cref="CameraEnd"/>.</summary>
    internal CameraItem? Next()
    {
        if (_ended)
        {
            return null;
        }

        if (_decoder is null)
        {
            if (_ordinal >= _plan.Segments.Count)
            {
                _ended = true;
                return new CameraEnd(_plan.Camera, _lastAt ?? _plan.Segments[0].StartAt ?? CaptureTime.OrderStart);
            }

            string? problem = Open(_plan.Segments[_ordinal]);
            if (_decoder is null)
            {
                return End(problem);
            }
        }

        return _decoder.Next() is { } frame ? frame : End(_decoder.Problem());
    }

    /// <inheritdoc/>
    public void Dispose() => _decoder?.Dispose();

    private string? Open(SegmentPlan segment)
    {
        DateTimeOffset startAt = segment.StartAt ?? (_lastAt is { } last ? CaptureTime.AfterInOrder(last) : CaptureTime.OrderStart);
        IFrameSource? source = SegmentOpener.Open(segment, _threads, out string? problem);
        string digest = source is null ? "" : Digest(segment, ref source, ref problem);
        _segment = new Segment(_plan.Camera, segment.Kind, segment.Ref, segment.Ordinal, digest, startAt, _plan.TimeSource);
        TimeSpan announced = source is { AnnouncedFps: > 0 } ? TimeSpan.FromSeconds(source.AnnouncedFrames / source.AnnouncedFps) : TimeSpan.Zero;
        _progress.BeginSegment(segment.Bytes, announced);
        _decoder = source is null ? null : new VideoDecoder(_segment, source, _plan.Fps, _pool, _lastAt, _progress);
        return problem;
    }

    private static string Digest(SegmentPlan segment, ref IFrameSource? source, ref string? problem)
    {
        try
        {
            return SegmentDigest.OfFiles(segment.Files);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            source?.Dispose();
            source = null;
            problem = $"cannot be read: {Shown.Line(e.Message)} Check the disk, or take it out of the folder.";
            return "";
        }
    }

    private SegmentEnd End(string? problem)
    {
        DateTimeOffset floor = _lastAt is { } last && last > _segment!.StartAt ? last : _segment!.StartAt;
        DateTimeOffset at = _decoder?.LastAt ?? floor;
        string? line = problem is null ? null : $"camera {_plan.Camera.Id}, '{Shown.Line(_segment.Ref)}': {problem}";
        SegmentEnd end = new(_segment, at, _decoder?.Decoded ?? 0, _decoder?.Analysed ?? 0, line);
        if (line is not null)
        {
            _progress.CountProblem();
        }

        if (_decoder is null or { IsCutOff: true })
        {
            _progress.CountDecodeError();
        }

        _progress.EndSegment(_plan.Segments[_ordinal].Bytes, at - (_decoder?.LastAt is null ? at : _segment.StartAt));
        _decoder?.Dispose();
        _decoder = null;
        _lastAt = at;
        _ordinal++;
        return end;
    }
}

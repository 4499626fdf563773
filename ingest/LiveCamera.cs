using System.Diagnostics;
using OpenCvSharp;

namespace Pipeline.Ingest;

/// <summary>
/// One stream: connects, reads on a thread of its own, connects again with growing pauses. Offers the newest frame only; the one before
/// that nobody took is given back and counted.
/// </summary>
internal sealed class LiveCamera(
    CameraPlan plan,
    IngestOptions options,
    Func<string, IFrameSource?> open,
    TimeProvider time,
    FramePool pool,
    CameraProgress progress,
    Action<LiveStatus> statusChanged,
    Action arrived,
    Action<TimeSpan, int>? worked = null)
{
    private readonly Lock _gate = new();
    private readonly Queue<LiveEnd> _ends = new();
    private LiveFrame? _newest;
    private LiveState? _state;
    private int _ordinal;

    /// <summary>Connects and reads until cancelled.</summary>
    internal async Task RunAsync(CancellationToken cancellationToken)
    {
        TimeSpan pause = options.ReconnectAfter;
        while (!cancellationToken.IsCancellationRequested)
        {
            bool gaveFrames = await Task.Factory.StartNew(
                () => Connect(cancellationToken), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            pause = gaveFrames ? options.ReconnectAfter : pause;
            try
            {
                await Task.Delay(pause, time, cancellationToken);
            }
            catch (OperationCanceledException)
            {
                return; // asked to stop
            }

            pause = gaveFrames ? pause : Min(pause * 2, options.ReconnectAtMost);
        }
    }

    /// <summary>What came since the last call: a connection's end first, else the newest frame; null when nothing did.</summary>
    internal LiveItem? TryTake()
    {
        lock (_gate)
        {
            if (_ends.Count > 0 && (_newest is null || _newest.Segment != _ends.Peek().Segment))
            {
                return _ends.Dequeue();
            }

            LiveFrame? newest = _newest;
            _newest = null;
            return newest;
        }
    }

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;

    private bool Connect(CancellationToken cancellationToken)
    {
        Segment? segment = null;
        long decoded = 0, analysed = 0, told = 0;
        using IFrameSource? source = Try(() => open(plan.Url!));
        using FrozenPicture frozen = new(options.FrozenAfter);
        long lastCell = -1;
        while (source is not null && !cancellationToken.IsCancellationRequested && Try(source.Grab))
        {
            DateTimeOffset at = time.GetUtcNow();
            if (segment is null)
            {
                segment = new Segment(
                    plan.Camera, StreamAddress.Kind(plan.Url!), plan.Camera.Id, _ordinal++, "", at, TimeSource.Arrival);
                progress.CountConnection();
            }

            decoded++;
            progress.CountDecoded();
            long cell = plan.Fps > 0 ? (long)Math.Floor((at - segment.StartAt).TotalSeconds * plan.Fps) : decoded;
            if (cell <= lastCell)
            {
                continue;
            }

            Mat picture = pool.Rent(source.Size);
            long start = Stopwatch.GetTimestamp();
            if (!Try(() => source.Retrieve(picture)))
            {
                progress.CountDecodeError();
                pool.Return(picture);
                continue;
            }

            worked?.Invoke(Stopwatch.GetElapsedTime(start), (int)(decoded - told));
            told = decoded;

            lastCell = cell;
            analysed++;
            progress.CountAnalysed();
            progress.Reach(at, at - segment.StartAt);
            Tell(frozen.IsFrozen(picture, at) ? LiveState.Degraded : LiveState.Online, "frozen", "frames keep coming but do not change");
            Offer(new LiveFrame(segment, at, decoded - 1, picture));
        }

        string shown = StreamAddress.Masked(plan.Url!);
        string problem = segment is null ? $"{shown} cannot be reached or gives no video" : $"{shown} ended or fell silent";
        if (segment is not null)
        {
            progress.EndSegment(bytes: 0, time.GetUtcNow() - segment.StartAt);
            Offer(new LiveEnd(segment, time.GetUtcNow(), decoded, analysed, $"camera {plan.Camera.Id}: {problem}. It is connected again."));
        }

        if (!cancellationToken.IsCancellationRequested)
        {
            progress.CountProblem();
            Tell(LiveState.Offline, segment is null ? "unreachable" : "ended", problem);
        }

        return segment is not null;
    }

    // A stream may break anywhere; that is a lost connection, not the end of the run.
    private static T? Try<T>(Func<T> step)
    {
        try
        {
            return step();
        }
        catch (OpenCVException)
        {
            return default;
        }
    }

    private void Offer(LiveItem item)
    {
        lock (_gate)
        {
            if (item is LiveFrame frame)
            {
                if (_newest is { } old)
                {
                    pool.Return(old.Picture);
                    progress.CountDropped();
                }

                _newest = frame;
            }
            else
            {
                _ends.Enqueue((LiveEnd)item);
            }
        }

        arrived();
    }

    private void Tell(LiveState state, string code, string message)
    {
        if (state == _state)
        {
            return;
        }

        _state = state;
        bool well = state == LiveState.Online;
        statusChanged(new LiveStatus(plan.Camera, state, time.GetUtcNow(), well ? null : code, well ? null : message));
    }
}

/// <summary>What a stream offers.</summary>
internal abstract record LiveItem(Segment Segment, DateTimeOffset At);

/// <summary>A frame.</summary>
internal sealed record LiveFrame(Segment Segment, DateTimeOffset At, long Number, Mat Picture) : LiveItem(Segment, At);

/// <summary>The end of a connection.</summary>
internal sealed record LiveEnd(Segment Segment, DateTimeOffset At, long Decoded, long Analysed, string Problem) : LiveItem(Segment, At);

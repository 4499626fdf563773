using System.Threading.Channels;

namespace Pipeline.Ingest;

/// <summary>Passes on what streams offer, as it comes: nobody waits for a camera that is silent.</summary>
internal static class LiveStage
{
    internal static async Task RunAsync(
        IngestPlan plan,
        IngestOptions options,
        IReadOnlyList<CameraProgress> progress,
        Action<LiveStatus>? statusChanged,
        TimeProvider time,
        FramePool pool,
        ChannelWriter<CameraItem> output,
        CancellationToken cancellationToken,
        Func<string, IFrameSource?>? open = null,
        Action<TimeSpan, int>? worked = null)
    {
        open ??= url => VideoSource.Stream(url, options.StreamTimeout);
        Channel<bool> arrivals = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        LiveCamera[] cameras =
        [
            .. plan.Cameras.Select((camera, i) => new LiveCamera(
                camera, options, open, time, pool, progress[i], statusChanged ?? (_ => { }), () => arrivals.Writer.TryWrite(true), worked)),
        ];
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task running = Task.WhenAll(cameras.Select(camera => WatchedAsync(camera, arrivals.Writer, stop.Token)));
        DateTimeOffset last = DateTimeOffset.MinValue;
        try
        {
            await foreach (bool _ in arrivals.Reader.ReadAllAsync(cancellationToken))
            {
                last = await PassOnAsync(cameras, pool, output, last, cancellationToken);
            }
        }
        finally
        {
            await stop.CancelAsync();
            await running;
            foreach (LiveFrame frame in cameras.Select(camera => camera.TryTake()).OfType<LiveFrame>())
            {
                pool.Return(frame.Picture);
            }
        }
    }

    // A fault of ours in one camera ends the stage; a lost connection does not come here.
    private static async Task WatchedAsync(LiveCamera camera, ChannelWriter<bool> arrivals, CancellationToken cancellationToken)
    {
        try
        {
            await camera.RunAsync(cancellationToken);
        }
        catch (Exception e)
        {
            arrivals.TryComplete(e);
            throw;
        }
    }

    private static async Task<DateTimeOffset> PassOnAsync(
        LiveCamera[] cameras, FramePool pool, ChannelWriter<CameraItem> output, DateTimeOffset last, CancellationToken cancellationToken)
    {
        bool any = true;
        while (any)
        {
            LiveItem[] items = [.. cameras.Select(camera => camera.TryTake()).OfType<LiveItem>()];
            any = items.Length > 0;
            foreach (LiveItem item in items.OrderBy(item => item.At)) // stable: ties stay in the order of camera ids
            {
                last = item.At > last ? item.At : last; // two threads read the clock: the stream of items goes forward all the same
                await output.WriteAsync(Made(item, last, pool), cancellationToken);
            }
        }

        return last;
    }

    private static CameraItem Made(LiveItem item, DateTimeOffset at, FramePool pool) => item switch
    {
        LiveFrame frame => new Frame(frame.Segment, frame.Number, at - frame.Segment.StartAt, at, frame.Picture, pool.Return),
        LiveEnd end => new SegmentEnd(end.Segment, at, end.Decoded, end.Analysed, end.Problem),
        _ => throw new InvalidOperationException($"{item.GetType().Name} is not passed on"),
    };
}

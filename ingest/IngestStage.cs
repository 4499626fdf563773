using System.Threading.Channels;

namespace Pipeline.Ingest;

/// <summary>First stage: the cameras of a plan in, their frames out, in capture-time order over all cameras, ties by camera id.</summary>
/// <param name="plan">Cameras, from <see cref="CameraFolders.Discover"/>.</param>
/// <param name="options">Settings.</param>
/// <param name="start">Where to go on, by camera id; cameras without an entry start at their beginning.</param>
/// <param name="time">Clock of streams; recordings have no use for one. Default: the system's.</param>
public sealed class IngestStage(
    IngestPlan plan, IngestOptions options, IReadOnlyDictionary<string, StartPosition>? start = null, TimeProvider? time = null)
{
    /// <summary>How far each camera is, in the order of the plan. May be read while the stage runs.</summary>
    public IReadOnlyList<CameraProgress> Progress { get; } =
        [.. plan.Cameras.Select(camera => new CameraProgress(camera.Camera, camera.Segments.Count, camera.Bytes))];

    /// <summary>Told when a stream is online, degraded or offline; called on the stream's own thread. Recordings have no such state.</summary>
    public Action<LiveStatus>? StatusChanged { get; init; }

    /// <summary>
    /// Told of work done: how long a decoder worked, and on how many frames, skipped ones counted. Called on the decoders' threads. Of a stream the
    /// conversion alone is told: its decoder waits for the camera.
    /// </summary>
    public Action<TimeSpan, int>? Worked { get; init; }

    /// <summary>Threads that decode: one for each core unless set, never more than are of use.</summary>
    public static int DecoderThreads(IngestOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.DecoderThreads > 0 ? options.DecoderThreads : Environment.ProcessorCount;
    }

    /// <summary>Runs until all recordings are read, or for streams until it is cancelled; then completes the output.</summary>
    public async Task RunAsync(ChannelWriter<CameraItem> output, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(output);
        Exception? failure = null;
        using FramePool pool = new();
        try
        {
            if (plan.Cameras.Any(camera => camera.Url is not null))
            {
                await LiveStage.RunAsync(plan, options, Progress, StatusChanged, time ?? TimeProvider.System, pool, output, cancellationToken, worked: Worked);
            }
            else
            {
                await ReadAsync(pool, output, cancellationToken);
            }
        }
        catch (Exception e)
        {
            failure = e;
            throw;
        }
        finally
        {
            output.TryComplete(failure);
        }
    }

    private async Task ReadAsync(FramePool pool, ChannelWriter<CameraItem> output, CancellationToken cancellationToken)
    {
        int threads = DecoderThreads(options);
        int threadsEach = Math.Max(1, threads / plan.Cameras.Count); // one camera alone decodes on all of them
        IEnumerable<CameraReader> readers = plan.Cameras.Select(
            (camera, i) => new CameraReader(camera, start?.GetValueOrDefault(camera.Camera.Id), threadsEach, pool, Progress[i]));
        await using DecoderPool decoders = new(readers, Math.Min(threads, plan.Cameras.Count), options.ReadAhead, Worked);
        while (await decoders.NextAsync(cancellationToken) is { } item)
        {
            try
            {
                await output.WriteAsync(item, cancellationToken); // waits while the next stage is behind
            }
            catch
            {
                (item as IDisposable)?.Dispose();
                throw;
            }
        }
    }
}

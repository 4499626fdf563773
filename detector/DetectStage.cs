using System.Collections.Concurrent;
using System.Threading.Channels;
using OpenCvSharp;
using Pipeline.Ingest;

namespace Pipeline.Detector;

/// <summary>How much the detector looked at of a camera.</summary>
/// <param name="Camera">Camera id.</param>
/// <param name="Analysed">Frames that it looked at.</param>
/// <param name="Rested">Frames on which it rested, since nothing moved and nobody was there.</param>
public sealed record DetectorActivity(string Camera, long Analysed, long Rested);

/// <summary>
/// Second stage: frames in, frames with their persons out, everything else passed on, all in the order of the input. Frames of all cameras
/// go through the detector in batches.
/// </summary>
/// <param name="detector">The detector; the stage does not dispose it.</param>
/// <param name="options">Settings without problems.</param>
public sealed class DetectStage(IPersonDetector detector, DetectorOptions options)
{
    private readonly ConcurrentDictionary<string, CameraGate> _gates = [];
    private readonly List<(CameraItem Item, IReadOnlyList<Box>? Regions)> _pending = [];
    private readonly List<Frame> _batch = [];
    private readonly List<IReadOnlyList<Box>> _regions = [];

    /// <summary>What was looked at so far, by camera id. May be read while the stage runs.</summary>
    public IReadOnlyList<DetectorActivity> Activity =>
    [
        .. _gates.OrderBy(gate => gate.Key, StringComparer.Ordinal).Select(gate => new DetectorActivity(gate.Key, gate.Value.Analysed, gate.Value.Rested)),
    ];

    /// <summary>Runs until the input is complete or the token is cancelled, then completes the output.</summary>
    /// <param name="input">Frames and marks of all cameras in capture-time order; frames pass into the stage's ownership.</param>
    /// <param name="output">Receives <see cref="DetectedFrame"/>s in place of frames, the rest as it came.</param>
    /// <param name="cancellationToken">Stops the stage.</param>
    public async Task RunAsync(ChannelReader<CameraItem> input, ChannelWriter<CameraItem> output, CancellationToken cancellationToken)
    {
        Exception? failure = null;
        try
        {
            while (await input.WaitToReadAsync(cancellationToken))
            {
                while (input.TryRead(out CameraItem? item))
                {
                    await TakeAsync(item, output, cancellationToken);
                }

                if (_batch.Exists(frame => frame.Camera.Kind == CameraKind.Live))
                {
                    await FlushAsync(output, cancellationToken); // a live picture does not wait for others
                }
            }

            await FlushAsync(output, cancellationToken);
        }
        catch (Exception e)
        {
            failure = e;
            throw;
        }
        finally
        {
            _pending.ForEach(pending => (pending.Item as Frame)?.Dispose());
            output.TryComplete(failure);
        }
    }

    // A batch closes by its frames alone: when it is full, or when the next frame was taken too late for it. That frame may then rely
    // on all results older than the span of a batch (CameraGate).
    private async Task TakeAsync(CameraItem item, ChannelWriter<CameraItem> output, CancellationToken cancellationToken)
    {
        if (_batch.Count == options.Batch || (_batch.Count > 0 && item.At - _batch[0].At >= options.BatchSpan))
        {
            await FlushAsync(output, cancellationToken);
        }

        IReadOnlyList<Box>? regions = null;
        if (item is Frame frame)
        {
            regions = _gates.GetOrAdd(frame.Camera.Id, _ => new CameraGate(options)).Decide(frame);
            if (regions is not null)
            {
                _batch.Add(frame);
                _regions.Add(regions);
            }
        }

        _pending.Add((item, regions));
        if (_batch.Count == 0)
        {
            await FlushAsync(output, cancellationToken); // nothing that this would have to wait for
        }
    }

    private async Task FlushAsync(ChannelWriter<CameraItem> output, CancellationToken cancellationToken)
    {
        IReadOnlyList<IReadOnlyList<Detection>> found = _batch.Count == 0 ? [] : Detect();
        int next = 0;
        int passed = 0;
        try
        {
            for (; passed < _pending.Count; passed++)
            {
                (CameraItem item, IReadOnlyList<Box>? regions) = _pending[passed];
                if (item is Frame frame)
                {
                    IReadOnlyList<Detection> persons = regions is null ? [] : found[next++];
                    if (regions is not null)
                    {
                        _gates[frame.Camera.Id].Report(frame, persons);
                    }

                    item = new DetectedFrame(frame, persons, rested: regions is null);
                }

                await output.WriteAsync(item, cancellationToken);
            }
        }
        finally
        {
            _pending.RemoveRange(0, passed); // what was not passed on is given back at the end
        }

        _batch.Clear();
        _regions.Clear();
    }

    private IReadOnlyList<IReadOnlyList<Detection>> Detect()
    {
        Mat[] pictures = [.. _batch.Select(frame => frame.Picture)];
        return detector is IRegionDetector inRegions ? inRegions.Detect(pictures, _regions) : detector.Detect(pictures);
    }
}

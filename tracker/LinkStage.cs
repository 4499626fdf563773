using System.Collections.Concurrent;
using System.Diagnostics;
using System.Threading.Channels;
using Pipeline.Reid;

namespace Pipeline.Tracker;

/// <summary>
/// Links tracklets across cameras. Clip features in; groups of decisions out, each of which is committed at once. Capture time is cut into
/// cells of one second: what becomes known in one cell is decided together when an item of a later cell arrives, or the input ends.
/// </summary>
/// <remarks>
/// The input must be complete only when the footage is at its end; to stop before that, cancel: a cell cut short would be decided
/// differently. Tracklets that the snapshot calls decided, and those that come twice, change nothing.
/// </remarks>
/// <param name="linker">Decides; holds the gallery.</param>
/// <param name="decided">Tracklets already decided (<see cref="GallerySnapshot.Decided"/>).</param>
public sealed class LinkStage(Linker linker, IReadOnlySet<Guid> decided)
{
    private readonly IReadOnlySet<Guid> _before = decided;
    private readonly HashSet<Guid> _decided = [.. decided];
    private readonly List<ClipFeature> _clips = [];
    private readonly List<SegmentCheckpoint> _checkpoints = [];
    private readonly List<CameraFinished> _finished = [];
    private readonly ConcurrentQueue<IReadOnlySet<Guid>> _forgotten = [];
    private DateTimeOffset _last;
    private long _cell = long.MinValue;
    private int _skipped;

    /// <summary>Tracklets that came and were decided before this stage began.</summary>
    public int Skipped => Volatile.Read(ref _skipped);

    /// <summary>Says that the store has forgotten tracklets; from the next decision on they are not known here either. From any thread.</summary>
    /// <param name="tracklets">The tracklets.</param>
    public void Forget(IReadOnlySet<Guid> tracklets) => _forgotten.Enqueue(tracklets);

    /// <summary>Told of work done: how long a group of decisions took, and how many tracklets it decided.</summary>
    public Action<TimeSpan, int>? Worked { get; init; }

    /// <summary>Runs until the input is complete or the token is cancelled, then completes the output.</summary>
    /// <param name="input">Clip features whose keys are <see cref="TrackerOutput"/>, by non-decreasing time.</param>
    /// <param name="output">Receives the groups in order; none is empty.</param>
    /// <param name="cancellationToken">Stops without deciding the open cell.</param>
    public async Task RunAsync(ChannelReader<ClipFeature> input, ChannelWriter<LinkGroup> output, CancellationToken cancellationToken)
    {
        Exception? failure = null;
        try
        {
            await foreach (ClipFeature clip in input.ReadAllAsync(cancellationToken))
            {
                TrackerOutput item = (TrackerOutput)clip.Key;
                long cell = DecisionCell.Of(item.At);
                if (cell > _cell && Close() is { } group)
                {
                    await output.WriteAsync(group, cancellationToken);
                }

                _cell = Math.Max(_cell, cell);
                Hold(clip, item);
            }

            if (Close() is { } last)
            {
                await output.WriteAsync(last, cancellationToken);
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

    private void Hold(ClipFeature clip, TrackerOutput item)
    {
        switch (item)
        {
            case Tracklet tracklet when _decided.Add(tracklet.Id):
                _clips.Add(clip);
                break;
            case Tracklet tracklet:
                _skipped += _before.Contains(tracklet.Id) ? 1 : 0;
                return;
            case SegmentCheckpoint checkpoint:
                _checkpoints.Add(checkpoint);
                break;
            case CameraFinished finished:
                _finished.Add(finished);
                break;
            default:
                return; // a watermark has done its work
        }

        _last = item.At > _last ? item.At : _last;
    }

    private LinkGroup? Close()
    {
        if (_clips.Count + _checkpoints.Count + _finished.Count == 0)
        {
            return null;
        }

        while (_forgotten.TryDequeue(out IReadOnlySet<Guid>? tracklets))
        {
            linker.Forget(tracklets);
        }

        long start = Stopwatch.GetTimestamp();
        IReadOnlyList<Link> links = linker.Decide(_clips);
        (IReadOnlyList<Correction> corrections, IReadOnlyList<PrototypeSet> prototypes) = linker.TakeCorrections();
        LinkGroup group = new(
            _last,
            links,
            [.. _checkpoints.OrderBy(one => one.Camera.Id, StringComparer.Ordinal).ThenBy(one => one.End.Segment.Ordinal)],
            [.. _finished.OrderBy(one => one.Camera.Id, StringComparer.Ordinal)])
        {
            Corrections = corrections,
            PrototypeSets = prototypes,
            Learned = linker.TakeLearned(),
        };
        Worked?.Invoke(Stopwatch.GetElapsedTime(start), _clips.Count);
        _clips.Clear();
        _checkpoints.Clear();
        _finished.Clear();
        return group;
    }
}

using System.Diagnostics;

namespace Pipeline.Ingest;

/// <summary>
/// Reads many cameras on few threads and merges them in capture-time order. A thread takes the camera that the merge needs most, reads one
/// item and puts the camera back; it never waits for room, so that any number of cameras goes with one thread.
/// </summary>
internal sealed class DecoderPool : IAsyncDisposable
{
    private readonly object _gate = new();
    private readonly List<Lane> _lanes;
    private readonly PriorityQueue<Lane, (int Buffered, DateTimeOffset Reached, int Index)> _turns = new();
    private readonly int _readAhead;
    private readonly Action<TimeSpan, int>? _worked;
    private readonly Task[] _threads;
    private TaskCompletionSource? _arrival;
    private Exception? _failure;
    private bool _stopped;

    internal DecoderPool(IEnumerable<CameraReader> readers, int threads, int readAhead, Action<TimeSpan, int>? worked)
    {
        _worked = worked;
        _lanes = [.. readers.Select((reader, index) => new Lane(reader, index))]; // by camera id: ties go to the lower index
        _readAhead = readAhead;
        lock (_gate)
        {
            _lanes.ForEach(Enqueue);
        }

        _threads = [.. Enumerable.Range(0, threads).Select(_ => Task.Factory.StartNew(
            Work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default))];
    }

    /// <summary>The next item over all cameras; null behind the last.</summary>
    internal async ValueTask<CameraItem?> NextAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task arrival;
            lock (_gate)
            {
                if (_failure is not null)
                {
                    throw new InvalidOperationException($"decoding failed: {_failure.Message}", _failure);
                }

                if (TryTake(out CameraItem? item))
                {
                    return item;
                }

                _arrival ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                arrival = _arrival.Task;
            }

            await arrival.WaitAsync(cancellationToken);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            _stopped = true;
            Monitor.PulseAll(_gate);
        }

        await Task.WhenAll(_threads);
        foreach (Lane lane in _lanes)
        {
            lane.Reader.Dispose();
            foreach (IDisposable item in lane.Items.OfType<IDisposable>())
            {
                item.Dispose();
            }
        }
    }

    // True with an item, and true with null behind the last; false while a camera's next item is not known.
    private bool TryTake(out CameraItem? item)
    {
        Lane? first = null;
        item = null;
        foreach (Lane lane in _lanes)
        {
            if (lane.Items.Count == 0)
            {
                if (!lane.Finished)
                {
                    return false;
                }
            }
            else if (first is null || lane.Items.Peek().At < first.Items.Peek().At)
            {
                first = lane;
            }
        }

        if (first is not null)
        {
            item = first.Items.Dequeue();
            if (first.Resting)
            {
                Enqueue(first);
            }
        }

        return true;
    }

    private void Enqueue(Lane lane)
    {
        lane.Resting = false;
        _turns.Enqueue(lane, (lane.Items.Count, lane.Reached, lane.Index));
        Monitor.Pulse(_gate);
    }

    private void Work()
    {
        while (TryTurn(out Lane? lane))
        {
            try
            {
                long start = Stopwatch.GetTimestamp(), before = lane!.Reader.Decoded;
                CameraItem? item = lane.Reader.Next();
                _worked?.Invoke(Stopwatch.GetElapsedTime(start), (int)(lane.Reader.Decoded - before));
                Deliver(lane, item);
            }
            catch (Exception e)
            {
                // A fault of ours: bad footage does not come here. It goes to whoever reads the merged items.
                lock (_gate)
                {
                    _failure ??= e;
                    _stopped = true;
                    Monitor.PulseAll(_gate);
                    _arrival?.TrySetResult();
                }
            }
        }
    }

    private bool TryTurn(out Lane? lane)
    {
        lock (_gate)
        {
            while (!_stopped && _turns.Count == 0)
            {
                Monitor.Wait(_gate);
            }

            lane = _stopped ? null : _turns.Dequeue();
            return lane is not null;
        }
    }

    private void Deliver(Lane lane, CameraItem? item)
    {
        lock (_gate)
        {
            lane.Finished = item is null;
            if (item is not null)
            {
                lane.Items.Enqueue(item);
                lane.Reached = item.At;
                if (lane.Items.Count < _readAhead)
                {
                    Enqueue(lane);
                }
                else
                {
                    lane.Resting = true;
                }
            }

            _arrival?.TrySetResult();
            _arrival = null;
        }
    }

    private sealed class Lane(CameraReader reader, int index)
    {
        internal CameraReader Reader { get; } = reader;

        internal int Index { get; } = index;

        internal Queue<CameraItem> Items { get; } = new();

        internal DateTimeOffset Reached { get; set; }

        internal bool Finished { get; set; }

        internal bool Resting { get; set; }
    }
}

using System.Collections.Concurrent;

namespace Pipeline.Reid.Data;

/// <summary>Prepares batches ahead of the training that uses them. The same bytes whatever the threads.</summary>
public sealed class BatchLoader
{
    private readonly PictureCache _cache;
    private readonly IReadOnlyList<int> _labels;
    private readonly Func<int, IReadOnlyList<int[]>> _epoch;
    private readonly Augmenter _augmenter;
    private readonly int _perLabel;
    private readonly int _threads;
    private readonly int _ahead;
    private readonly ConcurrentBag<float[]> _free = [];

    /// <summary>Puts the parts together.</summary>
    /// <param name="cache">The pictures.</param>
    /// <param name="labels">The class of every picture of the cache.</param>
    /// <param name="sampler">Which pictures make up a batch.</param>
    /// <param name="augmenter">What is done to them, and the form of the input.</param>
    /// <param name="threads">Threads that prepare, at least 1. Default 1.</param>
    /// <param name="ahead">Batches prepared ahead, at least 1. Default 4.</param>
    /// <exception cref="ArgumentException">The parts do not fit each other, or a number is below 1.</exception>
    public BatchLoader(PictureCache cache, IReadOnlyList<int> labels, IdentitySampler sampler, Augmenter augmenter, int threads = 1, int ahead = 4)
        : this(cache, labels, (sampler ?? throw new ArgumentNullException(nameof(sampler))).Epoch, 1, augmenter, threads, ahead)
    {
    }

    internal BatchLoader(
        PictureCache cache, IReadOnlyList<int> labels, Func<int, IReadOnlyList<int[]>> epoch, int perLabel, Augmenter augmenter, int threads, int ahead)
    {
        ArgumentNullException.ThrowIfNull(cache);
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(augmenter);
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(ahead, 1);
        if (labels.Count != cache.Count)
        {
            throw new ArgumentException($"{cache.Count} pictures, but {labels.Count} labels: make the labels from the pictures of the cache", nameof(labels));
        }

        if ((cache.Height, cache.Width) != (augmenter.Preprocessing.Height, augmenter.Preprocessing.Width)
            || (cache.MarginHeight, cache.MarginWidth) != (augmenter.MarginHeight, augmenter.MarginWidth))
        {
            throw new ArgumentException(
                $"pictures of {cache.Width}x{cache.Height} with {cache.MarginWidth}x{cache.MarginHeight} more, but the augmenter takes "
                + $"{augmenter.Preprocessing.Width}x{augmenter.Preprocessing.Height} with {augmenter.MarginWidth}x{augmenter.MarginHeight} more",
                nameof(augmenter));
        }

        (_cache, _labels, _epoch, _perLabel, _augmenter, _threads, _ahead) = (cache, labels, epoch, perLabel, augmenter, threads, ahead);
    }

    /// <summary>Batches of an epoch.</summary>
    /// <param name="epoch">Its number.</param>
    public int Steps(int epoch) => _epoch(epoch).Count;

    /// <summary>
    /// The batches of one epoch after the other, prepared on other threads, across the borders of epochs too. Blocks while the next is not ready.
    /// Dispose each batch. Preparing ends when the enumeration does.
    /// </summary>
    /// <param name="firstEpoch">Number of the first epoch.</param>
    /// <param name="epochs">How many epochs, at least 0.</param>
    /// <param name="firstStep">Batches passed over in the first epoch, when training goes on.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public IEnumerable<TrainingBatch> Read(int firstEpoch, int epochs, int firstStep = 0, CancellationToken cancellationToken = default)
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using BlockingCollection<TrainingBatch> ready = new(_ahead);
        Task preparing = Task.Factory.StartNew(
            () => Prepare(ready, firstEpoch, epochs, firstStep, stop.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        try
        {
            foreach (TrainingBatch batch in ready.GetConsumingEnumerable(cancellationToken))
            {
                yield return batch;
            }

            preparing.GetAwaiter().GetResult(); // it has ended: throws what it threw
        }
        finally
        {
            stop.Cancel();
            foreach (TrainingBatch left in ready.GetConsumingEnumerable(CancellationToken.None))
            {
                left.Dispose();
            }

            // Ended, for the collection is complete; what it threw was thrown above, or the reader has left.
            preparing.ContinueWith(t => t.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default).GetAwaiter().GetResult();
        }
    }

    private void Prepare(BlockingCollection<TrainingBatch> ready, int firstEpoch, int epochs, int firstStep, CancellationToken cancellationToken)
    {
        try
        {
            for (int epoch = firstEpoch; epoch < firstEpoch + epochs; epoch++)
            {
                IReadOnlyList<int[]> batches = _epoch(epoch);
                for (int step = epoch == firstEpoch ? firstStep : 0; step < batches.Count; step++)
                {
                    ready.Add(Prepare(epoch, step, batches[step], cancellationToken), cancellationToken);
                }
            }
        }
        finally
        {
            ready.CompleteAdding();
        }
    }

    private TrainingBatch Prepare(int epoch, int step, int[] pictures, CancellationToken cancellationToken)
    {
        int length = _augmenter.Length;
        if (!_free.TryTake(out float[]? images) || images.Length != pictures.Length * length)
        {
            images = GC.AllocateUninitializedArray<float>(pictures.Length * length);
        }

        ParallelOptions options = new() { MaxDegreeOfParallelism = _threads, CancellationToken = cancellationToken };
        Parallel.For(0, pictures.Length, options, i =>
            _augmenter.Write(_cache[pictures[i]], epoch, step, i / _perLabel, images.AsSpan(i * length, length)));
        long[] labels = new long[pictures.Length / _perLabel];
        for (int i = 0; i < labels.Length; i++)
        {
            labels[i] = _labels[pictures[i * _perLabel]];
        }

        return new TrainingBatch(epoch, step, images, labels, pictures, _free.Add);
    }
}

namespace Pipeline.Reid.Data;

/// <summary>
/// Prepares batches of clips ahead of the training of a clip network: P persons, K tracklets each, T consecutive pictures of every tracklet from a random
/// place. The same bytes whatever the threads.
/// </summary>
public sealed class ClipLoader
{
    private readonly IReadOnlyList<PictureTracklet> _tracklets;
    private readonly IdentitySampler _sampler;
    private readonly ulong _seed;
    private readonly BatchLoader _loader;

    /// <summary>Puts the parts together.</summary>
    /// <param name="cache">The pictures.</param>
    /// <param name="tracklets">Tracklets of its pictures, from <see cref="PictureTracklet.Of"/>.</param>
    /// <param name="labels">The class of every tracklet.</param>
    /// <param name="sampler">Which tracklets make up a batch, made of <paramref name="labels"/> (and the tracklets' cameras).</param>
    /// <param name="frames">T: pictures of a clip, at least 1.</param>
    /// <param name="augmenter">What is done to the pictures, and the form of the input. What is drawn is drawn once for a clip: one camera, one moment.</param>
    /// <param name="seed">Where the randomness of the places begins.</param>
    /// <param name="threads">Threads that prepare, at least 1. Default 1.</param>
    /// <param name="ahead">Batches prepared ahead, at least 1. Default 4.</param>
    /// <exception cref="ArgumentException">The parts do not fit each other, or a number is below 1.</exception>
    public ClipLoader(
        PictureCache cache,
        IReadOnlyList<PictureTracklet> tracklets,
        IReadOnlyList<int> labels,
        IdentitySampler sampler,
        int frames,
        Augmenter augmenter,
        ulong seed,
        int threads = 1,
        int ahead = 4)
    {
        ArgumentNullException.ThrowIfNull(cache);
        ArgumentNullException.ThrowIfNull(tracklets);
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(sampler);
        ArgumentOutOfRangeException.ThrowIfLessThan(frames, 1);
        if (labels.Count != tracklets.Count)
        {
            throw new ArgumentException($"{tracklets.Count} tracklets, but {labels.Count} labels", nameof(labels));
        }

        (_tracklets, _sampler, Frames, _seed) = (tracklets, sampler, frames, seed);
        int[] ofPicture = new int[cache.Count];
        Array.Fill(ofPicture, -1);
        foreach ((int index, PictureTracklet tracklet) in tracklets.Index())
        {
            foreach (int picture in tracklet.Pictures)
            {
                ofPicture[picture] = labels[index];
            }
        }

        _loader = new BatchLoader(cache, ofPicture, Clips, frames, augmenter, threads, ahead);
    }

    /// <summary>T: pictures of a clip.</summary>
    public int Frames { get; }

    /// <summary>Batches of an epoch.</summary>
    /// <param name="epoch">Its number.</param>
    public int Steps(int epoch) => _loader.Steps(epoch);

    /// <summary>The batches, as <see cref="BatchLoader.Read"/> gives them: B = P × K × T pictures, clip after clip, and P × K labels.</summary>
    /// <param name="firstEpoch">Number of the first epoch.</param>
    /// <param name="epochs">How many epochs, at least 0.</param>
    /// <param name="firstStep">Batches passed over in the first epoch, when training goes on.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public IEnumerable<TrainingBatch> Read(int firstEpoch, int epochs, int firstStep = 0, CancellationToken cancellationToken = default) =>
        _loader.Read(firstEpoch, epochs, firstStep, cancellationToken);

    private List<int[]> Clips(int epoch)
    {
        List<int[]> batches = [];
        foreach (int[] tracklets in _sampler.Epoch(epoch))
        {
            int[] pictures = new int[tracklets.Length * Frames];
            for (int i = 0; i < tracklets.Length; i++)
            {
                IReadOnlyList<int> own = _tracklets[tracklets[i]].Pictures;
                SeededRandom random = new(_seed, epoch, batches.Count, i);
                int begin = random.Below(ClipSampler.LastBegin(own.Count, Frames) + 1);
                foreach ((int t, int frame) in ClipSampler.Consecutive(own.Count, Frames, begin).Index())
                {
                    pictures[(i * Frames) + t] = own[frame];
                }
            }

            batches.Add(pictures);
        }

        return batches;
    }
}

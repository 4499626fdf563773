using Pipeline.Reid.Data;

namespace Pipeline.Reid.Training;

/// <summary>Where the batches of a stage come from: pictures, or clips of tracklets.</summary>
internal sealed class BatchSource
{
    private readonly BatchLoader? _pictures;
    private readonly ClipLoader? _clips;

    /// <summary>Puts sampler, augmentation and loader together.</summary>
    /// <param name="recipe">The recipe of the stage.</param>
    /// <param name="how">The form of the network's input.</param>
    /// <param name="cache">The pictures.</param>
    /// <param name="labels">Their classes.</param>
    /// <param name="seed">Where the randomness begins.</param>
    /// <param name="threads">Threads that prepare.</param>
    /// <exception cref="InvalidDataException">There are fewer people than a batch takes.</exception>
    public BatchSource(TrainingRecipe recipe, Preprocessing how, PictureCache cache, int[] labels, ulong seed, int threads)
    {
        BatchRecipe batch = recipe.Batch;
        IdentitySampler Sampler(IReadOnlyList<int> classes, IEnumerable<int> cameras) => new(
            classes, batch.People, batch.Pictures, seed, batch.Sampler, batch.AcrossCameras ? [.. cameras] : null, batch.StepsAnEpoch);
        Augmenter augmenter = new(recipe.Augmentation, how, seed, cache.MarginHeight, cache.MarginWidth);
        string unit = "pictures";
        IdentitySampler sampler;
        if (recipe.Clips.Frames > 0)
        {
            IReadOnlyList<PictureTracklet> tracklets = PictureTracklet.Of(cache.Pictures);
            int[] classes = [.. tracklets.Select(t => labels[t.Pictures[0]])];
            sampler = Sampler(classes, tracklets.Select(t => cache.Pictures[t.Pictures[0]].Camera));
            _clips = new ClipLoader(cache, tracklets, classes, sampler, recipe.Clips.Frames, augmenter, seed, threads);
            unit = $"clips of {recipe.Clips.Frames}";
        }
        else
        {
            sampler = Sampler(labels, cache.Pictures.Select(p => p.Camera));
            _pictures = new BatchLoader(cache, labels, sampler, augmenter, threads);
        }

        PicturesOfBatch = sampler.BatchSize * Math.Max(1, recipe.Clips.Frames);
        Summary = $"{cache.Count} pictures of {sampler.Identities.Count} people, {Steps(0)} batches of {sampler.BatchSize} {unit} an epoch";
    }

    /// <summary>Pictures that go through the network in a step.</summary>
    public int PicturesOfBatch { get; }

    /// <summary>What there is, for people.</summary>
    public string Summary { get; }

    /// <summary>Batches of an epoch.</summary>
    public int Steps(int epoch) => _pictures?.Steps(epoch) ?? _clips!.Steps(epoch);

    /// <summary>The batches from a place on, epoch after epoch.</summary>
    public IEnumerable<TrainingBatch> Read(int epoch, int step, CancellationToken cancellationToken)
    {
        const int endless = 1_000_000_000; // epochs; the clock says when it is enough
        return _pictures?.Read(epoch, endless, step, cancellationToken) ?? _clips!.Read(epoch, endless, step, cancellationToken);
    }
}

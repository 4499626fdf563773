using Pipeline.Reid.Data;
using Pipeline.Reid.Networks;
using Pipeline.Reid.Weights;

namespace Pipeline.Reid.Training;

/// <summary>
/// Measures the normalisations of a mean of weights (<see cref="WeightMean"/>) on batches like those of its parents' training: see <see cref="BatchStatistics"/>.
/// </summary>
/// <remarks>
/// Batches and pictures must be as in training. On rendered people as they are, none in other light or behind a veil, a network came out 2.6 points of mAP
/// worse on real ones than with the means of its parents' statistics.
/// As in training it gave the mean of four trainings far apart 6 points of rank-1, and cost that of two, of which one went on from the other, 1 of mAP (PKU dev): score both.
/// </remarks>
public sealed class MeanMeasurement
{
    /// <summary>Pictures that are kept in memory, at most: 350 MB at 192 x 96 with a margin to shift within.</summary>
    public const int MostPictures = 4096;

    private const int Batches = 32; // of 64: the error of a mean over them is far below what the means of parents are off

    private readonly ReidNetwork _network;
    private readonly WeightFile _mean;
    private readonly TrainingRecipe _recipe;
    private readonly LabelledPicture[] _pictures;

    /// <summary>Checks what is given, and chooses the people: drawn from the whole set, the same each time.</summary>
    /// <param name="mean">The mean.</param>
    /// <param name="recipe">The recipe of its parents; of it batches, clips, augmentation and seed are used.</param>
    /// <param name="folder">A data set; its training part is used.</param>
    /// <param name="layout">Its layout; <c>auto</c> to recognise it.</param>
    /// <exception cref="InvalidDataException">The set cannot be opened or is too small for a batch, or the normalisations were folded away.</exception>
    public MeanMeasurement(WeightFile mean, TrainingRecipe recipe, string folder, string layout)
    {
        ArgumentNullException.ThrowIfNull(mean);
        ArgumentNullException.ThrowIfNull(recipe);
        _mean = mean;
        _network = NetworkRecogniser.Recognise(mean);
        if (_network.Parts.OfType<BatchNorm>().FirstOrDefault(norm => FoldedNormalisations.IsFolded(mean.Tensors, norm)) is { } folded)
        {
            throw new InvalidDataException($"'{mean.Path}': {folded.Key} has no statistics: it was folded away, as in an ONNX file, or never trained. Take the mean of the trainings' own weights (.safetensors).");
        }

        _recipe = recipe with { Validation = recipe.Validation with { People = 0 } };
        TrainingData data = TrainingData.Open([folder], layout, null, _recipe);
        _pictures = Chosen(data.Train, _recipe.Batch.People);
        Notices = data.Notices;
    }

    /// <summary>What the user should know though nothing is wrong.</summary>
    public IReadOnlyList<string> Notices { get; }

    /// <summary>Measures. The same result each time on one machine.</summary>
    /// <param name="progress">Told how it stands.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="InvalidDataException">Too many pictures are unreadable, or a statistic is not finite.</exception>
    public WeightFile Measure(TrainingProgress progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(progress);
        PictureCache cache = Load(progress, cancellationToken);
        int[] labels = PersonLabels.Of(cache.Pictures, out _);
        BatchSource source = new(_recipe, _network.Preprocessing, cache, labels, (ulong)(uint)_recipe.Seed, Environment.ProcessorCount);
        using BatchStatistics statistics = new(_network, NetworkWeights.From(_network, _mean));
        int done = 0;
        foreach (TrainingBatch batch in source.Read(0, 0, cancellationToken).Take(Batches))
        {
            using (batch)
            {
                progress.Show(() => $"measuring normalisations: {done} of {Batches} batches");
                statistics.Add(batch.Images, source.PicturesOfBatch);
                done++;
            }
        }

        Dictionary<string, string> metadata = new(_mean.Metadata) { [WeightMean.NormalisationsKey] = $"measured on {done} batches of {source.PicturesOfBatch} pictures" };
        return _mean with { Tensors = statistics.Measured(), Metadata = metadata };
    }

    // Whole people, so that batches can be made up; at least one batch of them.
    private static LabelledPicture[] Chosen(IReadOnlyList<LabelledPicture> all, int atLeast)
    {
        ILookup<int, LabelledPicture> people = all.ToLookup(picture => picture.Person);
        int[] order = [.. people.Select(person => person.Key).Order()];
        new SeededRandom(0, 0).Shuffle(order.AsSpan());
        List<LabelledPicture> chosen = [];
        foreach ((int rank, int person) in order.Index())
        {
            if (rank >= atLeast && chosen.Count + people[person].Count() > MostPictures)
            {
                break;
            }

            chosen.AddRange(people[person]);
        }

        return [.. chosen];
    }

    private PictureCache Load(TrainingProgress progress, CancellationToken cancellationToken)
    {
        Preprocessing how = _network.Preprocessing;
        bool margin = _recipe.Augmentation.Translation is Translation.Margin or Translation.Enlarged;
        progress.Show(() => $"reading {_pictures.Length} pictures");
        PictureCache cache = PictureCache.Load(
            _pictures, how.Height, how.Width, margin ? how.Height / 8 : 0, margin ? how.Width / 8 : 0, how: how.Interpolation,
            mostUnreadable: _recipe.Batch.Unreadable, cancellationToken: cancellationToken);
        foreach (string skipped in cache.Skipped)
        {
            progress.Tell($"left out: {skipped}");
        }

        return cache;
    }
}

using System.Globalization;
using Pipeline.Reid.Data;
using Pipeline.Reid.Networks;
using Pipeline.Reid.Training;
using Pipeline.Reid.Weights;
using static TorchSharp.torch;

namespace Pipeline.Reid.Adapting;

/// <summary>
/// Fine-tunes a network on tracks that nobody has labelled: they are grouped by what the network sees now, the groups are learned as if they were people,
/// and again. People of a source, whose names are known, stay in the mix.
/// </summary>
/// <remarks>
/// Pseudo-labels from clusters as in Fan et al. 2018 (arXiv 1705.10444) and Song et al. 2018 (arXiv 1807.11334), renewed each epoch. The classifier begins anew
/// with them, at the mean feature of each person (<see cref="ImprintedClassifier"/>). Deterministic for a seed and a number of threads.
/// </remarks>
/// <param name="model">The network that is to be adapted.</param>
/// <param name="evidence">The site's tracks.</param>
/// <param name="source">People whose names are known, with some held out; null for none.</param>
/// <param name="options">How; its problems are the caller's to report.</param>
/// <param name="gpu">Where it is trained.</param>
/// <param name="progress">Told how it stands.</param>
public sealed class Adaptation(WeightFile model, SiteEvidence evidence, TrainingData? source, AdaptationOptions options, bool gpu, TrainingProgress progress)
{
    private readonly TrainingRecipe _recipe = options.Recipe();
    private readonly Device _device = gpu ? CUDA : CPU;

    /// <summary>Adapts.</summary>
    /// <param name="cancellationToken">Ends it; nothing is kept.</param>
    /// <exception cref="InvalidDataException">The network cannot be trained, or there are too few tracks to learn from or to judge by.</exception>
    /// <exception cref="TrainingException">The loss became NaN or infinite.</exception>
    public AdaptationResult Run(CancellationToken cancellationToken)
    {
        progress.Show(() => "reading pictures");
        ReidNetwork network = Bare(model);
        if (evidence.Learned.Count < AdaptationOptions.LeastTracks)
        {
            throw new InvalidDataException(
                $"too little to learn from: {evidence.Learned.Count} tracks, {AdaptationOptions.LeastTracks} are needed beside the {evidence.HeldOut.Count} held out. Record longer.");
        }

        LabelledPicture[] sourcePictures = [.. source is null ? [] : OfSource(source.Train)];
        PictureCache all = Load(network, [.. Pictures(evidence.Learned), .. sourcePictures], cancellationToken);
        PictureCache learned = Load(network, Pictures(evidence.Learned), cancellationToken);
        PictureCache held = Load(network, Pictures(evidence.HeldOut), cancellationToken);
        PictureCache? asked = source is { Query.Count: > 0 } ? Load(network, [.. source.Query, .. source.Gallery], cancellationToken) : null;
        int[] sourceClasses = PersonLabels.Of(all.Pictures, out int known); // pictures of the site have none

        progress.Show(() => $"describing {held.Count + learned.Count + (asked?.Count ?? 0)} pictures with the model as it is");
        IReadOnlyDictionary<string, WeightTensor> weights = MeasuredNormalisations.WhereFolded(network, NetworkWeights.From(network, model), () => all.Originals(CompactStart.MostPictures));
        SelfCheck before;
        float[] features;
        double sourceBefore;
        using (StageTrainer trainer = new(_recipe, network, weights, _device, (ulong)(uint)options.Seed))
        {
            before = Check(trainer.Embed(held, cancellationToken), held, network.FeatureLength);
            sourceBefore = asked is null ? 0 : ValidationRound.Of(trainer.Embed(asked, cancellationToken), asked, source!).MeanAveragePrecision;
            features = trainer.Embed(learned, cancellationToken);
        }

        List<AdaptationEpoch> epochs = [];
        SelfCheck after = before;
        double sourceAfter = sourceBefore;
        for (int epoch = 0; epoch < options.Epochs; epoch++)
        {
            int[] people = [.. evidence.Group(ByTrack(features, learned, evidence.Learned.Count, network.FeatureLength))];
            int[] labels = [.. all.Pictures.Select((picture, i) => picture.Person > 0 ? sourceClasses[i] : known + people[picture.Tracklet])];
            (ReidNetwork training, IReadOnlyDictionary<string, WeightTensor> start) = WithClasses(network, weights, known + people.Max() + 1);
            using StageTrainer trainer = new(_recipe, training, start, _device, (ulong)(uint)options.Seed);
            trainer.Imprint(all, labels, _ => { }, cancellationToken);
            (double first, double last) = Train(trainer, all, labels, epoch, cancellationToken);
            OrderedDictionary<string, WeightTensor> trained = trainer.Weights();
            weights = network.Tensors.ToDictionary(tensor => tensor.Name, tensor => trained[tensor.Name]);
            features = trainer.Embed(learned, cancellationToken);
            int joined = people.GroupBy(person => person).Where(group => group.Count() > 1).Sum(group => group.Count());
            epochs.Add(new AdaptationEpoch(people.Distinct().Count(), joined, first, last));
            progress.Tell(string.Create(
                CultureInfo.InvariantCulture,
                $"epoch {epoch + 1} of {options.Epochs}: {evidence.Learned.Count} tracks taken for {epochs[^1].People} people, loss {first:0.000} to {last:0.000}"));
            if (epoch + 1 == options.Epochs)
            {
                after = Check(trainer.Embed(held, cancellationToken), held, network.FeatureLength);
                sourceAfter = asked is null ? 0 : ValidationRound.Of(trainer.Embed(asked, cancellationToken), asked, source!).MeanAveragePrecision;
            }
        }

        return new AdaptationResult(
            network, weights, SelfCheckComparison.Of(before, after, asked is null ? null : sourceBefore - sourceAfter, options.Seed), epochs, evidence.Learned.Count, learned.Count,
            known, asked is null ? null : (sourceBefore, sourceAfter));
    }

    private static ReidNetwork Bare(WeightFile file)
    {
        ReidNetwork network = NetworkRecogniser.Recognise(file with { Tensors = Keys.WithoutClassifiers(file) });
        return network.Branches.Count == 1
            ? network
            : throw new InvalidDataException($"'{file.Path}': {network.Name} has {network.Branches.Count} classifiers, and adapting needs a network with one. Give another model.");
    }

    private static LabelledPicture[] Pictures(IReadOnlyList<SiteTrack> tracks) =>
        [.. tracks.SelectMany((track, number) => track.Crops.Select((path, i) => new LabelledPicture(path, 0, track.Camera, number, i)))];

    private static (ReidNetwork Network, IReadOnlyDictionary<string, WeightTensor> Weights) WithClasses(
        ReidNetwork network, IReadOnlyDictionary<string, WeightTensor> weights, int classes)
    {
        OrderedDictionary<string, WeightTensor> all = new(weights)
        {
            ["cls.weight"] = WeightTensor.Of([classes, network.FeatureLength], new float[classes * network.FeatureLength]),
        };
        Dictionary<string, string> size = new()
        {
            [ModelMetadata.InputHeight] = network.Height.ToString(CultureInfo.InvariantCulture), [ModelMetadata.InputWidth] = network.Width.ToString(CultureInfo.InvariantCulture),
        };
        return (NetworkRecogniser.Recognise(new WeightFile(network.Name, "memory", all, size)), all);
    }

    private static float[][] ByTrack(float[] features, PictureCache cache, int tracks, int length) =>
        [.. Split(features, cache, tracks, length).Select(own => TrackHalves.Of(own, length).Whole)];

    private static float[][] Split(float[] features, PictureCache cache, int tracks, int length)
    {
        List<float>[] own = [.. Enumerable.Range(0, tracks).Select(_ => new List<float>())];
        for (int i = 0; i < cache.Count; i++)
        {
            own[cache.Pictures[i].Tracklet].AddRange(features.AsSpan(i * length, length));
        }

        return [.. own.Select(list => list.ToArray())];
    }

    private SelfCheck Check(float[] features, PictureCache cache, int length) =>
        SelfCheck.Of([.. Split(features, cache, evidence.HeldOut.Count, length).Select(own => TrackHalves.Of(own, length))], evidence.HeldOutApart);

    private IEnumerable<LabelledPicture> OfSource(IReadOnlyList<LabelledPicture> train)
    {
        int[] people = [.. train.Select(picture => picture.Person).Distinct().Order()];
        SeededRandom random = new((ulong)(uint)options.Seed, -2);
        random.Shuffle(people.AsSpan());
        HashSet<int> chosen = [.. people.Take(options.SourcePeople)];
        int cameras = evidence.Learned.Max(track => track.Camera) + 1;
        return train.Where(picture => chosen.Contains(picture.Person)).Select(picture => picture with { Camera = cameras + picture.Camera, Tracklet = -1 });
    }

    private static PictureCache Load(ReidNetwork network, IReadOnlyList<LabelledPicture> pictures, CancellationToken cancellationToken) => PictureCache.Load(
        pictures, network.Height, network.Width, how: network.Preprocessing.Interpolation, mostUnreadable: 0, cancellationToken: cancellationToken);

    private (double First, double Last) Train(StageTrainer trainer, PictureCache cache, int[] labels, int epoch, CancellationToken cancellationToken)
    {
        MixedBatches batches = new(cache.Pictures, labels, options);
        Augmenter augmenter = new(_recipe.Augmentation, trainer.Definition.Preprocessing, (ulong)(uint)options.Seed, cache.MarginHeight, cache.MarginWidth);
        BatchLoader loader = new(cache, labels, batches.Epoch, 1, augmenter, threads: 1, ahead: 2);
        List<double> losses = [];
        foreach (TrainingBatch batch in loader.Read(epoch, 1, 0, cancellationToken))
        {
            using TrainingBatch held = batch;
            double done = ((epoch * options.Steps) + batch.Step) / (double)(options.Epochs * options.Steps);
            StepValues values = trainer.Step(batch, _recipe.Schedule.Share(epoch, done));
            if (!double.IsFinite(values.Loss))
            {
                throw new TrainingException(string.Create(
                    CultureInfo.InvariantCulture,
                    $"the loss of step {batch.Step + 1} of epoch {epoch + 1} is {values.Loss}: nothing is kept of this adaptation. Lower --learning-rate."));
            }

            losses.Add(values.Loss);
            int step = batch.Step + 1;
            progress.Show(() => string.Create(CultureInfo.InvariantCulture, $"{100 * done:0} %, epoch {epoch + 1} of {options.Epochs}, step {step} of {options.Steps}: loss {values.Loss:0.000}"));
        }

        int tenth = Math.Max(1, losses.Count / 10);
        return (losses.Take(tenth).Average(), losses.TakeLast(tenth).Average());
    }
}

using System.Globalization;
using Pipeline.Reid.Data;
using Pipeline.Reid.Networks;
using Pipeline.Reid.Weights;
using static TorchSharp.torch;

namespace Pipeline.Reid.Training;

/// <summary>Trains by a recipe, stage after stage, and leaves weights, a checkpoint and a log in a folder.</summary>
/// <param name="recipe">The recipe; its problems are the caller's to report.</param>
/// <param name="data">The pictures.</param>
/// <param name="options">Where and on what it runs.</param>
/// <param name="progress">Told how it stands.</param>
public sealed class TrainingSession(TrainingRecipe recipe, TrainingData data, TrainingOptions options, TrainingProgress progress)
{
    /// <summary>Name of the weight file in the output folder.</summary>
    public const string WeightsName = "weights.safetensors";

    private readonly string _weights = Path.Combine(options.Output, WeightsName);
    private readonly string _checkpoint = Path.Combine(options.Output, TrainingCheckpoint.FileName);
    private readonly Dictionary<(int Height, int Width, bool Margin, bool Asked), PictureCache> _caches = [];
    private readonly string _people = PersonLabels.Digest(data.Train);
    private TimeSpan _time;

    /// <summary>Trains.</summary>
    /// <param name="cancellationToken">Ends it after a step: what there is is saved, and can be gone on with.</param>
    /// <exception cref="InvalidDataException">Something given cannot be used: a start of another network, a checkpoint of another recipe, no GPU.</exception>
    /// <exception cref="TrainingException">The loss became NaN or infinite.</exception>
    /// <exception cref="IOException">Something could not be saved; what was saved before is still there.</exception>
    public async Task<TrainingResult> RunAsync(CancellationToken cancellationToken)
    {
        Device device = OpenDevice();
        TrainingCheckpoint? from = options.Resume ? Checkpoint() : null;
        int first = from?.Position.Stage ?? 0;
        Directory.CreateDirectory(options.Output);
        AtomicFile.RemoveLeftovers(_weights); // of a training that was killed while it saved: as large as the files
        AtomicFile.RemoveLeftovers(_checkpoint);
        using TrainingLog log = new(options.Output, first, from?.Position.Step ?? 0);
        List<int> steps = [.. log.Steps.GroupBy(s => s.Stage).Where(g => g.Key < first).Select(g => g.Max(s => s.Step))];
        for (int stage = first; stage < Math.Max(1, recipe.Stages.Count); stage++)
        {
            TrainingRecipe own = recipe.Stage(stage);
            PictureCache cache = Load(own, data.Train, asked: false, cancellationToken);
            int[] labels = PersonLabels.Of(cache.Pictures, out int classes);
            ReidNetwork network = own.Network.Create(classes, own.Clips.Shape);
            StartingWeights? start = stage == from?.Position.Stage ? null : await StartAsync(network, stage, cache, cancellationToken);
            StageRun run = new(own, stage, data, cache, labels, log, progress);
            using StageTrainer trainer = new(own, network, start?.Weights ?? NetworkWeights.Seeded(network), device, SeedOf(recipe, stage));
            if (start is null)
            {
                trainer.LoadState(from!.State, _checkpoint);
            }
            else if (own.Network.Imprinted && !own.Clips.HeadOnly && start.Taken.Count > 0 && network.Classifier is { } classifier && start.Untrained.Contains($"{classifier.Key}.weight"))
            {
                double described = 0;
                progress.Show(() => string.Create(CultureInfo.InvariantCulture, $"what the start says of each person, for the classifier to begin with: {100 * described:0} %"));
                trainer.Imprint(cache, labels, share => described = share, cancellationToken);
            }

            TrainingPosition position = stage == from?.Position.Stage ? from.Position : new TrainingPosition(stage, 0, 0, 0, TimeSpan.Zero);
            PictureCache? asked = data.Query.Count > 0 ? Load(own, [.. data.Query, .. data.Gallery], asked: true, cancellationToken) : null;
            TrainingPosition end = run.Train(trainer, position, asked, options, at => Save(trainer, own, at, log), cancellationToken);
            _time += end.Time - position.Time;
            steps.Add(end.Step);
            if (!run.Complete)
            {
                return Result(network, steps, log, complete: false);
            }

            if (stage + 1 == Math.Max(1, recipe.Stages.Count))
            {
                return Result(network, steps, log, complete: true);
            }
        }

        throw new InvalidDataException($"{_checkpoint}: of stage {first + 1}, but the recipe has {recipe.Stages.Count}. Give the recipe it was made with.");
    }

    private static ulong SeedOf(TrainingRecipe recipe, int stage) => ((ulong)(uint)recipe.Seed << 16) + (ulong)stage;

    private TrainingResult Result(ReidNetwork network, IReadOnlyList<int> steps, TrainingLog log, bool complete) => new(
        _weights, network.Name, steps, _time, log.Steps.Count > 0 ? log.Steps[^1].Loss : double.NaN, log.Scores.Count > 0 ? log.Scores[^1] : null, complete);

    private Device OpenDevice()
    {
        if (options.Gpu && !cuda.is_available())
        {
            throw new InvalidDataException("device: a GPU is asked for, but libtorch finds none (or was built without CUDA). Leave it out to train on the CPU.");
        }

        if (options.Threads > 0)
        {
            set_num_threads(options.Threads);
        }

        return options.Gpu ? CUDA : CPU;
    }

    private TrainingCheckpoint Checkpoint()
    {
        if (!File.Exists(_checkpoint))
        {
            throw new InvalidDataException($"'{_checkpoint}': nothing to go on with. Train without --resume first, or name the folder of a training.");
        }

        TrainingCheckpoint checkpoint = TrainingCheckpoint.Read(_checkpoint);
        checkpoint.RequireSame(_checkpoint, options.InForce);
        return checkpoint;
    }

    private PictureCache Load(TrainingRecipe own, IReadOnlyList<LabelledPicture> pictures, bool asked, CancellationToken cancellationToken)
    {
        bool margin = !asked && own.Augmentation.Translation is Translation.Margin or Translation.Enlarged;
        (int height, int width) = (own.Network.Height, own.Network.Width);
        if (_caches.TryGetValue((height, width, margin, asked), out PictureCache? loaded))
        {
            return loaded;
        }

        foreach ((int, int, bool, bool) other in _caches.Keys.Where(k => (k.Height, k.Width) != (height, width)).ToArray())
        {
            _caches.Remove(other); // a stage at another size is over
        }

        // The published recipes shift within an eighth more on each side.
        PictureCache cache = PictureCache.Load(
            pictures, height, width, margin ? height / 8 : 0, margin ? width / 8 : 0, progress: new Reading(progress, pictures.Count),
            how: own.Network.Create(0, null).Preprocessing.Interpolation, mostUnreadable: own.Batch.Unreadable, cancellationToken: cancellationToken);
        foreach (string skipped in cache.Skipped)
        {
            progress.Tell($"left out: {skipped}");
        }

        return _caches[(height, width, margin, asked)] = cache;
    }

    private async Task<StartingWeights> StartAsync(ReidNetwork network, int stage, PictureCache cache, CancellationToken cancellationToken)
    {
        ulong seed = SeedOf(recipe, stage);
        StartingWeights start = stage > 0
            ? StartingWeights.From(network, WeightFile.Read(_weights), seed, _people)
            : await StartingWeights.OfAsync(network, options.Start, () => cache.Originals(CompactStart.MostPictures), seed, _people, cancellationToken);
        foreach (string line in stage > 0 || options.Start is not null ? start.Describe() : ["untrained weights: nothing was given to start from"])
        {
            progress.Tell($"start: {line}");
        }

        return start;
    }

    private void Save(StageTrainer trainer, TrainingRecipe own, TrainingPosition at, TrainingLog log)
    {
        OrderedDictionary<string, WeightTensor> weights = trainer.Weights();
        if (weights.FirstOrDefault(w => w.Value.ToSingles().AsSpan().ContainsAnyExceptInRange(float.MinValue, float.MaxValue)).Key is { } broken)
        {
            throw new TrainingException($"{broken} is no longer finite after step {at.Step}: nothing was saved, {_checkpoint} is as it was. Lower optimiser.learning_rate.");
        }

        new TrainingCheckpoint(at, options.InForce, trainer.State()).Save(_checkpoint);
        TrainedNetwork.Save(_weights, trainer.Definition, weights, About(own, at));
        options.Saved?.Invoke(log);
    }

    private Dictionary<string, string> About(TrainingRecipe own, TrainingPosition at) => new(options.InForce.Select(r => KeyValuePair.Create($"recipe.{r.Key}", r.Value)))
    {
        ["precision"] = PrecisionChoice.IsBrief(own.Network.Precision, options.Gpu) ? "bf16" : "f32",
        ["steps"] = at.Step.ToString(CultureInfo.InvariantCulture),
        ["stage"] = at.Stage.ToString(CultureInfo.InvariantCulture),
        ["start"] = options.Start ?? "untrained",
        [StartingWeights.PeopleKey] = _people,
        ["training_pictures"] = data.Train.Count.ToString(CultureInfo.InvariantCulture),
        ["seed"] = own.Seed.ToString(CultureInfo.InvariantCulture),
    };

    /// <summary>Shows how far reading is.</summary>
    private sealed class Reading(TrainingProgress progress, int count) : IProgress<int>
    {
        public void Report(int value) => progress.Show(() => $"reading pictures: {value} of {count}");
    }
}

using Pipeline.Reid.Networks;
using Pipeline.Reid.Training;
using Pipeline.Reid.Training.Losses;
using Pipeline.Reid.Weights;
using static TorchSharp.torch;

namespace Pipeline.Tests.Networks;

[Collection("parity")]
public sealed class TrainingSessionTests : IDisposable
{
    private readonly Toy _toy;

    public TrainingSessionTests()
    {
        Libtorch.Require();
        _toy = new Toy();
    }

    public void Dispose() => _toy.Dispose();

    [SkippableFact]
    public async Task Two_trainings_with_one_seed_give_the_same_curve_and_the_same_weights()
    {
        await _toy.TrainAsync(Toy.Recipe, "a");
        await _toy.TrainAsync(Toy.Recipe, "b");

        Assert.Equal(6, _toy.Curve("a").Count);
        Assert.Equal(_toy.Curve("a"), _toy.Curve("b"));
        Assert.Equal(WeightBytes("a"), WeightBytes("b"));
    }

    [SkippableFact]
    public async Task Another_seed_gives_another_curve()
    {
        await _toy.TrainAsync(Toy.Recipe, "a");
        await _toy.TrainAsync(Toy.Recipe with { Seed = 4 }, "b");

        Assert.NotEqual(_toy.Curve("a"), _toy.Curve("b"));
    }

    [SkippableTheory]
    [InlineData(OptimiserKind.AdamW, 0.0005)]
    [InlineData(OptimiserKind.KerasAdam, 0)]
    [InlineData(OptimiserKind.Sgd, 0.0005)]
    public async Task A_training_that_was_stopped_goes_on_to_the_same_numbers(OptimiserKind kind, double decay)
    {
        TrainingRecipe recipe = Toy.Recipe with
        {
            Loss = new LossRecipe { CentreWeight = 0.0005, Triplet = TripletLossKind.Soft },
            Optimiser = new OptimiserRecipe { Kind = kind, WeightDecay = decay, LearningRate = 0.001, Average = 0.99, TrunkFactor = 0.3 },
            AdaptiveL2 = new AdaptiveL2Recipe { Enabled = true },
            Augmentation = new Reid.Data.AugmentationOptions { StyleProbability = 0.5 },
        };
        using CancellationTokenSource stop = new();
        void StopAtThird(TrainingLog log)
        {
            if (log.Steps.Count == 3)
            {
                stop.Cancel();
            }
        }

        await _toy.TrainAsync(recipe, "whole");
        TrainingResult stopped = await _toy.TrainAsync(recipe, "parts", saved: StopAtThird, cancellationToken: stop.Token);
        TrainingResult ended = await _toy.TrainAsync(recipe, "parts", resume: true);

        Assert.False(stopped.Complete);
        Assert.Equal([3], stopped.Steps);
        Assert.True(ended.Complete);
        Assert.Equal(_toy.Curve("whole"), _toy.Curve("parts"));
        Assert.Equal(WeightBytes("whole"), WeightBytes("parts"));
        Assert.Equal(File.ReadAllText(_toy.In("whole", "factors.csv")), File.ReadAllText(_toy.In("parts", "factors.csv")));
    }

    [SkippableFact]
    public async Task Stages_follow_each_other_and_each_starts_from_the_one_before()
    {
        TrainingRecipe recipe = Toy.Recipe with
        {
            Stages = [new StageRecipe { Steps = 2 }, new StageRecipe { Height = 96, Width = 48, Steps = 3, TrunkFactor = 0 }],
        };

        TrainingResult result = await _toy.TrainAsync(recipe, "out");

        Assert.Equal([2, 3], result.Steps);
        Assert.Equal([(0, 1), (0, 2), (1, 1), (1, 2), (1, 3)], _toy.Curve("out").Select(s => (s.Stage, s.Step)));
        WeightFile file = WeightFile.Read(result.Weights);
        Assert.Equal(96, NetworkRecogniser.Recognise(file).Height);
        Assert.Equal("6", file.Metadata["classes"]);
    }

    [SkippableFact]
    public async Task Clips_train_a_head_that_weighs_their_frames()
    {
        TrainingRecipe recipe = Toy.Recipe with
        {
            Batch = new BatchRecipe { People = 3, Pictures = 2, AcrossCameras = true }, Clips = new ClipRecipe { Frames = 2, Reduced = 4, Hidden = 8 },
            Loss = new LossRecipe { Identity = IdentityLoss.AmSoftmax },
        };

        TrainingResult result = await _toy.TrainAsync(recipe, "out");

        Assert.Contains("clip.temporal.weight", WeightFile.Read(result.Weights).Tensors.Keys);
        Assert.All(_toy.Curve("out"), s => Assert.True(double.IsFinite(s.Loss)));
    }

    [SkippableFact]
    public async Task A_head_for_clips_is_trained_alone_and_leaves_the_network_as_it_was()
    {
        TrainingRecipe recipe = Toy.Recipe with
        {
            Clips = new ClipRecipe { Frames = 2, Reduced = 4, Hidden = 8, HeadOnly = true },
            Loss = new LossRecipe { Triplet = TripletLossKind.Soft, Distance = TripletDistance.Cosine },
        };
        await _toy.TrainAsync(Toy.Recipe, "first");
        string start = _toy.In("first", TrainingSession.WeightsName);

        TrainingResult result = await _toy.TrainAsync(recipe, "out", start: start);

        OrderedDictionary<string, WeightTensor> before = WeightFile.Read(start).Tensors, after = WeightFile.Read(result.Weights).Tensors;
        string[] ofHead = [.. after.Keys.Where(name => name.StartsWith("clip.", StringComparison.Ordinal))];
        Assert.All(before.Keys.Where(name => !name.StartsWith("cls.", StringComparison.Ordinal)), name => Assert.Equal(before[name].Bytes.ToArray(), after[name].Bytes.ToArray()));
        Assert.Equal(6, ofHead.Length);
        Assert.Contains(ofHead, name => after[name].ToSingles().Any(value => value != 0));
        Assert.All(_toy.Curve("out"), step => Assert.InRange(step.Loss, 0.01, 2));
    }

    [SkippableFact]
    public async Task A_loss_that_is_no_number_ends_the_training_names_the_pictures_and_keeps_what_was_saved()
    {
        TrainingRecipe recipe = Toy.Recipe with
        {
            Loss = new LossRecipe { TripletWeight = 1e6 }, Optimiser = new OptimiserRecipe { Kind = OptimiserKind.Sgd, LearningRate = 10 },
        };
        List<byte[]> saved = [];

        TrainingException broken = await Assert.ThrowsAsync<TrainingException>(
            () => _toy.TrainAsync(recipe, "out", saved: _ => saved.Add(File.ReadAllBytes(_toy.In("out", TrainingCheckpoint.FileName)))));

        Assert.Contains("learning_rate", broken.Message, StringComparison.Ordinal);
        if (saved.Count > 0)
        {
            Assert.Equal(saved[^1], File.ReadAllBytes(_toy.In("out", TrainingCheckpoint.FileName)));
            Assert.All(WeightFile.Read(_toy.In("out", TrainingSession.WeightsName)).Tensors.Values, t => Assert.All(t.ToSingles(), v => Assert.True(float.IsFinite(v))));
        }
    }

    [SkippableFact]
    public async Task A_training_leaves_no_tensors_behind_after_a_step_or_at_its_end()
    {
        await _toy.TrainAsync(Toy.Recipe, "warm-up"); // the process's own constants
        GC.Collect(); // what earlier tests left
        GC.WaitForPendingFinalizers();
        long before = Tensor.TotalCount;
        List<long> alive = [];

        await _toy.TrainAsync(Toy.Recipe with { Optimiser = new OptimiserRecipe { Average = 0.99 } }, "out", saved: _ => alive.Add(Tensor.TotalCount));

        Assert.Single(alive.Skip(1).Distinct()); // upstream makes the optimiser's state in the first step
        Assert.Equal(before, Tensor.TotalCount);
    }

    [SkippableFact]
    public async Task Held_out_people_are_scored_on_the_way_and_never_learned_from()
    {
        TrainingRecipe recipe = Toy.Recipe with { Validation = new ValidationRecipe { People = 2, Times = 3 } };

        TrainingResult result = await _toy.TrainAsync(recipe, "out");
        TrainingData data = _toy.Open(recipe);

        Assert.Equal([2, 4, 6], TrainingLog.Read(_toy.In("out")).Scores.Select(s => s.Step));
        Assert.NotNull(result.Score);
        Assert.Empty(data.Train.Select(p => p.Person).Intersect(data.Query.Select(p => p.Person)));
        Assert.Equal(4, data.Query.Count); // two people, two cameras
        Assert.Equal("4", WeightFile.Read(result.Weights).Metadata["classes"]);
    }

    [SkippableFact]
    public async Task A_training_that_starts_from_weights_of_other_people_begins_with_a_classifier_of_these()
    {
        TrainingResult first = await _toy.TrainAsync(Toy.Recipe with { Schedule = new ScheduleRecipe { Steps = 1 } }, "first");
        TrainingRecipe others = Toy.Recipe with { Schedule = new ScheduleRecipe { Steps = 1 }, Validation = new ValidationRecipe { People = 2 } };

        await _toy.TrainAsync(others, "imprinted", start: first.Weights);
        await _toy.TrainAsync(others with { Network = others.Network with { Imprinted = false } }, "random", start: first.Weights);

        Assert.Equal(Math.Log(4), _toy.Curve("random")[0].Identity, 0.1); // it knows nothing of the four
        Assert.NotEqual(_toy.Curve("random")[0].Identity, _toy.Curve("imprinted")[0].Identity);
    }

    [Fact]
    public void An_imprinted_row_points_where_a_persons_features_do_and_is_as_long_as_sharpness_asks()
    {
        ImprintedClassifier classifier = new([0, 1, -1, 0], classes: 2, length: 4);

        int[] shown = [.. classifier.Batches().SelectMany(batch => batch)];
        classifier.Add([0, 1], [3, 0, 0, 0, 0, 2, 0, 0]);
        classifier.Add([3], [0, 3, 0, 0]);

        Assert.DoesNotContain(2, shown); // nobody's picture
        Assert.All(classifier.Batches(), batch => Assert.Equal(2, batch.Length)); // different people
        float part = 8 / MathF.Sqrt(2); // 16 / sqrt(4), in two equal parts
        Assert.All(classifier.Rows().Zip([part, part, 0, 0, 0, 8, 0, 0]), pair => Assert.Equal(pair.Second, pair.First, 0.001f));
    }

    [SkippableFact]
    public async Task A_checkpoint_of_another_network_is_refused()
    {
        await _toy.TrainAsync(Toy.Recipe, "out");

        InvalidDataException refused = await Assert.ThrowsAsync<InvalidDataException>(
            () => _toy.TrainAsync(Toy.Recipe with { Network = Toy.Recipe.Network with { Name = "baseline-compact" } }, "out", resume: true));

        Assert.Contains("not that of baseline-compact at 64 x 32", refused.Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task A_checkpoint_made_with_other_settings_is_refused_with_all_of_them()
    {
        await _toy.TrainAsync(Toy.Recipe, "out");

        InvalidDataException refused = await Assert.ThrowsAsync<InvalidDataException>(() => _toy.TrainAsync(Toy.Recipe with { Seed = 8 }, "out", resume: true));

        Assert.Contains("seed was 3, now 8", refused.Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task A_GPU_that_is_asked_for_and_absent_is_refused()
    {
        Skip.If(cuda.is_available(), "there is one");
        TrainingOptions options = new() { Output = _toy.In("out"), Gpu = true };

        InvalidDataException refused = await Assert.ThrowsAsync<InvalidDataException>(
            () => new TrainingSession(Toy.Recipe, _toy.Open(Toy.Recipe), options, new TrainingProgress()).RunAsync(CancellationToken.None));

        Assert.Contains("a GPU is asked for", refused.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_toy.In("out")));
    }

    private byte[] WeightBytes(string output) =>
        [.. WeightFile.Read(_toy.In(output, TrainingSession.WeightsName)).Tensors.Values.SelectMany(t => t.Bytes.ToArray())];
}

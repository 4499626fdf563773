using System.Globalization;
using Pipeline.Reid.Data;
using Pipeline.Reid.Evaluation;

namespace Pipeline.Reid.Training;

/// <summary>The loop of one stage: batches in, steps taken, logged, scored and saved on the way.</summary>
internal sealed class StageRun(
    TrainingRecipe recipe, int stage, TrainingData data, PictureCache cache, int[] labels, TrainingLog log, TrainingProgress progress)
{
    private TimeSpan _saved;
    private double _scored;
    private double _plotted;
    private int _lastSave;

    /// <summary>True when it ran to its end.</summary>
    public bool Complete { get; private set; }

    /// <summary>Trains.</summary>
    /// <param name="trainer">The network.</param>
    /// <param name="from">Where to begin.</param>
    /// <param name="asked">Queries, then gallery; null without validation.</param>
    /// <param name="options">How often to save, and threads.</param>
    /// <param name="save">Saves everything as of a position.</param>
    /// <param name="cancellationToken">Ends it after a step.</param>
    /// <returns>Where it ended.</returns>
    public TrainingPosition Train(
        StageTrainer trainer, TrainingPosition from, PictureCache? asked, TrainingOptions options, Action<TrainingPosition> save,
        CancellationToken cancellationToken)
    {
        ulong seed = ((ulong)(uint)recipe.Seed << 16) + (ulong)stage;
        BatchSource source = new(recipe, trainer.Definition.Preprocessing, cache, labels, seed, options.LoaderThreads);
        TrainingClock clock = new(recipe.Schedule, source.Steps(0), from.Step, from.Time);
        TrainingPosition at = from;
        (_saved, _lastSave) = (from.Time, from.Step);
        _scored = _plotted = clock.Progress;
        progress.Show(() => Line(clock, source));
        progress.Tell($"{trainer.Definition.Name} {trainer.Definition.Height}x{trainer.Definition.Width}: {source.Summary}");
        try
        {
            foreach (TrainingBatch batch in source.Read(from.Epoch, from.StepOfEpoch, cancellationToken))
            {
                using TrainingBatch held = batch;
                if (clock.Progress >= 1)
                {
                    Complete = true;
                    break;
                }

                clock.Start();
                double share = recipe.Schedule.Share(batch.Epoch, clock.Progress);
                StepValues values = trainer.Step(batch, share);
                clock.Count();
                Check(values, batch, clock, options);
                at = new TrainingPosition(stage, clock.Steps, batch.Epoch, batch.Step + 1, clock.Time);
                log.Add(new TrainingStep(
                    stage, at.Step, at.Epoch, clock.Time.TotalSeconds, share * recipe.Optimiser.LearningRate, values.Loss, values.Identity, values.Triplet,
                    values.Regularisation, values.Accuracy));
                LogFactors(trainer, at, clock);
                if (asked is not null && ScoreIsDue(clock, source, batch))
                {
                    clock.Stop();
                    Score(trainer, asked, at, cancellationToken);
                    progress.Show(() => Line(clock, source));
                    clock.Start();
                }

                if (clock.Time - _saved >= options.SaveEvery)
                {
                    clock.Stop();
                    Save(save, at);
                    clock.Start();
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            progress.Tell("stopping: what there is is saved; --resume goes on from here");
        }

        clock.Stop();
        if (Complete && asked is not null && (log.Scores.Count == 0 || log.Scores[^1].Step != at.Step || log.Scores[^1].Stage != stage))
        {
            Score(trainer, asked, at, cancellationToken);
        }

        Save(save, at);
        return at;
    }

    private void Save(Action<TrainingPosition> save, TrainingPosition at)
    {
        save(at);
        (_saved, _lastSave) = (at.Time, at.Step);
    }

    private void Check(StepValues values, TrainingBatch batch, TrainingClock clock, TrainingOptions options)
    {
        if (double.IsFinite(values.Loss))
        {
            return;
        }

        string pictures = string.Join(", ", batch.Pictures.Select(p => $"'{cache.Pictures[p].Path}'"));
        string kept = _lastSave > 0 ? $"{Path.Combine(options.Output, TrainingCheckpoint.FileName)} is that of step {_lastSave}" : "nothing was saved before";
        throw new TrainingException(
            $"the loss of step {clock.Steps} (epoch {batch.Epoch}, batch {batch.Step}) is {values.Loss.ToString(CultureInfo.InvariantCulture)}: training ends here, {kept}. "
            + $"Lower optimiser.learning_rate, train in f32, or look at the batch's pictures: {pictures}");
    }

    private void LogFactors(StageTrainer trainer, TrainingPosition at, TrainingClock clock)
    {
        // Two hundred points make a curve, whatever the length.
        bool due = at.Step == 1 || Math.Floor(clock.Progress * 200) > Math.Floor(_plotted * 200);
        if (due && trainer.Factors() is { Count: > 0 } factors)
        {
            _plotted = clock.Progress;
            log.Add([.. factors.Select(f => f.Name)], new RegularisationFactors(stage, at.Step, [.. factors.Select(f => (float)f.Factor)]));
        }
    }

    private bool ScoreIsDue(TrainingClock clock, BatchSource source, TrainingBatch batch)
    {
        if (recipe.Validation.Epochs > 0)
        {
            return batch.Step + 1 == source.Steps(batch.Epoch) && (batch.Epoch + 1) % recipe.Validation.Epochs == 0;
        }

        // The one at the very end is taken there.
        bool due = recipe.Validation.Times > 0 && clock.Progress < 1
            && Math.Floor(clock.Progress * recipe.Validation.Times) > Math.Floor(_scored * recipe.Validation.Times);
        _scored = clock.Progress;
        return due;
    }

    private void Score(StageTrainer trainer, PictureCache asked, TrainingPosition at, CancellationToken cancellationToken)
    {
        progress.Show(() => $"step {at.Step}: scoring {asked.Count} pictures");
        RetrievalMetrics metrics = ValidationRound.Of(trainer.Embed(asked, cancellationToken), asked, data);
        ValidationScore score = new(stage, at.Step, metrics.Cmc[0], metrics.MeanAveragePrecision);
        log.Add(score);
        progress.Tell(string.Create(
            CultureInfo.InvariantCulture,
            $"step {at.Step}: rank-1 {100 * score.Rank1:0.0}, mAP {100 * score.MeanAveragePrecision:0.0} on {metrics.ValidQueries} queries"));
    }

    private string Line(TrainingClock clock, BatchSource source)
    {
        if (log.Steps.Count == 0)
        {
            return "first step";
        }

        TrainingStep last = log.Steps[^1];
        string left = clock.Left is { } time ? $", {(int)time.TotalHours}:{time:mm\\:ss} left" : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{100 * clock.Progress:0} %, step {last.Step}, epoch {last.Epoch}: loss {last.Loss:0.000}, "
            + $"accuracy {100 * last.Accuracy:0} %, rate {last.LearningRate:0.0e+0}, {clock.Speed * source.PicturesOfBatch:0} pictures/s{left}");
    }
}

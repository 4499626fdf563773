using Pipeline.Reid.Data;
using Pipeline.Reid.Training;

namespace Pipeline.Reid.Adapting;

/// <summary>How a model is fine-tuned on a site's own recordings.</summary>
public sealed record AdaptationOptions
{
    /// <summary>Mean average precision on people of the source that may be lost, as a share: beyond it the model has forgotten more than it learned.</summary>
    public const double MostForgotten = 0.02;

    /// <summary>Tracks to learn from that are needed at least.</summary>
    public const int LeastTracks = 8;

    /// <summary>People of the source who are held out to see what is forgotten.</summary>
    public const int SourceHeldOut = 64;

    /// <summary>Where all randomness begins. Default 0.</summary>
    public int Seed { get; init; }

    /// <summary>Times that everybody is grouped anew, 1 to 100. Default 4.</summary>
    public int Epochs { get; init; } = 4;

    /// <summary>Steps between two groupings, 1 to 100000. Default 50.</summary>
    public int Steps { get; init; } = 50;

    /// <summary>People of the site in a batch, and as many of the source, 2 to 64. Default 8.</summary>
    public int People { get; init; } = 8;

    /// <summary>Pictures of each, 2 to 16. Default 4.</summary>
    public int Pictures { get; init; } = 4;

    /// <summary>Learning rate at its highest, above 0 to 0.01. Default 0.0001.</summary>
    public double LearningRate { get; init; } = 0.0001;

    /// <summary>Share of a camera's tracks, the latest, that are never learned from and judge the result, 0.1 to 0.9. Default 0.3.</summary>
    public double HeldOut { get; init; } = 0.3;

    /// <summary>People of the source that stay in the mix at most, 2 to 100000. Default 256.</summary>
    public int SourcePeople { get; init; } = 256;

    /// <summary>Every rule these values break, each as key and "allowed, got"; empty when they are valid.</summary>
    public IEnumerable<(string Key, string Problem)> Problems()
    {
        foreach ((string key, int value, int least, int most) in new[]
        {
            ("epochs", Epochs, 1, 100), ("steps", Steps, 1, 100_000), ("people", People, 2, 64), ("pictures", Pictures, 2, 16), ("source-people", SourcePeople, 2, 100_000),
        })
        {
            if (value < least || value > most)
            {
                yield return (key, $"{least} to {most}, got {value}");
            }
        }

        if (LearningRate is not (> 0 and <= 0.01))
        {
            yield return ("learning-rate", FormattableString.Invariant($"above 0, 0.01 at most, got {LearningRate}"));
        }

        if (HeldOut is not (>= 0.1 and <= 0.9))
        {
            yield return ("held-out", FormattableString.Invariant($"0.1 to 0.9, got {HeldOut}"));
        }
    }

    /// <summary>What a step does: real pictures need less light and colour changed than rendered ones, for the site's own are what is wanted.</summary>
    internal TrainingRecipe Recipe() => new()
    {
        Seed = Seed,
        Batch = new BatchRecipe { People = People, Pictures = Pictures },
        Augmentation = new AugmentationOptions { Translation = Translation.Padded, Padding = 6, ContrastMin = 0.85, ContrastMax = 1.15, LightMin = 0.85, LightMax = 1.15, BlurProbability = 0.2 },
        Optimiser = new OptimiserRecipe { LearningRate = LearningRate },
        Schedule = new ScheduleRecipe { Steps = Epochs * Steps, WarmUp = 0.1 },
    };
}

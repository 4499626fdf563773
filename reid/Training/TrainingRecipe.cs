using Pipeline.Reid.Data;

namespace Pipeline.Reid.Training;

/// <summary>How a network is trained: everything but the pictures, the output folder and the machine. A recipe file is this record in YAML.</summary>
public sealed record TrainingRecipe
{
    /// <summary>Where all randomness begins: weights, order of pictures, augmentation. Default 0.</summary>
    public int Seed { get; init; }

    /// <summary>The network.</summary>
    public NetworkRecipe Network { get; init; } = new();

    /// <summary>How batches are made up.</summary>
    public BatchRecipe Batch { get; init; } = new();

    /// <summary>Training on clips.</summary>
    public ClipRecipe Clips { get; init; } = new();

    /// <summary>What is done to pictures on the way.</summary>
    public AugmentationOptions Augmentation { get; init; } = new();

    /// <summary>What is minimised.</summary>
    public LossRecipe Loss { get; init; } = new();

    /// <summary>How weights move.</summary>
    public OptimiserRecipe Optimiser { get; init; } = new();

    /// <summary>How long, and the learning rate over that time.</summary>
    public ScheduleRecipe Schedule { get; init; } = new();

    /// <summary>Regularisation with factors that are learned.</summary>
    public AdaptiveL2Recipe AdaptiveL2 { get; init; } = new();

    /// <summary>Scores on the way.</summary>
    public ValidationRecipe Validation { get; init; } = new();

    /// <summary>Trainings one after the other, each beginning where the one before ended; what a stage leaves out is as above. Default: one.</summary>
    public IReadOnlyList<StageRecipe> Stages { get; init; } = [];

    /// <summary>Every rule these values break, of all sections; the key is empty where two do not go together.</summary>
    public IEnumerable<(string Key, string Problem)> Problems()
    {
        int stages = Math.Max(1, Stages.Count);
        foreach ((string key, string problem) in Network.Problems().Concat(Batch.Problems()).Concat(Clips.Problems()).Concat(Augmentation.Problems()).Concat(Loss.Problems())
            .Concat(Optimiser.Problems()).Concat(Schedule.Problems()).Concat(AdaptiveL2.Problems()).Concat(Validation.Problems()))
        {
            yield return (key, problem);
        }

        for (int i = 0; i < Stages.Count; i++)
        {
            foreach ((string key, string problem) in Stages[i].Problems())
            {
                yield return ($"stages[{i}].{key}", problem);
            }
        }

        for (int i = 0; i < stages; i++)
        {
            TrainingRecipe stage = Stage(i);
            if (stage.Network.Misfit() is { } misfit)
            {
                yield return (Stages.Count == 0 ? "network.name" : $"stages[{i}]", misfit);
            }

            if (stage.Loss.Identity == IdentityLoss.AmSoftmax && stage.Network.Misfit() is null && stage.Network.Create(2, null).Branches.Count > 1)
            {
                yield return ("loss.identity", $"cross_entropy with {stage.Network.Name}, which has several classifiers, got am_softmax");
            }

            if (stage.Clips.HeadOnly && stage.Loss.Triplet == TripletLossKind.None)
            {
                yield return ("loss.triplet", "margin or soft with clips.head_only, which learns by nothing else, got none");
            }

            if (!stage.Schedule.HasLength)
            {
                yield return (Stages.Count == 0 ? "schedule.epochs" : $"stages[{i}]", "epochs, steps or minutes are needed, got none");
            }
        }
    }

    /// <summary>The recipe of one stage: without stages, with the stage's own values in place.</summary>
    /// <param name="index">From 0; 0 is all there is when no stages are given.</param>
    public TrainingRecipe Stage(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Math.Max(1, Stages.Count));
        return Stages.Count == 0 ? this : Stages[index].Over(this) with { Stages = [] };
    }
}

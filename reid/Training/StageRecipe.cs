namespace Pipeline.Reid.Training;

/// <summary>What one of several trainings in a row has of its own; what is left out is the recipe's.</summary>
public sealed record StageRecipe
{
    /// <summary>Network.</summary>
    public string? Name { get; init; }

    /// <summary>Rows of the input.</summary>
    public int? Height { get; init; }

    /// <summary>Columns of the input.</summary>
    public int? Width { get; init; }

    /// <summary>Length in epochs.</summary>
    public int? Epochs { get; init; }

    /// <summary>Length in steps.</summary>
    public int? Steps { get; init; }

    /// <summary>Length in minutes.</summary>
    public double? Minutes { get; init; }

    /// <summary>Learning rate at its highest.</summary>
    public double? LearningRate { get; init; }

    /// <summary>The trunk's learning rate as a share of the others'; 0 leaves it as it is.</summary>
    public double? TrunkFactor { get; init; }

    /// <summary>True when the stage has a length of its own.</summary>
    public bool HasLength => Epochs is not null || Steps is not null || Minutes is not null;

    /// <summary>The recipe with these values in place; a length given here replaces one of any unit.</summary>
    internal TrainingRecipe Over(TrainingRecipe recipe)
    {
        ScheduleRecipe schedule = recipe.Schedule;
        return recipe with
        {
            Network = recipe.Network with
            {
                Name = Name ?? recipe.Network.Name, Height = Height ?? recipe.Network.Height, Width = Width ?? recipe.Network.Width,
            },
            Optimiser = recipe.Optimiser with
            {
                LearningRate = LearningRate ?? recipe.Optimiser.LearningRate, TrunkFactor = TrunkFactor ?? recipe.Optimiser.TrunkFactor,
            },
            Schedule = HasLength ? schedule with { Epochs = Epochs ?? 0, Steps = Steps ?? 0, Minutes = Minutes ?? 0 } : schedule,
        };
    }

    /// <summary>Every rule these values break; the keys are without the place of the stage.</summary>
    internal IEnumerable<(string Key, string Problem)> Problems()
    {
        TrainingRecipe alone = Over(new TrainingRecipe());
        foreach ((string key, string problem) in alone.Network.Problems().Concat(alone.Optimiser.Problems()).Concat(alone.Schedule.Problems()))
        {
            yield return (key[(key.IndexOf('.', StringComparison.Ordinal) + 1)..], problem);
        }
    }
}

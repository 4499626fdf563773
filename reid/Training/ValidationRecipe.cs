namespace Pipeline.Reid.Training;

/// <summary>Scores on the way, on people that are not trained on.</summary>
public sealed record ValidationRecipe
{
    /// <summary>People of the training set that are held out for it, 0 to 100000; 0, the default: none. Not used beside a set given for it.</summary>
    public int People { get; init; }

    /// <summary>Times that scores are taken, evenly over the length, 0 to 10000; the last at the end. Default 4. Not used where epochs are given.</summary>
    public int Times { get; init; } = 4;

    /// <summary>Epochs between two scores; 0, the default: not given.</summary>
    public int Epochs { get; init; }

    /// <summary>Every rule these values break, each as key and "allowed, got"; empty when they are valid.</summary>
    public IEnumerable<(string Key, string Problem)> Problems()
    {
        if (People is < 0 or > 100_000 or 1)
        {
            yield return ("validation.people", $"0 or 2 to 100000 people, got {People}");
        }

        if (Times is < 0 or > 10_000)
        {
            yield return ("validation.times", $"0 to 10000, got {Times}");
        }

        if (Epochs is < 0 or > 1_000_000)
        {
            yield return ("validation.epochs", $"0 to 1000000, got {Epochs}");
        }
    }
}

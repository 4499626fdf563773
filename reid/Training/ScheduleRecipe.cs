namespace Pipeline.Reid.Training;

/// <summary>How the learning rate falls.</summary>
public enum ScheduleKind
{
    /// <summary>Half a cosine over the whole length, set anew at every step.</summary>
    Cosine,

    /// <summary>By a factor at given epochs, set when an epoch begins.</summary>
    Steps,
}

/// <summary>How long a training lasts, and the learning rate over that time.</summary>
public sealed record ScheduleRecipe
{
    /// <summary>Length in epochs; 0, the default: not given.</summary>
    public int Epochs { get; init; }

    /// <summary>Length in steps; goes before epochs. 0, the default: not given.</summary>
    public int Steps { get; init; }

    /// <summary>
    /// Length in minutes of training time; goes before the others. How many steps that were is written down: with so many steps instead of
    /// minutes the training can be repeated. 0, the default: not given.
    /// </summary>
    public double Minutes { get; init; }

    /// <summary>How the learning rate falls. Default cosine, which needs no epochs.</summary>
    public ScheduleKind Kind { get; init; }

    /// <summary>Cosine: share of the length in which the rate climbs, 0 to 0.5. Default 0.05.</summary>
    public double WarmUp { get; init; } = 0.05;

    /// <summary>Share of the full rate at which the climb begins, 0 to 1. Default 0.1.</summary>
    public double WarmUpFrom { get; init; } = 0.1;

    /// <summary>Share of the full rate below which it never falls, 0 to 1. Default 0.</summary>
    public double Floor { get; init; }

    /// <summary>Steps: epochs in which the rate climbs, epoch 0 with the lowest. Default 0.</summary>
    public int WarmUpEpochs { get; init; }

    /// <summary>Steps: the last epoch of the climb has the full rate; else the first epoch after it. Default false.</summary>
    public bool WarmUpReaches { get; init; }

    /// <summary>Steps: epochs, from 0, with which the rate falls. Default none.</summary>
    public IReadOnlyList<int> FallsAt { get; init; } = [];

    /// <summary>Steps: what the rate is multiplied with at each fall, above 0 to 1. Default 0.1.</summary>
    public double FallsBy { get; init; } = 0.1;

    /// <summary>True when a length is given.</summary>
    internal bool HasLength => Epochs > 0 || Steps > 0 || Minutes > 0;

    /// <summary>Every rule these values break, each as key and "allowed, got"; empty when they are valid.</summary>
    public IEnumerable<(string Key, string Problem)> Problems()
    {
        if (Epochs is < 0 or > 1_000_000)
        {
            yield return ("schedule.epochs", $"0 to 1000000, got {Epochs}");
        }

        if (Steps is < 0 or > 100_000_000)
        {
            yield return ("schedule.steps", $"0 to 100000000, got {Steps}");
        }

        if (Minutes is not (>= 0 and <= 1e6))
        {
            yield return ("schedule.minutes", FormattableString.Invariant($"0 to 1000000, got {Minutes}"));
        }

        if (!Enum.IsDefined(Kind))
        {
            yield return ("schedule.kind", $"cosine or steps, got {(int)Kind}");
        }

        if (WarmUp is not (>= 0 and <= 0.5))
        {
            yield return ("schedule.warm_up", FormattableString.Invariant($"0 to 0.5 of the length, got {WarmUp}"));
        }

        if (WarmUpFrom is not (>= 0 and <= 1))
        {
            yield return ("schedule.warm_up_from", FormattableString.Invariant($"0 to 1, got {WarmUpFrom}"));
        }

        if (Floor is not (>= 0 and <= 1))
        {
            yield return ("schedule.floor", FormattableString.Invariant($"0 to 1, got {Floor}"));
        }

        if (WarmUpEpochs is < 0 or > 1_000_000)
        {
            yield return ("schedule.warm_up_epochs", $"0 to 1000000, got {WarmUpEpochs}");
        }

        if (FallsBy is not (> 0 and <= 1))
        {
            yield return ("schedule.falls_by", FormattableString.Invariant($"above 0, 1 at most, got {FallsBy}"));
        }

        if (FallsAt.Any(e => e < 1) || !FallsAt.SequenceEqual(FallsAt.Distinct().Order()))
        {
            yield return ("schedule.falls_at", $"epochs above 0 in rising order, got {string.Join(", ", FallsAt)}");
        }
    }

    /// <summary>The learning rate as a share of the full one.</summary>
    /// <param name="epoch">Epoch, from 0.</param>
    /// <param name="progress">How much of the length is done, 0 to 1.</param>
    public double Share(int epoch, double progress) => Math.Max(Floor, Kind == ScheduleKind.Cosine ? Cosine(progress) : Stepped(epoch));

    private double Cosine(double progress)
    {
        double climb = WarmUp > 0 && progress < WarmUp ? WarmUpFrom + ((1 - WarmUpFrom) * progress / WarmUp) : 1;
        return climb * (1 + Math.Cos(Math.PI * Math.Clamp(progress, 0, 1))) / 2;
    }

    private double Stepped(int epoch)
    {
        if (epoch < WarmUpEpochs)
        {
            return WarmUpFrom + ((1 - WarmUpFrom) * epoch / Math.Max(1, WarmUpReaches ? WarmUpEpochs - 1 : WarmUpEpochs));
        }

        return Math.Pow(FallsBy, FallsAt.Count(e => e <= epoch));
    }
}

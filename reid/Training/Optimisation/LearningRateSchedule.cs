namespace Pipeline.Reid.Training.Optimisation;

/// <summary>The learning rate over a training: a linear warm-up, then what a derived schedule says, and never less than a floor.</summary>
public abstract record LearningRateSchedule
{
    /// <summary>The learning rate after the warm-up.</summary>
    public required double Base { get; init; }

    /// <summary>Epochs of warm-up, 0 or more. Default 0.</summary>
    public int WarmUpEpochs { get; init; }

    /// <summary>The learning rate at epoch 0 of the warm-up. Default 0.</summary>
    public double WarmUpFrom { get; init; }

    /// <summary>Epochs in which the warm-up would reach <see cref="Base"/>; 0 stands for <see cref="WarmUpEpochs"/>. Default 0.</summary>
    public int WarmUpSpan { get; init; }

    /// <summary>The learning rate never falls below this, in the warm-up neither. Default 0.</summary>
    public double Lowest { get; init; }

    /// <summary>The number that the first epoch has; 1 in codes that advance the schedule before they train. Default 0.</summary>
    public int FirstEpoch { get; init; }

    /// <summary>The learning rate.</summary>
    /// <param name="epoch">Epochs trained so far; fractions are allowed.</param>
    public double At(double epoch)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(epoch);
        double e = epoch + FirstEpoch;
        double rate = e < WarmUpEpochs
            ? WarmUpFrom + ((Base - WarmUpFrom) * e / (WarmUpSpan > 0 ? WarmUpSpan : WarmUpEpochs))
            : AfterWarmUp(e);
        return Math.Max(rate, Lowest);
    }

    /// <summary>The learning rate at an epoch behind the warm-up, counted from the start.</summary>
    protected abstract double AfterWarmUp(double epoch);
}

/// <summary>Falls by a factor at each milestone.</summary>
public sealed record StepSchedule : LearningRateSchedule
{
    /// <summary>Epochs at which it falls, counted from the start. Default none.</summary>
    public IReadOnlyList<int> Milestones { get; init; } = [];

    /// <summary>What it is multiplied by at each. Default 0.1.</summary>
    public double Factor { get; init; } = 0.1;

    /// <summary>RGA's official script: 600 epochs.</summary>
    public static StepSchedule Rga { get; } = new()
    {
        Base = 8e-4,
        WarmUpEpochs = 20,
        WarmUpFrom = 8e-6,
        Milestones = [80, 120, 160, 200, 240, 280, 320, 360],
        Factor = 0.5,
    };

    /// <summary>AdaptiveL2Regularization's default: 200 epochs, and 20 before them with the backbone frozen, from 0.</summary>
    public static StepSchedule AdaptiveL2 { get; } = new()
    {
        Base = 2e-4,
        WarmUpEpochs = 10,
        WarmUpFrom = 2e-6,
        WarmUpSpan = 9,
        Milestones = [40, 70, 100, 130, 160, 190],
        Lowest = 2e-6,
    };

    /// <summary>reid-strong-baseline's: 120 epochs. It advances the schedule before the first epoch.</summary>
    public static StepSchedule StrongBaseline { get; } = new()
    {
        Base = 3.5e-4,
        WarmUpEpochs = 10,
        WarmUpFrom = 3.5e-6,
        FirstEpoch = 1,
        Milestones = [40, 70],
    };

    /// <summary>Video-Person-ReID's: 800 epochs.</summary>
    public static StepSchedule VideoPersonReid { get; } = new() { Base = 3e-4, Milestones = [200, 400, 600] };

    /// <inheritdoc/>
    protected override double AfterWarmUp(double epoch) => Base * Math.Pow(Factor, Milestones.Count(m => m <= epoch));
}

/// <summary>Falls along half a cosine.</summary>
public sealed record CosineSchedule : LearningRateSchedule
{
    /// <summary>Epochs of the whole training; the last epoch, number <c>Epochs - 1</c>, has <see cref="End"/>.</summary>
    public required int Epochs { get; init; }

    /// <summary>The learning rate of the last epoch. Default 0.</summary>
    public double End { get; init; }

    /// <inheritdoc/>
    protected override double AfterWarmUp(double epoch)
    {
        double share = Math.Min(1, (epoch - WarmUpEpochs) / Math.Max(1, Epochs - 1 - WarmUpEpochs));
        return End + ((Base - End) * (1 + Math.Cos(Math.PI * share)) / 2);
    }
}

namespace Pipeline.Reid.Training;

/// <summary>How weights follow their gradient.</summary>
public enum OptimiserKind
{
    /// <summary>Adam with weight decay of its own (decoupled).</summary>
    AdamW,

    /// <summary>Adam; weight decay is added to the gradient (coupled).</summary>
    Adam,

    /// <summary>Adam as Keras writes it: the small constant stands beside the uncorrected root.</summary>
    KerasAdam,

    /// <summary>Stochastic gradient descent with momentum.</summary>
    Sgd,
}

/// <summary>How weights move.</summary>
public sealed record OptimiserRecipe
{
    /// <summary>Which optimiser. Default AdamW.</summary>
    public OptimiserKind Kind { get; init; }

    /// <summary>Learning rate at its highest, above 0. Default 0.0015.</summary>
    public double LearningRate { get; init; } = 0.0015;

    /// <summary>The pre-trained trunk's learning rate as a share of the others', 0 (frozen) to 10. Default 1.</summary>
    public double TrunkFactor { get; init; } = 1;

    /// <summary>Weight decay, 0 to 1. Default 0.0005.</summary>
    public double WeightDecay { get; init; } = 0.0005;

    /// <summary>Normalisations and biases decay too. Default true, as in the official recipes.</summary>
    public bool DecayAll { get; init; } = true;

    /// <summary>Momentum of SGD, 0 to below 1. Default 0.9.</summary>
    public double Momentum { get; init; } = 0.9;

    /// <summary>SGD looks ahead (Nesterov). Default false.</summary>
    public bool Nesterov { get; init; }

    /// <summary>Share of the old average of weights that a step keeps, 0.9 to below 1; the average is what is saved. 0, the default: no average.</summary>
    public double Average { get; init; }

    /// <summary>Every rule these values break, each as key and "allowed, got"; empty when they are valid.</summary>
    public IEnumerable<(string Key, string Problem)> Problems()
    {
        if (!Enum.IsDefined(Kind))
        {
            yield return ("optimiser.kind", $"adam_w, adam, keras_adam or sgd, got {(int)Kind}");
        }

        if (LearningRate is not (> 0 and <= 10))
        {
            yield return ("optimiser.learning_rate", FormattableString.Invariant($"above 0, 10 at most, got {LearningRate}"));
        }

        if (TrunkFactor is not (>= 0 and <= 10))
        {
            yield return ("optimiser.trunk_factor", FormattableString.Invariant($"0 to 10, got {TrunkFactor}"));
        }

        if (WeightDecay is not (>= 0 and <= 1))
        {
            yield return ("optimiser.weight_decay", FormattableString.Invariant($"0 to 1, got {WeightDecay}"));
        }

        if (Momentum is not (>= 0 and < 1))
        {
            yield return ("optimiser.momentum", FormattableString.Invariant($"0 to below 1, got {Momentum}"));
        }

        if (Nesterov && Momentum == 0)
        {
            yield return ("optimiser.nesterov", "a momentum above 0 is needed with it, got 0");
        }

        if (Kind == OptimiserKind.KerasAdam && WeightDecay != 0)
        {
            yield return ("optimiser.weight_decay", FormattableString.Invariant($"0 with keras_adam, which has none (adaptive_l2 regularises), got {WeightDecay}"));
        }

        if (Average is not (0 or (>= 0.9 and < 1)))
        {
            yield return ("optimiser.average", FormattableString.Invariant($"0 or 0.9 to below 1, got {Average}"));
        }
    }
}

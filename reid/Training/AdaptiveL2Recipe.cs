namespace Pipeline.Reid.Training;

/// <summary>Adaptive L2 regularisation: a factor for each tensor, learned with the weights.</summary>
public sealed record AdaptiveL2Recipe
{
    /// <summary>On or off. Default off.</summary>
    public bool Enabled { get; init; }

    /// <summary>Largest factor, above 0 to 1; every factor begins at half of it. Default 0.005.</summary>
    public double Amplitude { get; init; } = 0.005;

    /// <summary>What the learned scalar is multiplied with before the hard sigmoid, above 0. Default 1.</summary>
    public double Speed { get; init; } = 1;

    /// <summary>Every rule these values break, each as key and "allowed, got"; empty when they are valid.</summary>
    public IEnumerable<(string Key, string Problem)> Problems()
    {
        if (Amplitude is not (> 0 and <= 1))
        {
            yield return ("adaptive_l2.amplitude", FormattableString.Invariant($"above 0, 1 at most, got {Amplitude}"));
        }

        if (Speed is not (> 0 and <= 1e6))
        {
            yield return ("adaptive_l2.speed", FormattableString.Invariant($"above 0, got {Speed}"));
        }
    }
}

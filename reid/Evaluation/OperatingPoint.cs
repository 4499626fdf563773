namespace Pipeline.Reid.Evaluation;

/// <summary>What a threshold does, with how far it can be known from the pairs at hand (95 % intervals).</summary>
/// <param name="Threshold">Pairs at least this alike are taken for one person.</param>
/// <param name="FalseMatches">Pairs of different people at or above it.</param>
/// <param name="Comparisons">Pairs of different people.</param>
/// <param name="FalseMatch">Share of false matches, with its interval.</param>
/// <param name="Misses">Pairs of one person below it.</param>
/// <param name="SamePairs">Pairs of one person.</param>
/// <param name="Miss">Share of misses, with its interval.</param>
public sealed record OperatingPoint(float Threshold, long FalseMatches, long Comparisons, Share FalseMatch, long Misses, long SamePairs, Share Miss);

/// <summary>A share and its 95 % interval.</summary>
/// <param name="Value">The share.</param>
/// <param name="Low">Lower end.</param>
/// <param name="High">Upper end.</param>
public readonly record struct Share(double Value, double Low, double High)
{
    private const double Z = 1.959963984540054; // two-sided 95 %

    /// <summary>Wilson's score interval (Wilson 1927), which stays within 0 and 1 and does not shrink to nothing when nothing was seen.</summary>
    /// <param name="value">The share that was seen, 0 to 1.</param>
    /// <param name="trials">How many independent trials that is worth, above 0; need not be whole.</param>
    public static Share Wilson(double value, double trials)
    {
        double spread = Z * Z / trials;
        double middle = (value + (spread / 2)) / (1 + spread);
        double half = Math.Sqrt((value * (1 - value) * spread) + (spread * spread / 4)) / (1 + spread);
        return new Share(value, Math.Max(0, Math.Min(value, middle - half)), Math.Min(1, Math.Max(value, middle + half)));
    }
}

namespace Pipeline.Reid.Evaluation;

/// <summary>What a threshold does to people whom nobody knows, chosen on people who are known.</summary>
/// <param name="Rate">Rate of false matches that was asked for.</param>
/// <param name="Ways">Ways of halving in which the known half supports that rate.</param>
/// <param name="Seen">Mean rate of false matches between the known and the unknown, over the ways.</param>
/// <param name="Least">Smallest of them.</param>
/// <param name="Most">Largest of them.</param>
/// <param name="Within">Ways in which the rate asked for lies within the 95 % interval of what was seen.</param>
/// <param name="Miss">Mean rate of misses among the known.</param>
/// <param name="Refusal">Why there is no way; null when there is one.</param>
public sealed record HalfEnrolled(double Rate, int Ways, double Seen, double Least, double Most, int Within, double Miss, string? Refusal)
{
    /// <summary>
    /// The open-set experiment: half of the people are known, and the threshold is chosen among them alone; the other half are strangers, held against
    /// all who are known. Done for several ways of halving.
    /// </summary>
    /// <param name="pairs">Pairs of people, as <see cref="LabelledClips.Pairs"/> makes them.</param>
    /// <param name="rate">Rate of false matches that is wanted, above 0, below 1.</param>
    /// <param name="ways">Ways of halving, from 1; the same on every call.</param>
    public static HalfEnrolled Of(IReadOnlyList<ScoredPair> pairs, double rate, int ways)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        ArgumentOutOfRangeException.ThrowIfLessThan(ways, 1);
        int[] people = [.. pairs.Select(pair => pair.First).Concat(pairs.Select(pair => pair.Second)).Distinct().Order()];
        List<(OperatingPoint Strangers, OperatingPoint Known)> points = [];
        string? refusal = null;
        for (int way = 0; way < ways; way++)
        {
            int[] shuffled = [.. people];
            new Random(way).Shuffle(shuffled);
            HashSet<int> known = [.. shuffled.Take((people.Length + 1) / 2)];
            FalseMatchCurve chosen = new([.. pairs.Where(pair => known.Contains(pair.First) && known.Contains(pair.Second))]);
            (float? threshold, string? why) = chosen.ThresholdAt(rate);
            refusal ??= why;
            if (threshold is { } at)
            {
                points.Add((new FalseMatchCurve([.. pairs.Where(pair => known.Contains(pair.First) != known.Contains(pair.Second))]).At(at), chosen.At(at)));
            }
        }

        return points.Count == 0
            ? new HalfEnrolled(rate, 0, double.NaN, double.NaN, double.NaN, 0, double.NaN, refusal)
            : new HalfEnrolled(
                rate,
                points.Count,
                points.Average(point => point.Strangers.FalseMatch.Value),
                points.Min(point => point.Strangers.FalseMatch.Value),
                points.Max(point => point.Strangers.FalseMatch.Value),
                points.Count(point => point.Strangers.FalseMatch.Low <= rate && rate <= point.Strangers.FalseMatch.High),
                points.Average(point => point.Known.Miss.Value),
                null);
    }
}

using System.Globalization;

namespace Pipeline.Reid.Evaluation;

/// <summary>False matches against misses over all thresholds, from pairs of known people.</summary>
/// <remarks>
/// One person takes part in many pairs, so pairs are not independent. The variance of a share is that of dyads that share a member (Aronow, Samii and
/// Assenova 2015: sum over people of their squared residual, less what pairs of the same two people add twice), turned into a number of independent
/// trials, at most as many as there are different pairs of people, for Wilson's interval. A rate is supported when those pairs could show it: with
/// no event in n independent trials the 95 % bound is 3 / n, so 3 / rate of them are needed.
/// </remarks>
public sealed class FalseMatchCurve
{
    private readonly IReadOnlyList<ScoredPair> _pairs;
    private readonly float[] _same; // ascending
    private readonly float[] _different;

    /// <summary>Sorts the pairs.</summary>
    /// <param name="pairs">Pairs; NaN similarities are not allowed.</param>
    public FalseMatchCurve(IReadOnlyList<ScoredPair> pairs)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        _pairs = pairs;
        _same = [.. pairs.Where(pair => pair.Same).Select(pair => pair.Similarity).Order()];
        _different = [.. pairs.Where(pair => !pair.Same).Select(pair => pair.Similarity).Order()];
        PairsOfPeople = pairs.Where(pair => !pair.Same).Select(Members).Distinct().Count();
        PeopleSeenTwice = pairs.Where(pair => pair.Same).Select(pair => pair.First).Distinct().Count();
    }

    /// <summary>Pairs of one person.</summary>
    public int Same => _same.Length;

    /// <summary>Pairs of different people.</summary>
    public int Different => _different.Length;

    /// <summary>Different people paired with each other, each two counted once: what the sample is worth.</summary>
    public int PairsOfPeople { get; }

    /// <summary>People of whom there is a pair.</summary>
    public int PeopleSeenTwice { get; }

    /// <summary>The smallest false-match rate that the sample supports; infinite without pairs of different people.</summary>
    public double LeastRate => 3.0 / PairsOfPeople;

    /// <summary>Share of pairs of different people at least this alike.</summary>
    public double FalseMatchRate(float threshold) => (_different.Length - Below(_different, threshold)) / (double)_different.Length;

    /// <summary>Share of pairs of one person less alike than this.</summary>
    public double MissRate(float threshold) => Below(_same, threshold) / (double)_same.Length;

    /// <summary>The smallest threshold, to four digits, whose share of false matches is at most a rate.</summary>
    /// <param name="rate">Above 0, below 1.</param>
    /// <returns>The threshold, or null with the reason why the sample does not support the rate.</returns>
    public (float? Threshold, string? Refusal) ThresholdAt(double rate)
    {
        if (rate is not (> 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(rate), rate, "above 0, below 1");
        }

        if (PairsOfPeople * rate < 3)
        {
            string instead = PairsOfPeople > 3 ? string.Create(CultureInfo.InvariantCulture, $"; {LeastRate:0.####} is the smallest supported") : "";
            return (null, string.Create(
                CultureInfo.InvariantCulture,
                $"a false-match rate of {rate:0.######} needs at least {Math.Ceiling(3 / rate):0} pairs of different people, there are {PairsOfPeople} ({Different} comparisons){instead}"));
        }

        int allowed = (int)Math.Floor(rate * _different.Length);
        float stranger = _different[^(allowed + 1)]; // the first that is not allowed; the threshold is just above it
        double threshold = Math.Floor(stranger * 1e4) / 1e4;
        while ((float)threshold <= stranger)
        {
            threshold = Math.Round(threshold + 1e-4, 4);
        }

        return threshold <= 1
            ? ((float)threshold, null)
            : (null, string.Create(CultureInfo.InvariantCulture, $"{allowed + 1} pairs of different people are as alike as can be; the model cannot tell them apart"));
    }

    /// <summary>What a threshold does.</summary>
    /// <param name="threshold">Pairs at least this alike are taken for one person.</param>
    public OperatingPoint At(float threshold)
    {
        int falseMatches = _different.Length - Below(_different, threshold);
        int misses = Below(_same, threshold);
        return new OperatingPoint(
            threshold,
            falseMatches,
            Different,
            Interval(pair => !pair.Same, pair => pair.Similarity >= threshold, falseMatches, Different, PairsOfPeople),
            misses,
            Same,
            Interval(pair => pair.Same, pair => pair.Similarity < threshold, misses, Same, PeopleSeenTwice));
    }

    /// <summary>Points of the curve for drawing: thresholds at rising shares of false matches, evenly on a logarithmic scale.</summary>
    /// <param name="most">How many at most, at least 2.</param>
    public IReadOnlyList<(double FalseMatch, double Miss, float Threshold)> Points(int most)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 2);
        List<(double, double, float)> points = [];
        int last = -1;
        for (int i = 0; i < most && Different > 0 && Same > 0; i++)
        {
            int above = (int)Math.Round(Math.Pow(Different, i / (most - 1.0)));
            if (above != last)
            {
                float threshold = _different[^above];
                points.Add((FalseMatchRate(threshold), MissRate(threshold), threshold));
                last = above;
            }
        }

        return points;
    }

    // (smaller, larger): the same two people asked either way round.
    private static (int, int) Members(ScoredPair pair) => pair.First < pair.Second ? (pair.First, pair.Second) : (pair.Second, pair.First);

    private static int Below(float[] ascending, float threshold)
    {
        int low = 0;
        int high = ascending.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = ascending[middle] < threshold ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    private Share Interval(Func<ScoredPair, bool> counted, Func<ScoredPair, bool> bad, int events, int trials, int units)
    {
        if (trials == 0)
        {
            return new Share(double.NaN, 0, 1);
        }

        double share = events / (double)trials;
        Dictionary<int, double> people = [];
        Dictionary<(int, int), double> dyads = [];
        foreach (ScoredPair pair in _pairs)
        {
            if (counted(pair))
            {
                double residual = (bad(pair) ? 1 : 0) - share;
                (int, int) members = Members(pair);
                dyads[members] = dyads.GetValueOrDefault(members) + residual;
                people[pair.First] = people.GetValueOrDefault(pair.First) + residual;
                if (pair.First != pair.Second)
                {
                    people[pair.Second] = people.GetValueOrDefault(pair.Second) + residual;
                }
            }
        }

        double twice = dyads.Where(dyad => dyad.Key.Item1 != dyad.Key.Item2).Sum(dyad => dyad.Value * dyad.Value);
        double variance = (people.Values.Sum(sum => sum * sum) - twice) / ((double)trials * trials);
        double worth = variance > 0 ? Math.Clamp(share * (1 - share) / variance, 1, units) : units;
        return Share.Wilson(share, worth);
    }
}

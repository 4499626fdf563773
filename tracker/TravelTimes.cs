namespace Pipeline.Tracker;

/// <summary>Travel times that were seen, as sums of their logarithms.</summary>
/// <param name="Count">How many.</param>
/// <param name="Sum">Sum of the logarithms of seconds.</param>
/// <param name="Squares">Sum of their squares.</param>
internal readonly record struct TravelTimes(int Count, double Sum, double Squares)
{
    internal double Mean => Sum / Count;

    /// <summary>Sum of the squared distances from the mean.</summary>
    internal double Scatter => Count == 0 ? 0 : Math.Max(0, Squares - (Sum * Mean));

    internal TravelTimes With(double log) => new(Count + 1, Sum + log, Squares + (log * log));

    internal TravelTimes With(TravelTimes other) => new(Count + other.Count, Sum + other.Sum, Squares + other.Squares);
}

/// <summary>What is believed of the logarithm of a travel time: normal, with a mean that is itself known but roughly.</summary>
/// <param name="Mean">Expected logarithm of seconds.</param>
/// <param name="Variance">Variance of single times around the mean.</param>
/// <param name="Count">Ways that the mean rests on, above 0.</param>
internal readonly record struct TravelBelief(double Mean, double Variance, double Count)
{
    private const double ParentCount = 4;
    private const double WidestSigma = 0.5;
    private const double LeastSigma = 0.1;

    /// <summary>The highest density there is: the middle of the narrowest belief.</summary>
    internal static double Peak { get; } = 1 / (LeastSigma * Math.Sqrt(2 * Math.PI));

    /// <summary>What all ways of a site say together.</summary>
    /// <param name="ways">At least one.</param>
    internal static TravelBelief Of(TravelTimes ways) =>
        new(ways.Mean, ((WidestSigma * WidestSigma * ParentCount) + ways.Scatter) / (ParentCount + ways.Count), ways.Count);

    /// <summary>What some ways say, of which this is believed beforehand: it counts like four of them.</summary>
    /// <remarks>The conjugate update of mean and variance (Gelman et al., Bayesian Data Analysis, 3rd edition, section 3.3).</remarks>
    internal TravelBelief After(TravelTimes ways)
    {
        if (ways.Count == 0)
        {
            return this with { Count = ParentCount };
        }

        double count = ParentCount + ways.Count;
        double off = ways.Mean - Mean;
        return new TravelBelief(
            ((ParentCount * Mean) + ways.Sum) / count,
            ((ParentCount * Variance) + ways.Scatter + (ParentCount * ways.Count / count * off * off)) / count,
            count);
    }

    /// <summary>Density of the logarithm of the next time: wider than that of single times while the mean is not known well.</summary>
    internal double Density(double log)
    {
        double variance = Math.Max(LeastSigma * LeastSigma, Variance * (1 + (1 / Count)));
        double off = log - Mean;
        return Math.Exp(-0.5 * off * off / variance) / Math.Sqrt(2 * Math.PI * variance);
    }
}

using System.Globalization;
using Pipeline.Cli.Terminal;
using Pipeline.Reid.Evaluation;

namespace Pipeline.Cli.Commands;

/// <summary>A wanted rate of false matches and what it takes.</summary>
/// <param name="Rate">False matches per comparison.</param>
/// <param name="At">Threshold and what it does; null when the sample does not support the rate.</param>
/// <param name="Refusal">Why it does not.</param>
internal sealed record OpenSetPoint(double Rate, OperatingPoint? At, string? Refusal);

/// <summary>How a model does when it need not know anybody: false matches against misses between cameras.</summary>
/// <param name="Curve">All thresholds.</param>
/// <param name="Points">Wanted rates.</param>
/// <param name="Halves">The same rates, with the threshold chosen among half of the people and the other half strangers.</param>
internal sealed record OpenSetReport(FalseMatchCurve Curve, IReadOnlyList<OpenSetPoint> Points, IReadOnlyList<HalfEnrolled> Halves)
{
    private const int Ways = 20;

    private static readonly double[] _usual = [0.1, 0.01, 0.001, 0.0001];

    /// <summary>Makes the report from pairs of pictures of different cameras.</summary>
    /// <param name="features">Features.</param>
    /// <param name="rate">A rate that is wanted beside the usual ones; null for none.</param>
    /// <exception cref="InvalidDataException">There are no such pairs.</exception>
    public static OpenSetReport Of(PictureFeatures features, double? rate)
    {
        ScoredPair[] pairs = [.. LabelledClips.Of(features.Features, features.Pictures, 1).Pairs().Where(pair => !pair.OneCamera)];
        FalseMatchCurve curve = new(pairs);
        if (curve.Same == 0 || curve.Different == 0)
        {
            throw new InvalidDataException($"no open-set report: {curve.Same} pairs of one person and {curve.Different} of different people in two cameras; both are needed.");
        }

        double[] rates = [.. _usual.Append(rate ?? _usual[0]).Distinct().OrderDescending()];
        return new OpenSetReport(curve, [.. rates.Select(wanted =>
        {
            (float? threshold, string? refusal) = curve.ThresholdAt(wanted);
            return new OpenSetPoint(wanted, threshold is { } at ? curve.At(at) : null, refusal);
        })],
        [.. rates.Select(wanted => HalfEnrolled.Of(pairs, wanted, Ways))]);
    }

    /// <summary>For people.</summary>
    /// <param name="model">The model's name.</param>
    public DataTable Table(string model)
    {
        DataTable table = new($"{model}: false matches", "threshold", "seen", "95 %", "misses", "95 % of misses", "why none");
        foreach (OpenSetPoint point in Points)
        {
            table.Add(
                Percent(point.Rate),
                point.At?.Threshold.ToString("0.0000", CultureInfo.InvariantCulture),
                point.At is { } at ? string.Create(CultureInfo.InvariantCulture, $"{at.FalseMatches} of {at.Comparisons}") : null,
                point.At is { } seen ? $"{Percent(seen.FalseMatch.Low)} to {Percent(seen.FalseMatch.High)}" : null,
                point.At is { } missed ? Percent(missed.Miss.Value) : null,
                point.At is { } range ? $"{Percent(range.Miss.Low)} to {Percent(range.Miss.High)}" : null,
                point.Refusal ?? "");
        }

        return table;
    }

    /// <summary>The open-set experiment, for people.</summary>
    /// <param name="model">The model's name.</param>
    public DataTable HalvesTable(string model)
    {
        DataTable table = new($"{model}: asked for, half of the people never enrolled", "seen", "least to most", "within 95 %", "misses of the known", "why none");
        foreach (HalfEnrolled half in Halves)
        {
            bool any = half.Ways > 0;
            table.Add(
                Percent(half.Rate),
                any ? Percent(half.Seen) : null,
                any ? $"{Percent(half.Least)} to {Percent(half.Most)}" : null,
                any ? $"{half.Within} of {half.Ways} ways" : null,
                any ? Percent(half.Miss) : null,
                half.Refusal ?? "");
        }

        return table;
    }

    private static string Percent(double share) => (100 * share).ToString("0.####", CultureInfo.InvariantCulture) + " %";
}

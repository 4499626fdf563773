using System.Globalization;
using Pipeline.Reid.Evaluation;

namespace Pipeline.Reid.Calibrating;

/// <summary>Pairs to calibrate with, and where they are from.</summary>
/// <param name="Across">Pairs as they are compared between cameras.</param>
/// <param name="Within">Pairs of one camera.</param>
/// <param name="Source"><c>labelled</c> or <c>recordings</c>.</param>
/// <param name="Cameras">Cameras.</param>
/// <param name="Clips">Clips or tracks that the pairs are made of.</param>
/// <param name="From">Capture time of the earliest footage; null where there is none.</param>
/// <param name="To">Capture time of the latest.</param>
/// <param name="Notes">What must be known to judge the result.</param>
public sealed record CalibrationSample(
    IReadOnlyList<ScoredPair> Across, IReadOnlyList<ScoredPair> Within, string Source, IReadOnlyList<string> Cameras, int Clips, DateTimeOffset? From, DateTimeOffset? To,
    IReadOnlyList<string> Notes)
{
    /// <summary>A sample of labelled clips.</summary>
    /// <param name="clips">The clips.</param>
    public static CalibrationSample Of(LabelledClips clips)
    {
        ArgumentNullException.ThrowIfNull(clips);
        IReadOnlyList<ScoredPair> pairs = clips.Pairs();
        return new CalibrationSample(
            [.. pairs.Where(pair => !pair.OneCamera)],
            [.. pairs.Where(pair => pair.OneCamera)],
            "labelled",
            [.. clips.Cameras.Distinct().Order(StringComparer.Ordinal)],
            clips.Features.Count,
            null,
            null,
            []);
    }
}

/// <summary>Makes calibrations; refuses where the data cannot carry one.</summary>
public static class Calibrator
{
    /// <summary>Pairs of one person that are needed at least.</summary>
    public const int LeastSame = 20;

    private static readonly double[] _rates = [0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001, 5e-4, 2e-4, 1e-4, 5e-5, 2e-5, 1e-5];

    /// <summary>Calibrates.</summary>
    /// <param name="sample">Pairs.</param>
    /// <param name="modelId">The model that made their similarities.</param>
    /// <param name="rate">False matches per comparison that the threshold may give, above 0, below 1.</param>
    /// <param name="prior">How likely two compared clips are one person beforehand, above 0, below 1.</param>
    /// <exception cref="InvalidDataException">Too few pairs for that rate, or the model does not tell these people apart; with the counts.</exception>
    public static Calibration Fit(CalibrationSample sample, string modelId, double rate, double prior = 0.5)
    {
        ArgumentNullException.ThrowIfNull(sample);
        if (rate is not (> 0 and < 1) || prior is not (> 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(rate), $"rate and prior are above 0 and below 1, got {rate} and {prior}");
        }

        FalseMatchCurve curve = new(sample.Across);
        if (curve.Same < LeastSame)
        {
            throw new InvalidDataException(string.Create(
                CultureInfo.InvariantCulture,
                $"too little to calibrate with: {curve.Same} pairs of one person, {LeastSame} are needed ({sample.Clips} clips, {sample.Cameras.Count} cameras, {curve.Different} pairs of different people). Record longer."));
        }

        (float? threshold, string? refusal) = curve.ThresholdAt(rate);
        if (threshold is null)
        {
            throw new InvalidDataException($"too little to calibrate with: {refusal}. Record longer, or ask for a higher --rate.");
        }

        float[] same = [.. sample.Across.Where(pair => pair.Same).Select(pair => pair.Similarity)];
        float[] different = [.. sample.Across.Where(pair => !pair.Same).Select(pair => pair.Similarity)];
        LogisticFit fit = LogisticFit.Of(same, different);
        if (!(fit.Slope > 0))
        {
            throw new InvalidDataException(string.Create(
                CultureInfo.InvariantCulture,
                $"{modelId} does not tell these people apart: pairs of one person have similarity {same.Average():0.000} on average, of different people {different.Average():0.000}. Use another model."));
        }

        return new Calibration
        {
            ModelId = modelId,
            TargetRate = rate,
            Threshold = threshold.Value,
            SameCameraThreshold = new FalseMatchCurve(sample.Within) is { Different: > 0 } within ? within.ThresholdAt(rate).Threshold : null,
            Slope = fit.Slope,
            Intercept = fit.Intercept,
            Prior = prior,
            Tail = Tail(curve),
            CameraPairs = PerCameraPair(sample, rate),
            Evidence = new CalibrationEvidence(
                sample.Source, sample.Cameras, sample.Clips, curve.At(threshold.Value), HeldOutError(sample.Across), sample.From, sample.To, sample.Notes),
        }.Named();
    }

    private static List<TailPoint> Tail(FalseMatchCurve curve)
    {
        List<TailPoint> tail = [];
        foreach (double rate in _rates.Where(rate => rate >= curve.LeastRate))
        {
            if (curve.ThresholdAt(rate).Threshold is { } threshold)
            {
                tail.RemoveAll(point => point.Threshold >= threshold); // one threshold keeps several rates: the smallest is told
                tail.Add(new TailPoint(threshold, rate));
            }
        }

        return tail;
    }

    private static List<CameraPairThreshold> PerCameraPair(CalibrationSample sample, double rate) =>
    [
        .. (ReferenceEquals(sample.Across, sample.Within) ? sample.Within : sample.Across.Concat(sample.Within)) // one camera: they are the same pairs
            .GroupBy(pair => string.CompareOrdinal(pair.FirstCamera, pair.SecondCamera) <= 0 ? (pair.FirstCamera, pair.SecondCamera) : (pair.SecondCamera, pair.FirstCamera))
            .OrderBy(group => group.Key.Item1, StringComparer.Ordinal).ThenBy(group => group.Key.Item2, StringComparer.Ordinal)
            .Select(group =>
            {
                FalseMatchCurve curve = new([.. group]);
                (float? threshold, string? refusal) = curve.Different > 0 ? curve.ThresholdAt(rate) : (null, "no pairs of different people");
                return new CameraPairThreshold(group.Key.Item1, group.Key.Item2, threshold, curve.Different, curve.PairsOfPeople, refusal);
            }),
    ];

    // People are dealt into two halves; each is told its chances by the fit of the other.
    private static double? HeldOutError(IReadOnlyList<ScoredPair> pairs)
    {
        double[] told = new double[10];
        double[] came = new double[10];
        double[] weight = new double[10];
        for (int half = 0; half < 2; half++)
        {
            (float[] same, float[] different) = Half(pairs, half);
            (float[] seenSame, float[] seenDifferent) = Half(pairs, 1 - half);
            if (same.Length < LeastSame / 2 || seenSame.Length < LeastSame / 2 || different.Length == 0 || seenDifferent.Length == 0)
            {
                return null;
            }

            LogisticFit fit = LogisticFit.Of(seenSame, seenDifferent);
            foreach ((float similarity, bool one) in same.Select(s => (s, true)).Concat(different.Select(s => (s, false))))
            {
                double chance = fit.Chance(similarity);
                int bin = Math.Min(9, (int)(chance * 10));
                double share = 0.5 / (one ? same.Length : different.Length);
                told[bin] += share * chance;
                came[bin] += one ? share : 0;
                weight[bin] += share;
            }
        }

        return Enumerable.Range(0, 10).Sum(bin => Math.Abs(told[bin] - came[bin])) / weight.Sum();
    }

    private static (float[] Same, float[] Different) Half(IReadOnlyList<ScoredPair> pairs, int half)
    {
        ScoredPair[] own = [.. pairs.Where(pair => pair.First % 2 == half && pair.Second % 2 == half)];
        return ([.. own.Where(pair => pair.Same).Select(pair => pair.Similarity)], [.. own.Where(pair => !pair.Same).Select(pair => pair.Similarity)]);
    }
}

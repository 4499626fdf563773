using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Pipeline.Reid.Evaluation;

namespace Pipeline.Reid.Calibrating;

/// <summary>What similarities of one model mean at one site: how likely they are of one person, and how often strangers reach a threshold.</summary>
/// <remarks>
/// The chance is logistic in the similarity, fitted with both kinds of pairs weighing the same (Platt 1999, with his smoothed targets), and brought to
/// <see cref="Prior"/>. The rate of false matches is that of the sample, on a line of logarithmic rate between its points.
/// </remarks>
public sealed record Calibration
{
    /// <summary>Version of the file.</summary>
    public const int CurrentVersion = 1;

    /// <summary>Version of the file.</summary>
    public int Version { get; init; } = CurrentVersion;

    /// <summary><c>cal-</c> and twelve digits that hash everything else: the same evidence gives the same id.</summary>
    public string Id { get; init; } = "";

    /// <summary>The model; similarities of another one mean something else.</summary>
    public required string ModelId { get; init; }

    /// <summary>The false-match rate that was asked for.</summary>
    public required double TargetRate { get; init; }

    /// <summary>Suggested threshold between cameras.</summary>
    public required float Threshold { get; init; }

    /// <summary>Suggested threshold within a camera; null where the data do not support one.</summary>
    public required float? SameCameraThreshold { get; init; }

    /// <summary>Log odds of one person against two, per unit of similarity; above 0.</summary>
    public required double Slope { get; init; }

    /// <summary>Log odds at similarity 0, both being equally likely beforehand.</summary>
    public required double Intercept { get; init; }

    /// <summary>How likely two compared clips are one person before they are looked at, above 0, below 1.</summary>
    public required double Prior { get; init; }

    /// <summary>Shares of strangers at least as alike as a threshold; thresholds ascend, rates fall.</summary>
    public required IReadOnlyList<TailPoint> Tail { get; init; }

    /// <summary>Thresholds of single camera pairs, where the data support them.</summary>
    public required IReadOnlyList<CameraPairThreshold> CameraPairs { get; init; }

    /// <summary>What all this rests on.</summary>
    public required CalibrationEvidence Evidence { get; init; }

    /// <summary>Chance that two clips of this similarity are one person.</summary>
    /// <param name="similarity">Cosine.</param>
    public float Probability(float similarity) =>
        (float)(1 / (1 + Math.Exp(-((Slope * similarity) + Intercept + Math.Log(Prior / (1 - Prior))))));

    /// <summary>False matches per comparison at a threshold. Above all that was seen, the smallest rate that the sample supports.</summary>
    /// <param name="threshold">The threshold in force.</param>
    public double FalseMatchRate(float threshold)
    {
        int next = 0;
        while (next < Tail.Count && Tail[next].Threshold < threshold)
        {
            next++;
        }

        if (next == 0 || next == Tail.Count)
        {
            return Tail[Math.Min(next, Tail.Count - 1)].Rate;
        }

        (TailPoint low, TailPoint high) = (Tail[next - 1], Tail[next]);
        double part = (threshold - low.Threshold) / (double)(high.Threshold - low.Threshold);
        return Math.Exp(Math.Log(low.Rate) + (part * (Math.Log(high.Rate) - Math.Log(low.Rate))));
    }

    /// <summary>The same with its id.</summary>
    public Calibration Named()
    {
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(CalibrationFile.Text(this with { Id = "" })));
        return this with { Id = $"cal-{Convert.ToHexStringLower(hash)[..12]}" };
    }
}

/// <summary>A point of the tail of strangers' similarities.</summary>
/// <param name="Threshold">Threshold.</param>
/// <param name="Rate">Share of strangers at least as alike.</param>
public sealed record TailPoint(float Threshold, double Rate);

/// <summary>The threshold of two cameras.</summary>
/// <param name="First">Camera.</param>
/// <param name="Second">Camera, maybe the same.</param>
/// <param name="Threshold">Suggested threshold; null where the data do not support one.</param>
/// <param name="Comparisons">Pairs of different people.</param>
/// <param name="PairsOfPeople">Different people paired with each other.</param>
/// <param name="Refusal">Why there is no threshold.</param>
public sealed record CameraPairThreshold(string First, string Second, float? Threshold, int Comparisons, int PairsOfPeople, string? Refusal);

/// <summary>What a calibration rests on.</summary>
/// <param name="Source"><c>labelled</c> or <c>recordings</c>.</param>
/// <param name="Cameras">Cameras.</param>
/// <param name="Clips">Clips or tracks that were compared.</param>
/// <param name="At">What the threshold does on them.</param>
/// <param name="CalibrationError">
/// Mean distance between the chance that was told and the share that came true, on people that the fit had not seen (ten bins); null with too few people.
/// </param>
/// <param name="From">Capture time of the earliest footage; null where pictures have none.</param>
/// <param name="To">Capture time of the latest.</param>
/// <param name="Notes">What must be known to judge it.</param>
public sealed record CalibrationEvidence(
    string Source, IReadOnlyList<string> Cameras, int Clips, OperatingPoint At, double? CalibrationError, DateTimeOffset? From, DateTimeOffset? To,
    IReadOnlyList<string> Notes)
{
    /// <summary>The evidence in a line.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{At.FalseMatches} of {At.Comparisons} strangers at or above {At.Threshold:0.0000} (95 %: {At.FalseMatch.Low:0.#####} to {At.FalseMatch.High:0.#####}), {At.Misses} of {At.SamePairs} pairs of one person below");
}

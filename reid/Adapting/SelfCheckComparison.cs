using System.Globalization;
using Pipeline.Reid.Data;

namespace Pipeline.Reid.Adapting;

/// <summary>Two models on the same held-out tracks, and which of them is to be kept.</summary>
/// <param name="Before">The old one.</param>
/// <param name="After">The new one.</param>
/// <param name="Gain">Mean gain of separation over the tracks.</param>
/// <param name="Low">Lower end of its 95 % interval.</param>
/// <param name="High">Upper end.</param>
/// <param name="Forgotten">Mean average precision lost on held-out people of the source; null without a source.</param>
public sealed record SelfCheckComparison(SelfCheck Before, SelfCheck After, double Gain, double Low, double High, double? Forgotten)
{
    private const int Resamples = 4000;

    /// <summary>Why the old model is kept; null when the new one is better.</summary>
    public string? Objection =>
        !(Low > 0) ? Text($"the gain of separation, {Gain:+0.00;-0.00}, is not surely above 0 (95 % interval {Low:+0.00;-0.00} to {High:+0.00;-0.00} over {Before.Same} tracks)")
        : After.Rank1 < Before.Rank1 ? Text($"fewer tracks find their own other half first: {100 * After.Rank1:0.0} % instead of {100 * Before.Rank1:0.0} %")
        : After.Order < Before.Order ? Text($"fewer pairs of one person are more alike than pairs of two: {100 * After.Order:0.00} % instead of {100 * Before.Order:0.00} %")
        : Forgotten > AdaptationOptions.MostForgotten ? Text($"too much of what it knew is lost: {100 * Forgotten:0.0} points of mAP on people of the source, {100 * AdaptationOptions.MostForgotten:0} are allowed")
        : null;

    /// <summary>True when the new model is kept.</summary>
    public bool Improved => Objection is null;

    /// <summary>A threshold of the old model for the new one: at the same place among people who are surely two, in standard deviations from their mean.</summary>
    /// <param name="threshold">The old one.</param>
    public float Carried(float threshold) => (float)Math.Clamp(
        After.Strangers.Mean + ((threshold - Before.Strangers.Mean) / Before.Strangers.Spread * After.Strangers.Spread), -1, 1);

    /// <summary>Compares.</summary>
    /// <param name="before">The old model.</param>
    /// <param name="after">The new model, on the same tracks.</param>
    /// <param name="forgotten">Mean average precision lost on held-out people of the source; null without a source.</param>
    /// <param name="seed">Seed of the resampling.</param>
    /// <remarks>The interval is the percentile bootstrap over tracks (Efron 1979): each resample draws as many tracks as there are, with replacement.</remarks>
    public static SelfCheckComparison Of(SelfCheck before, SelfCheck after, double? forgotten, int seed)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        double[] gains = [.. after.Separations.Zip(before.Separations, (a, b) => a - b)];
        double[] means = new double[Resamples];
        for (int resample = 0; resample < Resamples; resample++)
        {
            SeededRandom random = new((ulong)(uint)seed, resample);
            double sum = 0;
            for (int i = 0; i < gains.Length; i++)
            {
                sum += gains[random.Below(gains.Length)];
            }

            means[resample] = sum / gains.Length;
        }

        Array.Sort(means);
        return new SelfCheckComparison(before, after, gains.Average(), means[(int)(0.025 * Resamples)], means[(int)(0.975 * Resamples) - 1], forgotten);
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

namespace Pipeline.Reid.Data;

/// <summary>How a picture is shifted.</summary>
public enum Translation
{
    /// <summary>Not at all: the whole picture, resized where it was kept with a margin.</summary>
    None,

    /// <summary>A crop at a uniform place of the picture kept with a margin.</summary>
    Margin,

    /// <summary>
    /// Random2DTranslation of RGA: with the stated probability a crop of the picture kept with a margin, at the rounded uniform place; else the whole,
    /// resized. (From the enlarged picture, where the official code resizes the file again: a trace softer.)
    /// </summary>
    Enlarged,

    /// <summary>Black borders, then a crop at a uniform place. Wants pictures kept without a margin.</summary>
    Padded,
}

/// <summary>What an erased rectangle is filled with.</summary>
public enum ErasingFill
{
    /// <summary>0 after normalisation: the mean colour, as RGA does.</summary>
    Mean,

    /// <summary>One random colour.</summary>
    Colour,

    /// <summary>Random pixels.</summary>
    Noise,

    /// <summary>The stated colour.</summary>
    Stated,
}

/// <summary>
/// What is done at random to training pictures, in this order: shift, mirror, coarse resolution, contrast, light, channel gains, veil, gamma, saturation or grey,
/// blur, noise, JPEG, clip to 0 to 255, normalise, erase. The defaults suit rendered people that are to stand for real ones.
/// </summary>
public sealed record AugmentationOptions
{
    /// <summary>Nothing at all: the picture as evaluation sees it.</summary>
    public static AugmentationOptions Nothing { get; } = new()
    {
        Translation = Translation.None,
        FlipProbability = 0,
        ContrastProbability = 0,
        LightProbability = 0,
        ChannelProbability = 0,
        SaturationProbability = 0,
        BlurProbability = 0,
        ErasingProbability = 0,
    };

    /// <summary>The published script of RGA: Random2DTranslation, flip, erasing. Wants a margin of an eighth of each side.</summary>
    public static AugmentationOptions Rga { get; } = Nothing with
    {
        Translation = Translation.Enlarged,
        TranslationProbability = 0.5,
        FlipProbability = 0.5,
        ErasingProbability = 0.5,
        ErasingAreaMin = 0.02,
        ErasingAreaMax = 0.4,
        ErasingRatioMin = 0.3,
        ErasingRatioMax = 3.333,
        ErasingFill = ErasingFill.Mean,
    };

    /// <summary>AdaptiveReID: flip, 20 black pixels more in each dimension and a crop, erasing with the stated colour.</summary>
    public static AugmentationOptions AdaptiveReid { get; } = Rga with
    {
        Translation = Translation.Padded,
        TranslationProbability = 1,
        Padding = 10,
        ErasingFill = ErasingFill.Stated,
    };

    /// <summary>
    /// Cameras that the pictures of a batch are shared out to in turn, 0 to 64: contrast, light, gains, veil, gamma and saturation are drawn once for each of
    /// them, so that strangers under one light are in every batch, as they are in a gallery, and partners under two. 0, the default: every picture on its own.
    /// </summary>
    public int Cameras { get; init; }

    /// <summary>How the picture is shifted. Default margin.</summary>
    public Translation Translation { get; init; } = Translation.Margin;

    /// <summary>Share of pictures that are shifted, 0 to 1. Default 1.</summary>
    public double TranslationProbability { get; init; } = 1;

    /// <summary>Black pixels added at each side before a padded crop, 0 to 256. Default 10.</summary>
    public int Padding { get; init; } = 10;

    /// <summary>Share of pictures mirrored, 0 to 1. Default 0.5.</summary>
    public double FlipProbability { get; init; } = 0.5;

    /// <summary>Share of pictures made coarse: shrunk and enlarged again, 0 to 1. Default 0.</summary>
    public double CoarseProbability { get; init; }

    /// <summary>Smallest side of a coarse picture, as a share of the full one, 0.05 to 1. Default 0.3.</summary>
    public double CoarseMin { get; init; } = 0.3;

    /// <summary>Largest side of a coarse picture, as a share of the full one, 0.05 to 1. Default 0.9.</summary>
    public double CoarseMax { get; init; } = 0.9;

    /// <summary>Share of pictures of another contrast (around the mean of all their values), 0 to 1. Default 1.</summary>
    public double ContrastProbability { get; init; } = 1;

    /// <summary>Lowest factor of contrast, 0 to 10. Default 0.7.</summary>
    public double ContrastMin { get; init; } = 0.7;

    /// <summary>Highest factor of contrast, 0 to 10. Default 1.3.</summary>
    public double ContrastMax { get; init; } = 1.3;

    /// <summary>Share of pictures of another light: a factor and a shift, 0 to 1. Default 1.</summary>
    public double LightProbability { get; init; } = 1;

    /// <summary>Lowest factor of light, 0 to 10. Default 0.7.</summary>
    public double LightMin { get; init; } = 0.7;

    /// <summary>Highest factor of light, 0 to 10. Default 1.3.</summary>
    public double LightMax { get; init; } = 1.3;

    /// <summary>Levels of 255 added or taken at most, 0 to 255. Default 12.</summary>
    public double LightShift { get; init; } = 12;

    /// <summary>Share of pictures with a colour cast: a factor for each channel, 0 to 1. Default 1.</summary>
    public double ChannelProbability { get; init; } = 1;

    /// <summary>How far a channel's factor may be from 1, 0 to 1. Default 0.12.</summary>
    public double ChannelGain { get; init; } = 0.12;

    /// <summary>
    /// Share of pictures behind a veil: light that haze, glare or a bad lens spreads over all of it, so that black is no longer black but the light's
    /// colour, 0 to 1. Factors alone leave black what it is. Default 0.
    /// </summary>
    public double VeilProbability { get; init; }

    /// <summary>Most veil: the share of its light in a picture, 0 to 1; uniform from 0. Default 0.4.</summary>
    public double VeilMax { get; init; } = 0.4;

    /// <summary>How far a channel of the veil may be from its brightness (120 to 255), as a share of that, 0 to 1. Default 0.35.</summary>
    public double VeilTint { get; init; } = 0.35;

    /// <summary>Share of pictures with another gamma, 0 to 1. Default 0.</summary>
    public double GammaProbability { get; init; }

    /// <summary>Lowest gamma, 0.1 to 10; below 1 is lighter. Default 0.7.</summary>
    public double GammaMin { get; init; } = 0.7;

    /// <summary>Highest gamma, 0.1 to 10. Default 1.4.</summary>
    public double GammaMax { get; init; } = 1.4;

    /// <summary>Share of pictures of another saturation, 0 to 1. Default 0.3.</summary>
    public double SaturationProbability { get; init; } = 0.3;

    /// <summary>Lowest factor of saturation, 0 to 10. Default 0.3.</summary>
    public double SaturationMin { get; init; } = 0.3;

    /// <summary>Highest factor of saturation, 0 to 10. Default 1.2.</summary>
    public double SaturationMax { get; init; } = 1.2;

    /// <summary>Share of pictures without colour, 0 to 1. Default 0.</summary>
    public double GreyProbability { get; init; }

    /// <summary>Share of pictures blurred (Gaussian), 0 to 1. Default 0.3.</summary>
    public double BlurProbability { get; init; } = 0.3;

    /// <summary>Least blur, sigma in pixels of the input, 0.1 to 8. Default 0.4.</summary>
    public double BlurMin { get; init; } = 0.4;

    /// <summary>Most blur, sigma in pixels of the input, 0.1 to 8. Default 1.5.</summary>
    public double BlurMax { get; init; } = 1.5;

    /// <summary>Share of pictures sharpened as cameras do (unsharp mask), 0 to 1. Default 0.</summary>
    public double SharpeningProbability { get; init; }

    /// <summary>Most sharpening: how many times the difference to the blurred picture is added, 0 to 10; uniform from 0. Default 2.</summary>
    public double SharpeningMax { get; init; } = 2;

    /// <summary>Share of pictures with noise (normal, each value on its own), 0 to 1. Default 0.</summary>
    public double NoiseProbability { get; init; }

    /// <summary>Most noise, standard deviation in levels of 255, 0 to 128; uniform from 0. Default 10.</summary>
    public double NoiseMax { get; init; } = 10;

    /// <summary>Share of pictures with the artefacts of JPEG, 0 to 1. Default 0.</summary>
    public double JpegProbability { get; init; }

    /// <summary>Lowest quality of JPEG, 1 to 100. Default 25.</summary>
    public int JpegMin { get; init; } = 25;

    /// <summary>Highest quality of JPEG, 1 to 100. Default 85.</summary>
    public int JpegMax { get; init; } = 85;

    /// <summary>Share of pictures of which a rectangle is erased, 0 to 1. Default 0.4.</summary>
    public double ErasingProbability { get; init; } = 0.4;

    /// <summary>Least erased area as a share of the picture, 0 to 1. Default 0.025.</summary>
    public double ErasingAreaMin { get; init; } = 0.025;

    /// <summary>Most erased area as a share of the picture, 0 to 1. Default 0.17.</summary>
    public double ErasingAreaMax { get; init; } = 0.17;

    /// <summary>Least height of the erased rectangle over its width, 0.05 to 20. Default 0.5.</summary>
    public double ErasingRatioMin { get; init; } = 0.5;

    /// <summary>Most height of the erased rectangle over its width, 0.05 to 20. Default 3.3.</summary>
    public double ErasingRatioMax { get; init; } = 3.3;

    /// <summary>What an erased rectangle is filled with. Default one random colour.</summary>
    public ErasingFill ErasingFill { get; init; } = ErasingFill.Colour;

    /// <summary>Red of the stated fill, 0 to 255. Default that of AdaptiveReID, 0.4914 × 255.</summary>
    public double ErasingRed { get; init; } = 0.4914 * 255;

    /// <summary>Green of the stated fill, 0 to 255. Default that of AdaptiveReID, 0.4822 × 255.</summary>
    public double ErasingGreen { get; init; } = 0.4822 * 255;

    /// <summary>Blue of the stated fill, 0 to 255. Default that of AdaptiveReID, 0.4465 × 255.</summary>
    public double ErasingBlue { get; init; } = 0.4465 * 255;

    /// <summary>
    /// Share of steps at which the pictures of a batch exchange the styles of their early maps (MixStyle), at each of two places in the network, 0 to 1.
    /// Default 0.
    /// </summary>
    public double StyleProbability { get; init; }

    /// <summary>Every rule these values break, each as key and "allowed, got"; empty when they are valid.</summary>
    /// <param name="section">What the keys begin with. Default <c>augmentation</c>.</param>
    public IEnumerable<(string Key, string Problem)> Problems(string section = "augmentation")
    {
        (string Key, double Value)[] shares =
        [
            ("translation", TranslationProbability), ("flip", FlipProbability), ("coarse", CoarseProbability), ("contrast", ContrastProbability),
            ("light", LightProbability), ("channel", ChannelProbability), ("veil", VeilProbability), ("gamma", GammaProbability), ("saturation", SaturationProbability),
            ("grey", GreyProbability), ("blur", BlurProbability), ("sharpening", SharpeningProbability), ("noise", NoiseProbability), ("jpeg", JpegProbability), ("erasing", ErasingProbability),
            ("style", StyleProbability),
        ];
        (string Key, double Low, double High, double Least, double Most)[] ranges =
        [
            ("coarse", CoarseMin, CoarseMax, 0.05, 1), ("contrast", ContrastMin, ContrastMax, 0, 10), ("light", LightMin, LightMax, 0, 10),
            ("gamma", GammaMin, GammaMax, 0.1, 10), ("saturation", SaturationMin, SaturationMax, 0, 10), ("blur", BlurMin, BlurMax, 0.1, 8),
            ("jpeg", JpegMin, JpegMax, 1, 100), ("erasing_area", ErasingAreaMin, ErasingAreaMax, 0, 1),
            ("erasing_ratio", ErasingRatioMin, ErasingRatioMax, 0.05, 20),
        ];
        (string Key, double Value, double Most)[] amounts =
        [
            ("cameras", Cameras, 64), ("padding", Padding, 256), ("light_shift", LightShift, 255), ("channel_gain", ChannelGain, 1), ("veil_max", VeilMax, 1), ("veil_tint", VeilTint, 1), ("noise_max", NoiseMax, 128), ("sharpening_max", SharpeningMax, 10),
            ("erasing_red", ErasingRed, 255), ("erasing_green", ErasingGreen, 255), ("erasing_blue", ErasingBlue, 255),
        ];
        foreach ((string key, double value) in shares)
        {
            if (value is not (>= 0 and <= 1))
            {
                yield return ($"{section}.{key}_probability", FormattableString.Invariant($"0 to 1, got {value}"));
            }
        }

        foreach ((string key, double low, double high, double least, double most) in ranges)
        {
            if (!(low >= least && low <= most))
            {
                yield return ($"{section}.{key}_min", FormattableString.Invariant($"{least} to {most}, got {low}"));
            }
            else if (!(high >= low && high <= most))
            {
                yield return ($"{section}.{key}_max", FormattableString.Invariant($"{low} (its minimum) to {most}, got {high}"));
            }
        }

        foreach ((string key, double value, double most) in amounts)
        {
            if (!(value >= 0 && value <= most))
            {
                yield return ($"{section}.{key}", FormattableString.Invariant($"0 to {most}, got {value}"));
            }
        }
    }
}

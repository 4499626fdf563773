using Pipeline.Reid.Networks;

namespace Pipeline.Reid.Training;

/// <summary>Training on clips instead of pictures: the network gets a head that weighs the frames of a clip.</summary>
public sealed record ClipRecipe
{
    /// <summary>Frames of a clip, 2 to 64; the pictures of a batch then are clips of one tracklet each. 0, the default: trained on pictures.</summary>
    public int Frames { get; init; }

    /// <summary>Channels that the last map is reduced to before all of it is looked at, 1 to 2048. Default 32.</summary>
    public int Reduced { get; init; } = new TemporalShape().Reduced;

    /// <summary>Numbers that describe a frame for the attention, 1 to 2048. Default 256.</summary>
    public int Hidden { get; init; } = new TemporalShape().Hidden;

    /// <summary>
    /// Only the head for clips is trained, on top of a network that stays as it is: by the triplet loss, on clip features as they are served (unit features of
    /// the frames, weighed). Takes minutes. Default false.
    /// </summary>
    public bool HeadOnly { get; init; }

    /// <summary>The head's widths; null without clips.</summary>
    internal TemporalShape? Shape => Frames > 0 ? new TemporalShape { Reduced = Reduced, Hidden = Hidden } : null;

    /// <summary>Every rule these values break, each as key and "allowed, got"; empty when they are valid.</summary>
    public IEnumerable<(string Key, string Problem)> Problems()
    {
        if (Frames is not (0 or (>= 2 and <= 64)))
        {
            yield return ("clips.frames", $"0 or 2 to 64 frames, got {Frames}");
        }

        if (HeadOnly && Frames == 0)
        {
            yield return ("clips.head_only", "clips.frames of 2 or more are needed with it, got 0");
        }

        if (Reduced is < 1 or > 2048)
        {
            yield return ("clips.reduced", $"1 to 2048 channels, got {Reduced}");
        }

        if (Hidden is < 1 or > 2048)
        {
            yield return ("clips.hidden", $"1 to 2048 numbers, got {Hidden}");
        }
    }
}

namespace Pipeline.Reid.Networks;

/// <summary>What can be chosen of the compact trunk.</summary>
public sealed record CompactShape
{
    /// <summary>Its stages, from the beginning: 5 end with 96 channels, all 7 with 320. Default 7.</summary>
    public int Stages { get; init; } = 7;

    /// <summary>
    /// Whether the blocks of the stages of 24, 32 and 64 channels normalise half of what they expand to by instance (IBN-a): that takes out what
    /// a camera adds to a picture before it becomes part of the person. Default false.
    /// </summary>
    public bool Ibn { get; init; }

    /// <summary>The attention. Default none.</summary>
    public RgaHalves Attention { get; init; }

    /// <summary>
    /// Share of each channel's darkest pixels that are taken for black (<see cref="Preprocessing.BlackPoint"/>): real cameras' blacks have colours
    /// (RESULTS.md, section 12). Default 0.01.
    /// </summary>
    public double BlackPoint { get; init; } = 0.01;
}

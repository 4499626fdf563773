namespace Pipeline.Reid.Networks;

/// <summary>What can be chosen of the compact trunk.</summary>
public sealed record CompactShape
{
    /// <summary>Its stages, from the beginning: 5 end with 96 channels, all 7 with 320. Default 7.</summary>
    public int Stages { get; init; } = 7;

    /// <summary>The attention. Default none.</summary>
    public RgaHalves Attention { get; init; }
}

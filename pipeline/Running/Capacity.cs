namespace Pipeline.Cli.Running;

/// <summary>Lengths of the channels between stages: enough to even out, too little to hide a slow stage or to hold much memory.</summary>
internal static class Capacity
{
    /// <summary>Frames, each with its pixels: 6 MB at 1080p.</summary>
    public const int Frames = 8;

    /// <summary>Tracklets, features, decisions.</summary>
    public const int Small = 32;
}

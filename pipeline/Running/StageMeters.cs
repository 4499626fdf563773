namespace Pipeline.Cli.Running;

/// <summary>The stages whose work is measured, under their names of mqtt.md 7.</summary>
internal sealed class StageMeters
{
    /// <summary>Decoding; its items are all frames decoded, those that are not analysed counted.</summary>
    public Meter Decode { get; } = new();

    /// <summary>Finding people; its items are the pictures that the detector saw.</summary>
    public Meter Detect { get; } = new();

    /// <summary>Embedding; its items are crops.</summary>
    public Meter Embed { get; } = new();

    /// <summary>Linking; its items are tracklets.</summary>
    public Meter Link { get; } = new();

    /// <summary>All, in the order of the data flow.</summary>
    public IEnumerable<(string Name, Meter Meter)> All => [("decode", Decode), ("detect", Detect), ("embed", Embed), ("link", Link)];
}

namespace Pipeline.Cli.Configuration;

/// <summary>Which layer a value comes from; a later one wins.</summary>
public enum SettingLayer
{
    /// <summary>The record's own default.</summary>
    Default,

    /// <summary>The YAML file.</summary>
    File,

    /// <summary>An environment variable, <c>REID_...</c>.</summary>
    Environment,

    /// <summary>A command-line flag.</summary>
    Flag,
}

/// <summary>Where a value was given.</summary>
/// <param name="Layer">The layer.</param>
/// <param name="Where"><c>site.yaml:14:3</c>, <c>REID_STORE_FILE</c>, <c>--store</c> or <c>default</c>.</param>
public sealed record SettingOrigin(SettingLayer Layer, string Where)
{
    /// <summary>Nobody gave a value.</summary>
    public static SettingOrigin Default { get; } = new(SettingLayer.Default, "default");

    /// <inheritdoc/>
    public override string ToString() => Where;
}

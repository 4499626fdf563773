namespace Pipeline.Cli.Configuration;

/// <summary>One value given on the command line.</summary>
/// <param name="Key">Full key, such as <c>tracker.max_lost_ms</c>.</param>
/// <param name="Text">The value as typed.</param>
/// <param name="Name">The flag as typed, such as <c>--fps</c>; shown as the value's origin.</param>
public sealed record SettingFlag(string Key, string Text, string Name);

/// <summary>Where settings are read from, weakest first: defaults, this file, this environment, these flags.</summary>
/// <param name="File">The YAML file; null for none.</param>
/// <param name="Environment">Environment variables; only names that begin with <c>REID_</c> are looked at.</param>
/// <param name="Flags">In the order given; the same key twice with different values is a problem, except for lists, which grow.</param>
public sealed record SettingsSources(string? File, IReadOnlyDictionary<string, string> Environment, IReadOnlyList<SettingFlag> Flags)
{
    /// <summary>Only defaults.</summary>
    public static SettingsSources None { get; } = new(null, new Dictionary<string, string>(), []);
}

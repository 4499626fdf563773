namespace Pipeline.Cli.Configuration;

/// <summary>All settings: one property a section. A new section is one line here; keys, flags, variables and help follow from its record.</summary>
public sealed record Settings
{
    /// <summary>The run as a whole.</summary>
    public RunOptions Run { get; init; } = new();
}

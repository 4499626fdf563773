using Pipeline.Detector;
using Pipeline.Reid;
using Pipeline.Store;
using Pipeline.Tracker;

namespace Pipeline.Cli.Configuration;

/// <summary>All settings: one property a section. A new section is one line here; keys, flags, variables and help follow from its record.</summary>
public sealed record Settings
{
    /// <summary>The run as a whole.</summary>
    public RunOptions Run { get; init; } = new();

    /// <summary>Finding people in frames.</summary>
    public DetectorOptions Detector { get; init; } = new();

    /// <summary>Following people in one camera.</summary>
    public TrackerOptions Tracker { get; init; } = new();

    /// <summary>Describing people.</summary>
    public ReidOptions Reid { get; init; } = new();

    /// <summary>What is kept.</summary>
    public StoreOptions Store { get; init; } = new();

    /// <summary>How long it is kept.</summary>
    public RetentionOptions Retention { get; init; } = new();
}

using Pipeline.Detector;
using Pipeline.Ingest;
using Pipeline.Reid;
using Pipeline.Store;
using Pipeline.Store.Mqtt;
using Pipeline.Tracker;

namespace Pipeline.Cli.Configuration;

/// <summary>All settings: one property a section. A new section is one line here; keys, flags, variables and help follow from its record.</summary>
public sealed record Settings
{
    /// <summary>The run as a whole.</summary>
    public RunOptions Run { get; init; } = new();

    /// <summary>Cameras, capture time, decoding.</summary>
    public IngestOptions Ingest { get; init; } = new();

    /// <summary>Finding people in frames.</summary>
    public DetectorOptions Detector { get; init; } = new();

    /// <summary>Following people in one camera.</summary>
    public TrackerOptions Tracker { get; init; } = new();

    /// <summary>Describing people.</summary>
    public ReidOptions Reid { get; init; } = new();

    /// <summary>Telling whether somebody is known.</summary>
    public LinkerOptions Linker { get; init; } = new();

    /// <summary>What is kept.</summary>
    public StoreOptions Store { get; init; } = new();

    /// <summary>How long it is kept.</summary>
    public RetentionOptions Retention { get; init; } = new();

    /// <summary>Telling others.</summary>
    public MqttOptions Mqtt { get; init; } = new();
}

using System.Text.Json.Serialization;

namespace Pipeline.Store.Mqtt;

/// <summary>What one stage did in the interval (mqtt.md 7).</summary>
/// <param name="Items">Items done.</param>
/// <param name="P50Ms">Median time an item.</param>
/// <param name="P95Ms">95th percentile of it.</param>
/// <param name="Queue">Items waiting now.</param>
/// <param name="Dropped">Items skipped.</param>
public sealed record StageStats(
    long Items, [property: JsonPropertyName("p50_ms")] double P50Ms, [property: JsonPropertyName("p95_ms")] double P95Ms, int Queue, long Dropped);

/// <summary>The host's part of <c>R/stats</c>; interval and time are added by the publisher.</summary>
public sealed record SiteStats
{
    /// <summary>Share of all cores that the process used, 0 to 100.</summary>
    public required double CpuPercent { get; init; }

    /// <summary>Memory of the process.</summary>
    public required long MemoryMb { get; init; }

    /// <summary>By name of the stage: <c>decode</c>, <c>detect</c>, <c>embed</c>, <c>link</c>.</summary>
    public required IReadOnlyDictionary<string, StageStats> Stages { get; init; }

    /// <summary>Identities the store knows.</summary>
    public required long Identities { get; init; }

    /// <summary>Tracklets the store knows.</summary>
    public required long Tracklets { get; init; }

    /// <summary>Events of the interval by type; <c>uncertain</c> counts those of that band.</summary>
    public required IReadOnlyDictionary<string, long> Events { get; init; }

    /// <summary>95th percentile from the end of a tracklet to its event; live cameras only.</summary>
    [JsonPropertyName("delay_p95_ms")]
    public long? DelayP95Ms { get; init; }
}

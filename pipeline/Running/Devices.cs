using Pipeline.Inference;

namespace Pipeline.Cli.Running;

/// <summary>Words for where a run computes.</summary>
internal static class Devices
{
    /// <summary>Where a run computes, and why.</summary>
    /// <param name="choice">What was asked for.</param>
    /// <param name="detector">What the detector's network runs on; null when it has none.</param>
    /// <param name="embedder">The same of the embedder.</param>
    public static string Describe(Device choice, string? detector, string? embedder) => (detector, embedder) switch
    {
        (null, null) => choice == Device.Cpu ? "cpu (asked for)" : "cpu (no network is in use)",
        ({ } one, { } other) when one != other => $"detector: {one}; re-identification: {other}",
        _ => detector ?? embedder!, // the first arm has taken the case of two nulls
    };

    /// <summary>Whether any network runs on CUDA, whose sums differ in the last bits: <c>cuda</c> or <c>cpu</c>.</summary>
    /// <param name="networks">What each runs on; null where there is none.</param>
    public static string Kind(params IEnumerable<string?> networks) => networks.Contains(NetworkSession.OnCuda) ? NetworkSession.OnCuda : "cpu";
}

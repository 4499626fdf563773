using Pipeline.Cli.Configuration;
using Pipeline.Reid;
using Pipeline.Reid.Calibrating;

namespace Pipeline.Cli.Running;

/// <summary>Words for where a run computes.</summary>
internal static class Devices
{
    /// <summary>Where a run computes, and why.</summary>
    /// <param name="embedder">The embedder in use.</param>
    /// <param name="choice">What was asked for.</param>
    public static string Describe(IEmbedder embedder, DeviceChoice choice) =>
        embedder is CalibratedEmbedder calibrated ? Describe(calibrated.Inner, choice)
        : embedder is OnnxEmbedder network ? network.Device : choice == DeviceChoice.Cpu ? "cpu (asked for)" : "cpu (the embedder is no network)";
}

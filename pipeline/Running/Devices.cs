using Pipeline.Cli.Configuration;

namespace Pipeline.Cli.Running;

/// <summary>Words for where a run computes.</summary>
internal static class Devices
{
    /// <summary>For a run whose embedder is no network.</summary>
    /// <param name="choice">What was asked for.</param>
    public static string Describe(DeviceChoice choice) => choice == DeviceChoice.Cpu ? "cpu (asked for)" : "cpu (the embedder is no network)";
}

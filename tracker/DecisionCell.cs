namespace Pipeline.Tracker;

/// <summary>The fixed grid of capture time whose cells are decided and committed together.</summary>
internal static class DecisionCell
{
    /// <summary>Number of the one-second cell that a time lies in.</summary>
    internal static long Of(DateTimeOffset at) => at.UtcTicks / TimeSpan.TicksPerSecond;
}

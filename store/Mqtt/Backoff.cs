namespace Pipeline.Store.Mqtt;

/// <summary>Waits that double from the least to the most, each between half and the whole of its step, so that many publishers do not come back at once.</summary>
internal sealed class Backoff(TimeSpan least, TimeSpan most)
{
    private int _failures;

    internal void Reset() => _failures = 0;

    internal TimeSpan Next()
    {
        double step = Math.Min(most.TotalMilliseconds, least.TotalMilliseconds * Math.Pow(2, Math.Min(_failures++, 30)));
        return TimeSpan.FromMilliseconds(step * (0.5 + (0.5 * Random.Shared.NextDouble())));
    }
}

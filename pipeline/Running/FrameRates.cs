using System.Collections.Concurrent;

namespace Pipeline.Cli.Running;

/// <summary>Frames a second of each camera between two moments at which somebody asked. Thread-safe.</summary>
/// <param name="time">The clock: how fast frames come is a matter of this machine's time, not of capture time.</param>
internal sealed class FrameRates(TimeProvider time)
{
    private static readonly TimeSpan s_least = TimeSpan.FromSeconds(1); // in less, a frame more or less would change the rate much

    private readonly ConcurrentDictionary<string, Sample> _samples = new(StringComparer.Ordinal);

    /// <summary>The rates since the last time that somebody asked, at least a second ago; null before there was one.</summary>
    /// <param name="camera">The camera's id.</param>
    /// <param name="decoded">Frames decoded so far.</param>
    /// <param name="analysed">Frames passed on so far.</param>
    public (double? In, double? Processed) Of(string camera, long decoded, long analysed)
    {
        Sample sample = _samples.AddOrUpdate(
            camera,
            _ => new(time.GetTimestamp(), decoded, analysed, null, null),
            (_, before) => time.GetElapsedTime(before.At) is var passed && passed >= s_least
                ? new(
                    time.GetTimestamp(), decoded, analysed, Rate(decoded - before.Decoded, passed), Rate(analysed - before.Analysed, passed))
                : before);
        return (sample.In, sample.Processed);
    }

    private static double Rate(long frames, TimeSpan passed) => Math.Round(frames / passed.TotalSeconds, 1);

    private sealed record Sample(long At, long Decoded, long Analysed, double? In, double? Processed);
}

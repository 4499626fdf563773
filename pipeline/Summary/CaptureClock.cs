using System.Globalization;
using Pipeline.Cli.Terminal;

namespace Pipeline.Cli.Summary;

/// <summary>
/// Writes capture times for people. A camera known by order alone has no time of day: its times count from its own start (from the
/// common start, where the user said that the cameras started together).
/// </summary>
/// <param name="summary">The run.</param>
public sealed class CaptureClock(RunSummary summary)
{
    private readonly Dictionary<string, CameraSummary> _cameras = summary.Cameras.ToDictionary(c => c.Id, StringComparer.Ordinal);

    private readonly bool _oneDay = summary.Cameras
        .Where(c => c.TimeSource != "order")
        .SelectMany(c => new[] { c.StartAt, c.EndAt })
        .OfType<DateTimeOffset>()
        .Select(t => t.UtcDateTime.Date)
        .Distinct()
        .Count() <= 1;

    /// <summary>True when all times of the run fall on one day, so that the day is left out.</summary>
    public bool IsOneDay => _oneDay;

    /// <summary>True when times of this camera count from a start instead of telling the time of day.</summary>
    /// <param name="camera">Camera id.</param>
    public bool IsRelative(string camera) => _cameras.TryGetValue(camera, out CameraSummary? known) && known.TimeSource == "order";

    /// <summary>What relative times of this camera count from; null when the camera gave no frame.</summary>
    /// <param name="camera">Camera id.</param>
    public DateTimeOffset? Start(string camera)
    {
        CameraSummary? known = _cameras.GetValueOrDefault(camera);
        return known is { HasClock: true }
            ? _cameras.Values.Where(c => c.HasClock && c.TimeSource == known.TimeSource).Min(c => c.StartAt)
            : known?.StartAt;
    }

    /// <summary>A moment: <c>15:04:05</c>, <c>11-21 15:04:05</c> when the run covers several days, or <c>0:42</c> from the start.</summary>
    /// <param name="camera">Camera id.</param>
    /// <param name="at">Capture time.</param>
    public string Moment(string camera, DateTimeOffset at) => IsRelative(camera) && Start(camera) is { } start
        ? TerminalText.Span(at > start ? at - start : TimeSpan.Zero)
        : at.UtcDateTime.ToString(_oneDay ? "HH:mm:ss" : "MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>From when to when a sighting was: <c>15:04:05-15:04:11</c>.</summary>
    /// <param name="sighting">The sighting.</param>
    public string Span(SightingSummary sighting)
    {
        string end = IsRelative(sighting.Camera) ? Moment(sighting.Camera, sighting.EndAt) : sighting.EndAt.UtcDateTime.ToString("HH:mm:ss", CultureInfo.InvariantCulture);
        return $"{Moment(sighting.Camera, sighting.StartAt)}-{end}";
    }
}

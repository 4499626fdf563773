using Pipeline.Store;
using Pipeline.Tracker.Evaluation;

namespace Pipeline.Cli.Running;

/// <summary>
/// Which tracklets the boxes in a run's track files belong to: most tracks are one, some were cut where they went from one person to another (what lies
/// between the parts belongs to neither), and some were too short to become any.
/// </summary>
/// <param name="sightings">The run's tracklets.</param>
internal sealed class RunTracks(IEnumerable<SightingView> sightings)
{
    private static readonly TimeSpan s_rounding = TimeSpan.FromMilliseconds(1); // the store's

    private readonly ILookup<(string Camera, int Track), SightingView> _tracklets =
        sightings.OrderBy(sighting => sighting.EndAt).ToLookup(sighting => (sighting.Camera, sighting.TrackNumber));

    private readonly Dictionary<(string Camera, int Track), int> _others = [];

    /// <summary>Gives boxes other ids.</summary>
    /// <param name="camera">Their camera.</param>
    /// <param name="rows">The boxes; their ids are the numbers of tracks.</param>
    /// <param name="frames">Capture times of the frames, where they are known.</param>
    /// <param name="id">The new id of a tracklet, above 0; null for one that has none.</param>
    /// <returns>The boxes, with ids below 0 where there is no tracklet or it has no id: one a track.</returns>
    public List<MotRow> Renumber(string camera, IEnumerable<MotRow> rows, IReadOnlyDictionary<int, DateTimeOffset?>? frames, Func<SightingView, int?> id) =>
        [.. rows.Select(row => row with { Id = (Of(camera, row, frames) is { } tracklet ? id(tracklet) : null) ?? Other(camera, row.Id) })];

    private SightingView? Of(string camera, MotRow row, IReadOnlyDictionary<int, DateTimeOffset?>? frames)
    {
        SightingView[] parts = [.. _tracklets[(camera, row.Id)]];
        if (parts.Length < 2 || frames?.GetValueOrDefault(row.Frame) is not { } at)
        {
            return parts.FirstOrDefault();
        }

        int next = Array.FindIndex(parts, part => at <= part.EndAt + s_rounding);
        return next < 0 ? parts[^1] : next == 0 || at >= parts[next].StartAt - s_rounding ? parts[next] : null;
    }

    private int Other(string camera, int track)
    {
        _others.TryAdd((camera, track), -1 - _others.Count);
        return _others[(camera, track)];
    }
}

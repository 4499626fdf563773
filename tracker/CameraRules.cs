namespace Pipeline.Tracker;

/// <summary>The rules of place and time: whether somebody seen there and then can be seen here and now (spec/tracking.md 3.2).</summary>
internal sealed class CameraRules(LinkerOptions options)
{
    private readonly string[][] _overlapping = [.. options.Overlapping.Select(Members)];
    private readonly Dictionary<(string From, string To), TravelWindow> _travel = options.TravelTimes.ToDictionary(
        pair => (pair.Key.Split("->")[0].Trim(), pair.Key.Split("->")[^1].Trim()), pair => pair.Value);

    // How far apart two sightings may lie and still rule each other out.
    private readonly TimeSpan _reach = options.TravelTimes.Values.Select(window => window.Min).DefaultIfEmpty().Max();

    /// <summary>Whether travel windows are set.</summary>
    internal bool HasWindows => options.Exclusion && _travel.Count > 0;

    internal static string[] Members(string group) =>
        group.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>Why a tracklet cannot be somebody with these sightings; null when it can.</summary>
    /// <param name="sightings">Where somebody was.</param>
    /// <param name="here">The tracklet.</param>
    /// <param name="beside">Tracklets that were in view together with it.</param>
    internal Verdict? Forbids(SightingHistory sightings, KnownSighting here, IReadOnlyList<Guid> beside)
    {
        if (!options.Exclusion)
        {
            return null;
        }

        if (beside.Count > 0 && sightings.Any(there => beside.Contains(there.TrackletId)))
        {
            return Verdict.SameCameraOverlap;
        }

        Verdict? verdict = null;
        foreach (KnownSighting there in sightings.Touching(here.StartAt - _reach, here.EndAt + _reach))
        {
            if (Overlap(there, here))
            {
                return Verdict.SameCameraOverlap;
            }

            verdict = Forbids(there, here) ? Verdict.ImpossibleTransit : verdict;
        }

        return verdict ?? (HasWindows && Before(sightings, here) is { } before && TooSlow(before, here) ? Verdict.ImpossibleTransit : null);
    }

    /// <summary>Whether two tracklets cannot be one person.</summary>
    internal bool Forbids(KnownSighting there, KnownSighting here, IReadOnlyList<Guid> beside) =>
        options.Exclusion
        && (beside.Contains(there.TrackletId) || Forbids(there, here) || (there.EndAt <= here.StartAt && Comparable(there, here) && TooSlow(there, here)));

    /// <summary>Whether two identities cannot be one person, for their sightings rule each other out.</summary>
    internal bool Forbids(SightingHistory ones, SightingHistory others)
    {
        (SightingHistory few, SightingHistory many) = ones.Count <= others.Count ? (ones, others) : (others, ones);
        return few.Any(one => many.Touching(one.StartAt - _reach, one.EndAt + _reach).Any(other => Forbids(one, other)))
            || (HasWindows && AnyTooSlow([.. ones, .. others]));
    }

    /// <summary>Whether two groups of sightings cannot be of one person, for their neighbours in time lie too far apart.</summary>
    internal bool TooSlow(IReadOnlyList<KnownSighting> ones, IReadOnlyList<KnownSighting> others) => HasWindows && AnyTooSlow([.. ones, .. others]);

    /// <summary>Whether two sightings cannot be of one person, whatever lies between them.</summary>
    internal bool Forbids(KnownSighting one, KnownSighting other) =>
        options.Exclusion
        && (Overlap(one, other) || (Comparable(one, other) && (TwoPlacesAtOnce(one, other) || TooFast(one, other) || TooFast(other, one))));

    // Whoever comes straight from one camera to the next takes no longer than its window says; only neighbours in time come straight.
    private bool AnyTooSlow(List<KnownSighting> sightings)
    {
        foreach (KnownSighting here in sightings)
        {
            KnownSighting? before = null;
            foreach (KnownSighting there in sightings)
            {
                if (there.EndAt <= here.StartAt && there != here && Comparable(there, here) && (before is null || there.EndAt > before.EndAt))
                {
                    before = there;
                }
            }

            if (before is not null && TooSlow(before, here))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The latest sighting before one, if that was in another camera and times can be compared; else null.</summary>
    internal KnownSighting? LatestElsewhere(SightingHistory sightings, KnownSighting here) =>
        Before(sightings, here, TimeSpan.FromTicks(1)) is { } before && before.Camera != here.Camera ? before : null;

    private KnownSighting? Before(SightingHistory sightings, KnownSighting here, TimeSpan least = default) =>
        sightings.Latest(here.StartAt - least, there => Comparable(there, here), decidedLast: false);

    private static bool Overlap(KnownSighting one, KnownSighting other) =>
        one.Camera == other.Camera && one.StartAt <= other.EndAt && other.StartAt <= one.EndAt;

    /// <summary>Whether the times of two sightings can be compared: one camera, two clocks, or clocks declared to be one.</summary>
    internal bool Comparable(KnownSighting one, KnownSighting other) =>
        one.Camera == other.Camera || (one.HasClock && other.HasClock) || (options.ClocksTogether && one.HasClock == other.HasClock);

    private bool TwoPlacesAtOnce(KnownSighting there, KnownSighting here)
    {
        DateTimeOffset from = there.StartAt > here.StartAt ? there.StartAt : here.StartAt;
        DateTimeOffset to = there.EndAt < here.EndAt ? there.EndAt : here.EndAt;
        return there.Camera != here.Camera && to - from > options.OverlapTolerance
            && !_overlapping.Any(group => group.Contains(there.Camera) && group.Contains(here.Camera));
    }

    private bool TooFast(KnownSighting first, KnownSighting second) =>
        first.EndAt <= second.StartAt
        && _travel.TryGetValue((first.Camera, second.Camera), out TravelWindow? window)
        && second.StartAt - first.EndAt < window.Min;

    private bool TooSlow(KnownSighting first, KnownSighting second) =>
        _travel.TryGetValue((first.Camera, second.Camera), out TravelWindow? window) && second.StartAt - first.EndAt > window.Max;
}

namespace Pipeline.Tracker;

/// <summary>The rules of place and time: whether somebody seen there and then can be seen here and now (spec/tracking.md 3.2).</summary>
internal sealed class CameraRules(LinkerOptions options)
{
    private readonly string[][] _overlapping = [.. options.Overlapping.Select(Members)];
    private readonly Dictionary<(string From, string To), TravelWindow> _travel = options.TravelTimes.ToDictionary(
        pair => (pair.Key.Split("->")[0].Trim(), pair.Key.Split("->")[^1].Trim()), pair => pair.Value);

    /// <summary>Whether travel windows are set.</summary>
    internal bool HasWindows => _travel.Count > 0;

    internal static string[] Members(string group) =>
        group.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>Why a tracklet cannot be somebody with these sightings; null when it can.</summary>
    internal Verdict? Forbids(IReadOnlyList<KnownSighting> sightings, KnownSighting here, IReadOnlyList<Guid> beside)
    {
        Verdict? verdict = null;
        KnownSighting? before = null;
        foreach (KnownSighting there in sightings)
        {
            if (there.Camera == here.Camera && there.StartAt <= here.EndAt && here.StartAt <= there.EndAt || beside.Contains(there.TrackletId))
            {
                return Verdict.SameCameraOverlap;
            }

            if (!Comparable(there, here))
            {
                continue;
            }

            if (TwoPlacesAtOnce(there, here) || TooFast(there, here) || TooFast(here, there))
            {
                verdict = Verdict.ImpossibleTransit;
            }

            if (there.EndAt <= here.StartAt && (before is null || there.EndAt > before.EndAt))
            {
                before = there;
            }
        }

        return verdict ?? (before is not null && TooSlow(before, here) ? Verdict.ImpossibleTransit : null);
    }

    /// <summary>Whether two identities cannot be one person, for their sightings rule each other out.</summary>
    internal bool Forbids(IReadOnlyList<KnownSighting> ones, IReadOnlyList<KnownSighting> others) =>
        ones.Any(one => others.Any(other => Forbids(one, other))) || (_travel.Count > 0 && AnyTooSlow([.. ones, .. others]));

    /// <summary>Whether two sightings cannot be of one person, whatever lies between them.</summary>
    internal bool Forbids(KnownSighting one, KnownSighting other) =>
        (one.Camera == other.Camera && one.StartAt <= other.EndAt && other.StartAt <= one.EndAt)
        || (Comparable(one, other) && (TwoPlacesAtOnce(one, other) || TooFast(one, other) || TooFast(other, one)));

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
    internal KnownSighting? LatestElsewhere(IReadOnlyList<KnownSighting> sightings, KnownSighting here)
    {
        KnownSighting? before = null;
        foreach (KnownSighting there in sightings)
        {
            if (there.EndAt < here.StartAt && Comparable(there, here) && (before is null || there.EndAt > before.EndAt))
            {
                before = there;
            }
        }

        return before is null || before.Camera == here.Camera ? null : before;
    }

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

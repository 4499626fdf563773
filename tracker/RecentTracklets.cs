namespace Pipeline.Tracker;

/// <summary>A tracklet that was decided a short while ago.</summary>
/// <param name="Sighting">Where and when.</param>
/// <param name="Feature">Its clip feature.</param>
/// <param name="IdentityId">Whom it belongs to.</param>
public sealed record RecentTracklet(KnownSighting Sighting, float[] Feature, Guid IdentityId)
{
    /// <summary>So many are held: in view together are those that end close to each other; who was decided before them has left.</summary>
    public const int Most = 256;
}

/// <summary>The tracklets decided last, in the order of the decisions: who was in view beside whom is found among them. Not thread-safe.</summary>
/// <param name="tracklets">Those of the decisions before.</param>
internal sealed class RecentTracklets(IEnumerable<RecentTracklet> tracklets)
{
    private readonly List<RecentTracklet> _tracklets = [.. tracklets];

    /// <summary>Those that cannot be the person of a sighting, for place and time rule it out.</summary>
    internal IEnumerable<RecentTracklet> Strangers(KnownSighting sighting, CameraRules rules) => _tracklets.Where(one => rules.Forbids(one.Sighting, sighting));

    /// <summary>Those that came and went together with a sighting.</summary>
    internal IEnumerable<RecentTracklet> CompanyOf(KnownSighting sighting) => _tracklets.Where(one => Company.Together(one.Sighting, sighting));

    internal void Add(RecentTracklet tracklet)
    {
        if (_tracklets.Count == RecentTracklet.Most)
        {
            _tracklets.RemoveAt(0);
        }

        _tracklets.Add(tracklet);
    }

    /// <summary>Follows a correction: tracklets belong to somebody else now.</summary>
    internal void Give(Predicate<RecentTracklet> which, Guid identity)
    {
        for (int index = 0; index < _tracklets.Count; index++)
        {
            _tracklets[index] = which(_tracklets[index]) ? _tracklets[index] with { IdentityId = identity } : _tracklets[index];
        }
    }

    internal void Forget(IReadOnlySet<Guid> tracklets) => _tracklets.RemoveAll(one => tracklets.Contains(one.Sighting.TrackletId));
}

using System.Collections;

namespace Pipeline.Tracker;

/// <summary>Where and when an identity was seen: in the order of the decisions, and by time, so that what lies near a moment is found without looking at all.</summary>
internal sealed class SightingHistory : IReadOnlyList<KnownSighting>
{
    private readonly List<KnownSighting> _decided = [];
    private readonly List<KnownSighting> _byEnd = []; // by end, of equals the one decided first
    private int _withoutClock;
    private TimeSpan _longest; // of all that were ever here: a bound, not a fact

    /// <inheritdoc/>
    public int Count => _decided.Count;

    /// <summary>Whether anything was let go of (<see cref="Trim"/>): then the identity was first met before what is here.</summary>
    internal bool IsCut { get; private set; }

    /// <summary>The latest end of a sighting with a clock; null when one without a clock is among them: those do not grow old.</summary>
    internal DateTimeOffset? LastSeen => _decided.Count > 0 && _withoutClock == 0 ? _byEnd[^1].EndAt : null;

    /// <summary>The earliest end; only of what is here.</summary>
    internal DateTimeOffset FirstEnd => _byEnd[0].EndAt;

    /// <inheritdoc/>
    public KnownSighting this[int index] => _decided[index];

    /// <inheritdoc/>
    public IEnumerator<KnownSighting> GetEnumerator() => _decided.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Adds one at its place.</summary>
    internal void Add(KnownSighting sighting)
    {
        int at = _decided.Count;
        while (at > 0 && _decided[at - 1].Order > sighting.Order)
        {
            at--;
        }

        _decided.Insert(at, sighting);
        _withoutClock += sighting.HasClock ? 0 : 1;
        _byEnd.Insert(PlaceByEnd(sighting), sighting);
        _longest = sighting.EndAt - sighting.StartAt > _longest ? sighting.EndAt - sighting.StartAt : _longest;
    }

    /// <summary>Takes one out.</summary>
    internal KnownSighting Remove(Guid trackletId)
    {
        int at = _decided.FindIndex(sighting => sighting.TrackletId == trackletId);
        KnownSighting gone = _decided[at];
        _decided.RemoveAt(at);
        _byEnd.Remove(gone);
        _withoutClock -= gone.HasClock ? 0 : 1;
        return gone;
    }

    /// <summary>Adds all of another.</summary>
    internal void AddAll(SightingHistory other)
    {
        foreach (KnownSighting sighting in other._decided)
        {
            Add(sighting);
        }

        IsCut |= other.IsCut;
    }

    /// <summary>
    /// Lets go of those with a clock that ended before a moment, but for the one decided last. What is left depends on what was ever added and on
    /// the latest moment, not on how often this was called: a history rebuilt from the store is the same.
    /// </summary>
    /// <param name="limit">The moment.</param>
    /// <param name="keep">Tracklets to keep, whatever their age.</param>
    internal void Trim(DateTimeOffset limit, Predicate<Guid> keep)
    {
        if (_byEnd.Count < 2 || _byEnd[0].EndAt >= limit)
        {
            return;
        }

        bool Leaves(KnownSighting sighting) => sighting.HasClock && sighting.EndAt < limit && sighting != _decided[^1] && !keep(sighting.TrackletId);
        IsCut |= _byEnd.RemoveAll(Leaves) > 0;
        _decided.RemoveAll(Leaves);
    }

    /// <summary>The one that ended last at or before a moment and can be compared with another; of equals the one decided first, or last.</summary>
    internal KnownSighting? Latest(DateTimeOffset until, Predicate<KnownSighting> counts, bool decidedLast)
    {
        KnownSighting? found = null;
        for (int at = EndedBy(until) - 1; at >= 0 && (found is null || _byEnd[at].EndAt == found.EndAt); at--)
        {
            if (counts(_byEnd[at]))
            {
                found = _byEnd[at];
                if (decidedLast)
                {
                    break;
                }
            }
        }

        return found;
    }

    /// <summary>Those that can touch a span of time: that ended after its beginning and did not begin after its end.</summary>
    internal IEnumerable<KnownSighting> Touching(DateTimeOffset from, DateTimeOffset to)
    {
        for (int at = EndedBy(from - TimeSpan.FromTicks(1)); at < _byEnd.Count && _byEnd[at].EndAt - _longest <= to; at++)
        {
            yield return _byEnd[at];
        }
    }

    // How many ended at or before a moment.
    private int EndedBy(DateTimeOffset until)
    {
        (int low, int high) = (0, _byEnd.Count);
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = _byEnd[middle].EndAt <= until ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    private int PlaceByEnd(KnownSighting sighting)
    {
        int at = EndedBy(sighting.EndAt);
        while (at > 0 && _byEnd[at - 1].EndAt == sighting.EndAt && _byEnd[at - 1].Order > sighting.Order)
        {
            at--;
        }

        return at;
    }
}

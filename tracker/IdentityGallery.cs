using Pipeline.Reid;

namespace Pipeline.Tracker;

/// <summary>The identities known, each with the clip features that stand for it and the places where it was seen.</summary>
/// <remarks>
/// Features lie row by row in blocks of memory that do not move; a search reads each once, for all queries of a moment together. Identities are
/// numbered in order of creation. Not thread-safe.
/// </remarks>
/// <param name="prototypes">Most prototypes of an identity.</param>
/// <param name="perCamera">Most of them from one camera.</param>
public sealed class IdentityGallery(int prototypes, int perCamera = int.MaxValue)
{
    private readonly List<Entry> _entries = [];
    private readonly Dictionary<Guid, Entry> _byId = [];
    private readonly GalleryRows _rows = new();
    private long _order;
    private DateTimeOffset _limit = DateTimeOffset.MinValue; // sightings that ended before it are not kept
    private Predicate<Guid> _keep = _ => false;

    /// <summary>Identities.</summary>
    public int Count => _entries.Count;

    /// <summary>Prototypes of all identities together.</summary>
    public int PrototypeCount => _rows.Used;

    /// <summary>Sightings that are held, of all identities together.</summary>
    public int SightingCount => _entries.Sum(entry => entry.Sightings.Count);

    /// <summary>Id of an identity.</summary>
    /// <param name="identity">Number of the identity.</param>
    public Guid Id(int identity) => _entries[identity].Id;

    /// <summary>Sightings of an identity in the order in which they were decided.</summary>
    /// <param name="identity">Number of the identity.</param>
    public IReadOnlyList<KnownSighting> Sightings(int identity) => _entries[identity].Sightings;

    /// <summary>Tracklets whose features stand for an identity, in the order in which they count.</summary>
    /// <param name="identity">Number of the identity.</param>
    public IReadOnlyList<Guid> Prototypes(int identity) => [.. _entries[identity].Prototypes.Select(prototype => prototype.TrackletId)];

    /// <summary>The clip feature of a prototype.</summary>
    /// <param name="identity">Number of the identity.</param>
    /// <param name="tracklet">One of its <see cref="Prototypes"/>.</param>
    internal ReadOnlySpan<float> Feature(int identity, Guid tracklet) => _rows[_entries[identity].Prototypes.First(prototype => prototype.TrackletId == tracklet).Row];

    /// <summary>Number of an identity; -1 when it is not here.</summary>
    /// <param name="id">Its id.</param>
    public int IndexOf(Guid id) => _byId.TryGetValue(id, out Entry? entry) ? entry.Number : -1;

    /// <summary>Rebuilds a gallery from what was stored.</summary>
    /// <param name="snapshot">What was stored.</param>
    /// <param name="prototypes">Most prototypes of an identity from now on.</param>
    /// <param name="perCamera">Most of them from one camera from now on.</param>
    public static IdentityGallery From(GallerySnapshot snapshot, int prototypes, int perCamera = int.MaxValue)
    {
        IdentityGallery gallery = new(prototypes, perCamera);
        foreach (KnownIdentity identity in snapshot.Identities)
        {
            Entry entry = gallery._entries[gallery.Create(identity.Id)];
            foreach (KnownSighting sighting in identity.Sightings)
            {
                gallery._order = Math.Max(gallery._order, sighting.Order);
                entry.Sightings.Add(sighting);
            }

            foreach (KnownPrototype prototype in identity.Prototypes)
            {
                gallery.AddPrototype(entry, prototype.TrackletId, prototype.Camera, prototype.Feature);
            }
        }

        return gallery;
    }

    /// <summary>Adds an identity without prototypes or sightings.</summary>
    /// <param name="id">Its id.</param>
    /// <returns>Its number.</returns>
    public int Create(Guid id)
    {
        Entry entry = new(id) { Number = _entries.Count };
        _entries.Add(entry);
        _byId[id] = entry;
        return entry.Number;
    }

    /// <summary>The prototype of an identity that speaks most for a feature: the largest cosine above what its camera asks for; of equals the one added first.</summary>
    /// <param name="identity">Number of the identity.</param>
    /// <param name="feature">Unit vector.</param>
    /// <param name="camera">Camera of the feature.</param>
    /// <param name="levels">What is asked of each pair of cameras.</param>
    /// <returns>The cosine, negative infinity when there is no prototype; the tracklet of that prototype; its camera.</returns>
    /// <exception cref="ArgumentException">The length differs from that of the prototypes.</exception>
    internal (float Similarity, Guid TrackletId, string Camera) Compare(int identity, ReadOnlySpan<float> feature, string camera, AcceptLevels levels)
    {
        (float Similarity, Guid TrackletId, string Camera) best = (float.NegativeInfinity, Guid.Empty, "");
        float most = float.NegativeInfinity;
        foreach ((Guid tracklet, string from, int row) in _entries[identity].Prototypes)
        {
            float similarity = CosineSearch.Dot(_rows[row], _rows.Checked(feature));
            float worth = similarity - levels.Of(camera, from);
            if (worth > most)
            {
                most = worth;
                best = (similarity, tracklet, from);
            }
        }

        return best;
    }

    /// <summary>
    /// For each of several features, what <see cref="Compare(int, ReadOnlySpan{float}, string, AcceptLevels)"/> finds of every identity: the cosine less what its cameras are asked for above the threshold.
    /// </summary>
    /// <param name="features">Unit vectors.</param>
    /// <param name="cameras">Their cameras.</param>
    /// <param name="levels">What is asked of each pair of cameras.</param>
    /// <param name="worth">Receives a value for each identity, for each feature; negative infinity without a prototype. Each at least <see cref="Count"/> long.</param>
    internal void CompareAll(IReadOnlyList<float[]> features, IReadOnlyList<string> cameras, AcceptLevels levels, IReadOnlyList<float[]> worth)
    {
        foreach (float[] one in worth)
        {
            Array.Fill(one, float.NegativeInfinity, 0, Count);
        }

        _rows.Compare(features, cameras, levels, worth);
    }

    /// <summary>Adds a tracklet to an identity. When that makes too many prototypes, the most redundant one leaves.</summary>
    /// <param name="identity">Number of the identity.</param>
    /// <param name="sighting">Where and when.</param>
    /// <param name="feature">Its clip feature.</param>
    /// <returns>What changed: the new prototype may itself be the redundant one, then nothing did.</returns>
    public PrototypeChange Add(int identity, KnownSighting sighting, ReadOnlySpan<float> feature)
    {
        Entry entry = _entries[identity];
        entry.Sightings.Add(sighting);
        entry.Sightings.Trim(_limit, _keep);
        AddPrototype(entry, sighting.TrackletId, sighting.Camera, feature);
        if (Surplus(entry) is not { } removed)
        {
            return new PrototypeChange(entry.Id, sighting.TrackletId, null);
        }

        return removed == sighting.TrackletId
            ? new PrototypeChange(entry.Id, null, null)
            : new PrototypeChange(entry.Id, sighting.TrackletId, removed);
    }

    /// <summary>The next numbers in the order of decisions.</summary>
    /// <param name="count">How many.</param>
    /// <returns>The first of them.</returns>
    internal long TakeOrders(int count)
    {
        long first = _order + 1;
        _order += count;
        return first;
    }

    /// <summary>Sightings of an identity, with their index by time.</summary>
    internal SightingHistory History(int identity) => _entries[identity].Sightings;

    /// <summary>Adds all that is known of one identity to another, and removes it. The numbers of later identities fall by one.</summary>
    /// <param name="kept">Number of the identity that stays; below that of the other.</param>
    /// <param name="gone">Number of the identity that goes.</param>
    internal void Merge(int kept, int gone)
    {
        (Entry into, Entry from) = (_entries[kept], _entries[gone]);
        into.Sightings.AddAll(from.Sightings);
        into.Sightings.Trim(_limit, _keep);
        foreach ((Guid TrackletId, string Camera, int Row) prototype in from.Prototypes)
        {
            into.Prototypes.Add(prototype);
            _rows.Give(prototype.Row, kept);
        }

        while (Surplus(into) is not null)
        {
        }

        from.Prototypes.Clear();
        RemoveAll(entry => entry == from);
    }

    /// <summary>Moves a tracklet, which must be a prototype, from one identity to another.</summary>
    internal void Move(int from, int to, Guid trackletId)
    {
        (Entry source, Entry target) = (_entries[from], _entries[to]);
        target.Sightings.Add(source.Sightings.Remove(trackletId));
        target.Sightings.Trim(_limit, _keep);
        int prototype = source.Prototypes.FindIndex(one => one.TrackletId == trackletId);
        target.Prototypes.Add(source.Prototypes[prototype]);
        _rows.Give(source.Prototypes[prototype].Row, to);
        source.Prototypes.RemoveAt(prototype);
        while (Surplus(target) is not null)
        {
        }
    }

    /// <summary>Lets go of identities that were seen last before a moment, by clocks. The others keep their order.</summary>
    /// <param name="limit">The moment.</param>
    internal void Forget(DateTimeOffset limit) => RemoveAll(entry => entry.Sightings.LastSeen < limit);

    /// <summary>Lets go of tracklets, and of the identities of which they leave no prototype.</summary>
    /// <param name="tracklets">The tracklets.</param>
    internal void Remove(IReadOnlySet<Guid> tracklets)
    {
        foreach (Entry entry in _entries)
        {
            foreach (Guid gone in entry.Sightings.Select(sighting => sighting.TrackletId).Where(tracklets.Contains).ToList())
            {
                entry.Sightings.Remove(gone);
            }

            foreach ((_, _, int row) in entry.Prototypes.Where(prototype => tracklets.Contains(prototype.TrackletId)))
            {
                _rows.Free(row);
            }

            entry.Prototypes.RemoveAll(prototype => tracklets.Contains(prototype.TrackletId));
        }

        RemoveAll(entry => entry.Prototypes.Count == 0 && entry.Sightings.Count == 0);
    }

    /// <summary>Lets go of sightings so old that no rule needs them (<see cref="SightingHistory.Trim"/>), now and whenever one is added.</summary>
    /// <param name="limit">Those that ended before go.</param>
    /// <param name="keep">Tracklets to keep.</param>
    internal void Trim(DateTimeOffset limit, Predicate<Guid> keep)
    {
        (_limit, _keep) = (limit, keep);
        _entries.ForEach(entry => entry.Sightings.Trim(limit, keep));
    }

    /// <summary>Tracklets of all sightings that are held.</summary>
    internal HashSet<Guid> Tracklets() => [.. _entries.SelectMany(entry => entry.Sightings).Select(sighting => sighting.TrackletId)];

    /// <summary>How alike two identities are: the mean of the three best pairs of prototypes, each taken from what its cameras ask for.</summary>
    /// <returns>That mean, negative infinity when one has no prototype; the plain cosine of the best pair; and how far that one lies above.</returns>
    internal (float Above, float Similarity, float Best) Compare(int one, int other, AcceptLevels levels)
    {
        Span<float> best = [float.NegativeInfinity, float.NegativeInfinity, float.NegativeInfinity];
        float similarity = float.NegativeInfinity;
        int pairs = 0;
        foreach ((_, string camera, int row) in _entries[one].Prototypes)
        {
            foreach ((_, string otherCamera, int otherRow) in _entries[other].Prototypes)
            {
                float cosine = CosineSearch.Dot(_rows[row], _rows[otherRow]);
                float above = cosine - levels.Of(camera, otherCamera);
                similarity = above > best[0] ? cosine : similarity;
                TopThree.Add(best, above);
                pairs++;
            }
        }

        return (TopThree.Mean(best, pairs), similarity, best[0]);
    }

    /// <summary>How far a prototype of an identity lies above what is asked for, against the best of the identity's others.</summary>
    internal float AboveOthers(int identity, Guid trackletId, AcceptLevels levels)
    {
        (_, string camera, int row) = _entries[identity].Prototypes.Find(prototype => prototype.TrackletId == trackletId);
        float most = float.NegativeInfinity;
        foreach ((Guid id, string otherCamera, int otherRow) in _entries[identity].Prototypes)
        {
            if (id != trackletId)
            {
                float cosine = CosineSearch.Dot(_rows[row], _rows[otherRow]);
                most = Math.Max(most, cosine - levels.Of(camera, otherCamera));
            }
        }

        return most;
    }

    private void AddPrototype(Entry entry, Guid tracklet, string camera, ReadOnlySpan<float> feature) =>
        entry.Prototypes.Add((tracklet, camera, _rows.Add(feature, entry.Number, camera)));

    private void RemoveAll(Predicate<Entry> leaves)
    {
        int[] numbers = new int[_entries.Count];
        int left = 0;
        foreach (Entry entry in _entries)
        {
            bool gone = leaves(entry);
            numbers[entry.Number] = gone ? -1 : left++;
            if (gone)
            {
                entry.Prototypes.ForEach(prototype => _rows.Free(prototype.Row));
                _byId.Remove(entry.Id);
            }
        }

        if (left == _entries.Count)
        {
            return;
        }

        _entries.RemoveAll(entry => numbers[entry.Number] < 0);
        foreach (Entry entry in _entries)
        {
            entry.Number = numbers[entry.Number];
        }

        _rows.Renumber(numbers);
    }

    // Lets the most redundant prototype go where there are too many: of the camera that has too many, else of all.
    private Guid? Surplus(Entry entry)
    {
        string? crowded = entry.Prototypes.GroupBy(prototype => prototype.Camera).FirstOrDefault(camera => camera.Count() > perCamera)?.Key;
        if (crowded is null && entry.Prototypes.Count <= prototypes)
        {
            return null;
        }

        int leaving = MostRedundant(entry, crowded);
        (Guid removed, _, int row) = entry.Prototypes[leaving];
        entry.Prototypes.RemoveAt(leaving);
        _rows.Free(row);
        return removed;
    }

    // Of the two most alike the one that is more alike to the others as well; of equals the newer.
    private int MostRedundant(Entry entry, string? camera)
    {
        int[] among = [.. Enumerable.Range(0, entry.Prototypes.Count).Where(one => camera is null || entry.Prototypes[one].Camera == camera)];
        (float Nearest, float Sum) most = (float.NegativeInfinity, float.NegativeInfinity);
        int leaving = among[^1];
        foreach (int one in among)
        {
            (float nearest, float sum) = (float.NegativeInfinity, 0);
            foreach (int other in among)
            {
                if (other != one)
                {
                    float similarity = CosineSearch.Dot(_rows[entry.Prototypes[one].Row], _rows[entry.Prototypes[other].Row]);
                    (nearest, sum) = (Math.Max(nearest, similarity), sum + similarity);
                }
            }

            if ((nearest, sum).CompareTo(most) >= 0)
            {
                (most, leaving) = ((nearest, sum), one);
            }
        }

        return leaving;
    }

    private sealed class Entry(Guid id)
    {
        internal Guid Id { get; } = id;

        internal int Number { get; set; }

        internal List<(Guid TrackletId, string Camera, int Row)> Prototypes { get; } = [];

        internal SightingHistory Sightings { get; } = new();
    }
}

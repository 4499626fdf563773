using System.Numerics.Tensors;

namespace Pipeline.Tracker;

/// <summary>The identities known, each with the clip features that stand for it and the places where it was seen.</summary>
/// <remarks>Features lie row by row in one block of memory; comparing allocates nothing. Identities are numbered in order of creation. Not thread-safe.</remarks>
/// <param name="prototypes">Most prototypes of an identity.</param>
public sealed class IdentityGallery(int prototypes)
{
    private readonly List<Entry> _entries = [];
    private readonly List<int> _free = [];
    private float[] _features = [];
    private int _dimension;
    private int _rows;
    private long _order;

    /// <summary>Identities.</summary>
    public int Count => _entries.Count;

    /// <summary>Prototypes of all identities together.</summary>
    public int PrototypeCount => _rows - _free.Count;

    /// <summary>Id of an identity.</summary>
    /// <param name="identity">Number of the identity.</param>
    public Guid Id(int identity) => _entries[identity].Id;

    /// <summary>Sightings of an identity in the order in which they were decided.</summary>
    /// <param name="identity">Number of the identity.</param>
    public IReadOnlyList<KnownSighting> Sightings(int identity) => _entries[identity].Sightings;

    /// <summary>Tracklets whose features stand for an identity, in the order in which they count.</summary>
    /// <param name="identity">Number of the identity.</param>
    public IReadOnlyList<Guid> Prototypes(int identity) => [.. _entries[identity].Prototypes.Select(prototype => prototype.TrackletId)];

    /// <summary>Number of an identity; -1 when it is not here.</summary>
    /// <param name="id">Its id.</param>
    public int IndexOf(Guid id) => _entries.FindIndex(entry => entry.Id == id);

    /// <summary>Rebuilds a gallery from what was stored.</summary>
    /// <param name="snapshot">What was stored.</param>
    /// <param name="prototypes">Most prototypes of an identity from now on.</param>
    public static IdentityGallery From(GallerySnapshot snapshot, int prototypes)
    {
        IdentityGallery gallery = new(prototypes);
        foreach (KnownIdentity identity in snapshot.Identities)
        {
            Entry entry = new(identity.Id);
            foreach (KnownSighting sighting in identity.Sightings)
            {
                gallery._order = Math.Max(gallery._order, sighting.Order);
                entry.Sightings.Add(sighting);
            }

            foreach (KnownPrototype prototype in identity.Prototypes)
            {
                entry.Prototypes.Add((prototype.TrackletId, prototype.Camera, gallery.Store(prototype.Feature)));
            }

            gallery._entries.Add(entry);
        }

        return gallery;
    }

    /// <summary>Adds an identity without prototypes or sightings.</summary>
    /// <param name="id">Its id.</param>
    /// <returns>Its number.</returns>
    public int Create(Guid id)
    {
        _entries.Add(new Entry(id));
        return _entries.Count - 1;
    }

    /// <summary>The prototype of an identity that speaks most for a feature: the largest cosine above what its camera asks for; of equals the one added first.</summary>
    /// <param name="identity">Number of the identity.</param>
    /// <param name="feature">Unit vector.</param>
    /// <param name="camera">Camera of the feature.</param>
    /// <param name="sameCameraExtra">How much more is asked of a prototype from that camera.</param>
    /// <returns>The cosine, negative infinity when there is no prototype; the tracklet of that prototype; whether it is from that camera.</returns>
    /// <exception cref="ArgumentException">The length differs from that of the prototypes.</exception>
    public (float Similarity, Guid TrackletId, bool SameCamera) Compare(int identity, ReadOnlySpan<float> feature, string camera = "", float sameCameraExtra = 0)
    {
        (float Similarity, Guid TrackletId, bool SameCamera) best = (float.NegativeInfinity, Guid.Empty, false);
        float most = float.NegativeInfinity;
        foreach ((Guid tracklet, string from, int row) in _entries[identity].Prototypes)
        {
            float similarity = TensorPrimitives.Dot(Row(row), Checked(feature));
            float worth = from == camera ? similarity - sameCameraExtra : similarity;
            if (worth > most)
            {
                most = worth;
                best = (similarity, tracklet, from == camera);
            }
        }

        return best;
    }

    /// <summary>Adds a tracklet to an identity. When that makes too many prototypes, the most redundant one leaves.</summary>
    /// <param name="identity">Number of the identity.</param>
    /// <param name="sighting">Where and when.</param>
    /// <param name="feature">Its clip feature.</param>
    /// <returns>What changed: the new prototype may itself be the redundant one, then nothing did.</returns>
    public PrototypeChange Add(int identity, KnownSighting sighting, ReadOnlySpan<float> feature)
    {
        Entry entry = _entries[identity];
        Insert(entry.Sightings, sighting);
        entry.Prototypes.Add((sighting.TrackletId, sighting.Camera, Store(feature)));
        if (entry.Prototypes.Count <= prototypes)
        {
            return new PrototypeChange(entry.Id, sighting.TrackletId, null);
        }

        Guid removed = DropMostRedundant(entry);
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

    /// <summary>Adds all that is known of one identity to another, and removes it. The numbers of later identities fall by one.</summary>
    /// <param name="kept">Number of the identity that stays; below that of the other.</param>
    /// <param name="gone">Number of the identity that goes.</param>
    internal void Merge(int kept, int gone)
    {
        (Entry into, Entry from) = (_entries[kept], _entries[gone]);
        from.Sightings.ForEach(sighting => Insert(into.Sightings, sighting));
        into.Prototypes.AddRange(from.Prototypes);
        while (into.Prototypes.Count > prototypes)
        {
            DropMostRedundant(into);
        }

        _entries.RemoveAt(gone);
    }

    /// <summary>Moves a tracklet, which must be a prototype, from one identity to another.</summary>
    internal void Move(int from, int to, Guid trackletId)
    {
        (Entry source, Entry target) = (_entries[from], _entries[to]);
        int at = source.Sightings.FindIndex(sighting => sighting.TrackletId == trackletId);
        Insert(target.Sightings, source.Sightings[at]);
        source.Sightings.RemoveAt(at);
        int prototype = source.Prototypes.FindIndex(one => one.TrackletId == trackletId);
        target.Prototypes.Add(source.Prototypes[prototype]);
        source.Prototypes.RemoveAt(prototype);
        while (target.Prototypes.Count > prototypes)
        {
            DropMostRedundant(target);
        }
    }

    /// <summary>Lets go of identities. The others keep their order.</summary>
    internal int RemoveAll(Predicate<IReadOnlyList<KnownSighting>> leaves)
    {
        int before = _entries.Count;
        foreach (Entry entry in _entries.Where(entry => leaves(entry.Sightings)))
        {
            _free.AddRange(entry.Prototypes.Select(prototype => prototype.Row));
            entry.Leaves = true;
        }

        _entries.RemoveAll(entry => entry.Leaves);
        return before - _entries.Count;
    }

    /// <summary>How alike two identities are: the mean of the three best pairs of prototypes, each taken from what its cameras ask for.</summary>
    /// <returns>That mean, negative infinity when one has no prototype; the plain cosine of the best pair; and how far that one lies above.</returns>
    internal (float Above, float Similarity, float Best) Compare(int one, int other, float level, float sameCameraExtra)
    {
        Span<float> best = [float.NegativeInfinity, float.NegativeInfinity, float.NegativeInfinity];
        float similarity = float.NegativeInfinity;
        int pairs = 0;
        foreach ((_, string camera, int row) in _entries[one].Prototypes)
        {
            foreach ((_, string otherCamera, int otherRow) in _entries[other].Prototypes)
            {
                float cosine = TensorPrimitives.Dot(Row(row), Row(otherRow));
                float above = cosine - level - (camera == otherCamera ? sameCameraExtra : 0);
                similarity = above > best[0] ? cosine : similarity;
                TopThree.Add(best, above);
                pairs++;
            }
        }

        return (TopThree.Mean(best, pairs), similarity, best[0]);
    }

    /// <summary>How far a prototype of an identity lies above what is asked for, against the best of the identity's others.</summary>
    internal float AboveOthers(int identity, Guid trackletId, float level, float sameCameraExtra)
    {
        (_, string camera, int row) = _entries[identity].Prototypes.Find(prototype => prototype.TrackletId == trackletId);
        float most = float.NegativeInfinity;
        foreach ((Guid id, string otherCamera, int otherRow) in _entries[identity].Prototypes)
        {
            if (id != trackletId)
            {
                float cosine = TensorPrimitives.Dot(Row(row), Row(otherRow));
                most = Math.Max(most, cosine - level - (camera == otherCamera ? sameCameraExtra : 0));
            }
        }

        return most;
    }

    private static void Insert(List<KnownSighting> sightings, KnownSighting sighting)
    {
        int at = sightings.Count;
        while (at > 0 && sightings[at - 1].Order > sighting.Order)
        {
            at--;
        }

        sightings.Insert(at, sighting);
    }

    private Guid DropMostRedundant(Entry entry)
    {
        int leaving = MostRedundant(entry);
        (Guid removed, _, int row) = entry.Prototypes[leaving];
        entry.Prototypes.RemoveAt(leaving);
        _free.Add(row);
        return removed;
    }

    // Of the two most alike the one that is more alike to the others as well; of equals the newer.
    private int MostRedundant(Entry entry)
    {
        int count = entry.Prototypes.Count;
        (float Nearest, float Sum) most = (float.NegativeInfinity, float.NegativeInfinity);
        int leaving = count - 1;
        for (int one = 0; one < count; one++)
        {
            (float nearest, float sum) = (float.NegativeInfinity, 0);
            for (int other = 0; other < count; other++)
            {
                if (other != one)
                {
                    float similarity = TensorPrimitives.Dot(Row(entry.Prototypes[one].Row), Row(entry.Prototypes[other].Row));
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

    private int Store(ReadOnlySpan<float> feature)
    {
        if (_dimension == 0)
        {
            _dimension = feature.Length;
        }

        int row = _rows;
        if (_free.Count > 0)
        {
            row = _free[^1];
            _free.RemoveAt(_free.Count - 1);
        }
        else if (++_rows * _dimension > _features.Length)
        {
            Array.Resize(ref _features, Math.Max(64 * _dimension, 2 * _features.Length));
        }

        Checked(feature).CopyTo(_features.AsSpan(row * _dimension));
        return row;
    }

    private ReadOnlySpan<float> Row(int row) => _features.AsSpan(row * _dimension, _dimension);

    private ReadOnlySpan<float> Checked(ReadOnlySpan<float> feature) => feature.Length == _dimension
        ? feature
        : throw new ArgumentException($"features of length {_dimension} are needed, got {feature.Length}: they are of another model", nameof(feature));

    private sealed class Entry(Guid id)
    {
        internal Guid Id { get; } = id;

        internal bool Leaves { get; set; }

        internal List<(Guid TrackletId, string Camera, int Row)> Prototypes { get; } = [];

        internal List<KnownSighting> Sightings { get; } = [];
    }
}

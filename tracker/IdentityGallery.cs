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

    /// <summary>Rebuilds a gallery from what was stored.</summary>
    /// <param name="snapshot">What was stored.</param>
    /// <param name="prototypes">Most prototypes of an identity from now on.</param>
    public static IdentityGallery From(GallerySnapshot snapshot, int prototypes)
    {
        IdentityGallery gallery = new(prototypes);
        foreach (KnownIdentity identity in snapshot.Identities)
        {
            Entry entry = new(identity.Id);
            entry.Sightings.AddRange(identity.Sightings);
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
        entry.Sightings.Add(sighting);
        entry.Prototypes.Add((sighting.TrackletId, sighting.Camera, Store(feature)));
        if (entry.Prototypes.Count <= prototypes)
        {
            return new PrototypeChange(entry.Id, sighting.TrackletId, null);
        }

        int leaving = MostRedundant(entry);
        (Guid removed, _, int row) = entry.Prototypes[leaving];
        entry.Prototypes.RemoveAt(leaving);
        _free.Add(row);
        return removed == sighting.TrackletId
            ? new PrototypeChange(entry.Id, null, null)
            : new PrototypeChange(entry.Id, sighting.TrackletId, removed);
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

        internal List<(Guid TrackletId, string Camera, int Row)> Prototypes { get; } = [];

        internal List<KnownSighting> Sightings { get; } = [];
    }
}

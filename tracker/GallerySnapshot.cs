using Pipeline.Ingest;

namespace Pipeline.Tracker;

/// <summary>A sighting as the gallery remembers it: enough to say where an identity was when.</summary>
/// <param name="TrackletId">The tracklet.</param>
/// <param name="Camera">Camera id.</param>
/// <param name="StartAt">Capture time of its first detection.</param>
/// <param name="EndAt">Capture time of its last detection.</param>
/// <param name="HasClock">False when the camera is known by order alone: its times say nothing about other cameras.</param>
public sealed record KnownSighting(Guid TrackletId, string Camera, DateTimeOffset StartAt, DateTimeOffset EndAt, bool HasClock)
{
    /// <summary>Place in the order of all decisions; grows, with gaps.</summary>
    public long Order { get; init; }

    /// <summary>Where the camera first saw it (<see cref="Tracklet.Entry"/>); null where that is not known.</summary>
    public FootPoint? Entry { get; init; }

    /// <summary>Where the camera last saw it (<see cref="Tracklet.Exit"/>); null where that is not known.</summary>
    public FootPoint? Exit { get; init; }

    /// <summary>The sighting of a tracklet, without a place in the order of the decisions.</summary>
    /// <param name="tracklet">The tracklet.</param>
    public static KnownSighting Of(Tracklet tracklet)
    {
        ArgumentNullException.ThrowIfNull(tracklet);
        return new KnownSighting(tracklet.Id, tracklet.Camera.Id, tracklet.StartAt, tracklet.EndAt, tracklet.Segment.TimeSource != TimeSource.Order)
        {
            Entry = tracklet.Entry,
            Exit = tracklet.Exit,
        };
    }
}

/// <summary>A prototype as stored.</summary>
/// <param name="TrackletId">The tracklet whose clip feature it is.</param>
/// <param name="Camera">Camera id of that tracklet.</param>
/// <param name="Feature">Unit vector, values exact in 16-bit floating point.</param>
public sealed record KnownPrototype(Guid TrackletId, string Camera, float[] Feature);

/// <summary>An identity as stored, to rebuild the gallery from.</summary>
/// <param name="Id">The identity.</param>
/// <param name="Prototypes">In the order in which they were added.</param>
/// <param name="Sightings">In the order in which they were decided.</param>
public sealed record KnownIdentity(Guid Id, IReadOnlyList<KnownPrototype> Prototypes, IReadOnlyList<KnownSighting> Sightings);

/// <summary>All that linking needs to go on where another run of the program stopped.</summary>
/// <param name="Identities">In the order of their creation.</param>
/// <param name="Decided">Tracklets already decided: seen again they change nothing.</param>
public sealed record GallerySnapshot(IReadOnlyList<KnownIdentity> Identities, IReadOnlySet<Guid> Decided)
{
    /// <summary>Who is and who is not one person for sure.</summary>
    public LinkConstraints Constraints { get; init; } = LinkConstraints.None;

    /// <summary>What an operator said of pairs, with their features: it counts for pairs that look like them, too.</summary>
    public RelevanceFeedback Feedback { get; init; } = RelevanceFeedback.None;

    /// <summary>The tracklets decided last, in that order: <see cref="RecentTracklet.Most"/> of them where there are so many.</summary>
    public IReadOnlyList<RecentTracklet> Recent { get; init; } = [];

    /// <summary>What the linker had learned (<see cref="LinkGroup.Learned"/>); null when nothing.</summary>
    public byte[]? Learned { get; init; }

    /// <summary>The same with more pairs that are one person, or two, for sure.</summary>
    /// <param name="together">Pairs that are one person.</param>
    /// <param name="apart">Pairs that are two persons.</param>
    public GallerySnapshot With(IReadOnlyList<(Guid One, Guid Other)> together, IReadOnlyList<(Guid One, Guid Other)> apart) =>
        together.Count + apart.Count == 0 ? this : this with { Constraints = Constraints.With(together, apart) };

    /// <summary>Nobody known.</summary>
    public static GallerySnapshot Empty { get; } = new([], new HashSet<Guid>());
}

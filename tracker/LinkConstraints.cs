namespace Pipeline.Tracker;

/// <summary>Pairs of tracklets that are one person, or two, whatever they look like: an operator said so, or they were in view together.</summary>
public sealed class LinkConstraints
{
    private readonly Dictionary<Guid, HashSet<Guid>> _apart = [];
    private readonly List<(Guid One, Guid Other)> _together = [];

    /// <summary>No pair.</summary>
    public static LinkConstraints None => new([], []);

    /// <summary>Takes pairs.</summary>
    /// <param name="together">Pairs that are one person.</param>
    /// <param name="apart">Pairs that are two persons.</param>
    public LinkConstraints(IEnumerable<(Guid One, Guid Other)> together, IEnumerable<(Guid One, Guid Other)> apart)
    {
        _together.AddRange(together);
        foreach ((Guid one, Guid other) in apart)
        {
            Separate(one, other);
        }
    }

    /// <summary>Pairs that are one person.</summary>
    public IReadOnlyList<(Guid One, Guid Other)> Together => _together;

    /// <summary>Whether any pair is known to be two persons.</summary>
    public bool AnyApart => _apart.Count > 0;

    /// <summary>Whether two tracklets are known to be two persons.</summary>
    /// <param name="one">A tracklet.</param>
    /// <param name="other">Another.</param>
    public bool Apart(Guid one, Guid other) => _apart.TryGetValue(one, out HashSet<Guid>? others) && others.Contains(other);

    /// <summary>Whether a tracklet is known to be somebody else than one of these.</summary>
    /// <param name="one">A tracklet.</param>
    /// <param name="others">Sightings of somebody.</param>
    public bool Apart(Guid one, IReadOnlyList<KnownSighting> others) =>
        _apart.TryGetValue(one, out HashSet<Guid>? apart) && others.Any(other => apart.Contains(other.TrackletId));

    /// <summary>The same pairs, to be added to without changing these.</summary>
    internal LinkConstraints Copy() => new(_together, _apart.SelectMany(pair => pair.Value, (pair, other) => (pair.Key, other)));

    /// <summary>Notes that two tracklets are two persons.</summary>
    /// <param name="one">A tracklet.</param>
    /// <param name="other">Another.</param>
    public void Separate(Guid one, Guid other)
    {
        Add(one, other);
        Add(other, one);
    }

    private void Add(Guid one, Guid other)
    {
        if (!_apart.TryGetValue(one, out HashSet<Guid>? others))
        {
            _apart[one] = others = [];
        }

        others.Add(other);
    }
}

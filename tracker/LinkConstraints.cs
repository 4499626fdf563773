namespace Pipeline.Tracker;

/// <summary>Pairs of tracklets that are one person, or two, whatever they look like: an operator said so, or they were in view together.</summary>
public sealed class LinkConstraints
{
    private readonly Pairs _together = new();
    private readonly Pairs _apart = new();
    private readonly Pairs _beside = new();

    /// <summary>No pair.</summary>
    public static LinkConstraints None => new([], []);

    /// <summary>Takes pairs.</summary>
    /// <param name="together">Pairs that an operator said are one person.</param>
    /// <param name="apart">Pairs that an operator said are two persons.</param>
    /// <param name="beside">Pairs that were in view together, which their times do not tell; null for none.</param>
    public LinkConstraints(IEnumerable<(Guid One, Guid Other)> together, IEnumerable<(Guid One, Guid Other)> apart, IEnumerable<(Guid One, Guid Other)>? beside = null)
    {
        ArgumentNullException.ThrowIfNull(together);
        ArgumentNullException.ThrowIfNull(apart);
        _together.AddAll(together);
        _apart.AddAll(apart);
        _beside.AddAll(beside ?? []);
    }

    /// <summary>Pairs that are one person, in the order in which they were given.</summary>
    public IReadOnlyList<(Guid One, Guid Other)> Together => _together.All;

    /// <summary>Whether any pair is known to be two persons.</summary>
    public bool AnyApart => _apart.All.Count > 0 || _beside.All.Count > 0;

    /// <summary>Whether two tracklets are known to be two persons.</summary>
    /// <param name="one">A tracklet.</param>
    /// <param name="other">Another.</param>
    public bool Apart(Guid one, Guid other) => _apart.Of(one).Contains(other) || _beside.Of(one).Contains(other);

    /// <summary>Whether a tracklet is known to be somebody else than one of these.</summary>
    /// <param name="one">A tracklet.</param>
    /// <param name="others">Sightings of somebody.</param>
    public bool Apart(Guid one, IReadOnlyList<KnownSighting> others) =>
        (_apart.Of(one).Count > 0 || _beside.Of(one).Count > 0) && others.Any(other => Apart(one, other.TrackletId));

    /// <summary>Tracklets that an operator said to be the same person as this one, directly.</summary>
    /// <param name="one">A tracklet.</param>
    public IReadOnlyCollection<Guid> Partners(Guid one) => _together.Of(one);

    /// <summary>Whether an operator said anything of a tracklet.</summary>
    /// <param name="one">A tracklet.</param>
    public bool IsNamed(Guid one) => _apart.Of(one).Count > 0 || _together.Of(one).Count > 0;

    /// <summary>Notes that two tracklets were in view together.</summary>
    /// <param name="one">A tracklet.</param>
    /// <param name="other">Another.</param>
    public void Separate(Guid one, Guid other) => _beside.AddAll([(one, other)]);

    /// <summary>The same pairs and more of an operator's.</summary>
    internal LinkConstraints With(IEnumerable<(Guid One, Guid Other)> together, IEnumerable<(Guid One, Guid Other)> apart) =>
        new(_together.All.Concat(together), _apart.All.Concat(apart), _beside.All);

    /// <summary>The same pairs, to be added to without changing these.</summary>
    internal LinkConstraints Copy() => new(_together.All, _apart.All, _beside.All);

    /// <summary>Lets go of pairs that were in view together of which one is not remembered any more.</summary>
    /// <param name="remembered">Tracklets that are; asked for only when there are such pairs.</param>
    internal void KeepBeside(Func<IReadOnlySet<Guid>> remembered)
    {
        if (_beside.All.Count > 0)
        {
            IReadOnlySet<Guid> known = remembered();
            _beside.Keep(pair => known.Contains(pair.One) && known.Contains(pair.Other));
        }
    }

    private sealed class Pairs
    {
        private static readonly HashSet<Guid> s_none = [];
        private readonly Dictionary<Guid, HashSet<Guid>> _others = [];
        private readonly List<(Guid One, Guid Other)> _all = [];

        internal List<(Guid One, Guid Other)> All => _all;

        internal HashSet<Guid> Of(Guid one) => _others.GetValueOrDefault(one, s_none);

        internal void AddAll(IEnumerable<(Guid One, Guid Other)> pairs)
        {
            foreach ((Guid one, Guid other) in pairs)
            {
                _all.Add((one, other));
                Add(one, other);
                Add(other, one);
            }
        }

        internal void Keep(Predicate<(Guid One, Guid Other)> stays)
        {
            (Guid, Guid)[] left = [.. _all.Where(pair => stays(pair))];
            _all.Clear();
            _others.Clear();
            AddAll(left);
        }

        private void Add(Guid one, Guid other)
        {
            if (!_others.TryGetValue(one, out HashSet<Guid>? others))
            {
                _others[one] = others = [];
            }

            others.Add(other);
        }
    }
}

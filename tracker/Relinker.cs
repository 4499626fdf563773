namespace Pipeline.Tracker;

/// <summary>A tracklet that is to be linked once more.</summary>
/// <param name="Sighting">Where and when; its order is that of the first decision.</param>
/// <param name="Feature">Its clip feature.</param>
/// <param name="IdentityId">Whom it belongs to now.</param>
public sealed record RelinkItem(KnownSighting Sighting, float[] Feature, Guid IdentityId);

/// <summary>What linking once more changed.</summary>
/// <param name="Corrections">In the order in which they are to be applied.</param>
/// <param name="Prototypes">Of every identity that changed.</param>
public sealed record RelinkResult(IReadOnlyList<Correction> Corrections, IReadOnlyList<PrototypeSet> Prototypes);

/// <summary>Links all tracklets of recorded footage once more, together: what came late counts as much as what came first.</summary>
/// <remarks>
/// Agglomerative clustering with constraints (spec/tracking.md 3.6), exact and deterministic. Two groups are as alike as their best
/// pair, taken from what its cameras ask for; what the two of a pair have in common among their nearest neighbours counts too
/// (k-reciprocal neighbours: Zhong et al. 2017, section 3.2, without its query expansion), and so does who walked with whom. Groups of which any two cannot be one person are
/// never joined. Identities of earlier runs stay whole. Linking the result once more changes nothing. Not thread-safe.
/// </remarks>
/// <param name="options">Settings.</param>
/// <param name="defaultThreshold">The embedding model's own threshold, used when the settings give none.</param>
/// <param name="defaultSameCameraExtra">The embedding model's own <see cref="LinkerOptions.SameCameraExtra"/>, used when the settings give none.</param>
public sealed class Relinker(LinkerOptions options, float defaultThreshold, float defaultSameCameraExtra)
{
    // Among fewer tracklets everybody is everybody's neighbour.
    private const int TrackletsPerNeighbour = 8;
    private const int MostNeighbours = 4;
    private const float NeutralShare = 0.3f; // a pair that shares so many of its neighbours gains nothing and loses nothing

    private readonly CameraRules _rules = new(options);
    private readonly float _threshold = options.Threshold ?? defaultThreshold;
    private readonly float _sameCameraExtra = options.SameCameraExtra ?? defaultSameCameraExtra;

    /// <summary>Links once more.</summary>
    /// <param name="items">The tracklets, any order.</param>
    /// <param name="settled">Identities of earlier runs, without these tracklets; each stays whole.</param>
    /// <param name="constraints">Pairs that are one person or two for sure.</param>
    /// <param name="travel">What was learned of travel times; null for nothing.</param>
    /// <param name="feedback">What an operator said of pairs, with their features; null for nothing.</param>
    /// <returns>What changed; nothing when more than <see cref="LinkerOptions.RelinkTracklets"/> were given.</returns>
    public RelinkResult Solve(
        IReadOnlyList<RelinkItem> items, IReadOnlyList<KnownIdentity> settled, LinkConstraints constraints, TravelModel? travel = null,
        RelevanceFeedback? feedback = null)
    {
        ArgumentNullException.ThrowIfNull(items);
        ArgumentNullException.ThrowIfNull(settled);
        ArgumentNullException.ThrowIfNull(constraints);
        if (items.Count == 0 || items.Count > options.RelinkTracklets)
        {
            return new RelinkResult([], []);
        }

        return new RelinkPlan(options).Make(Join(Nodes(items, settled, constraints), constraints, travel, feedback ?? RelevanceFeedback.None));
    }

    /// <summary>Only who belongs together, without what earlier decisions say.</summary>
    /// <param name="tracklets">The tracklets with their clip features, any order.</param>
    /// <returns>For each of them the number of its person, from 0 in the order of the persons' first sightings.</returns>
    public int[] Group(IReadOnlyList<(KnownSighting Sighting, float[] Feature)> tracklets)
    {
        ArgumentNullException.ThrowIfNull(tracklets);
        List<RelinkNode> nodes = Nodes([.. tracklets.Select(one => new RelinkItem(one.Sighting, one.Feature, one.Sighting.TrackletId))], [], LinkConstraints.None);
        Dictionary<Guid, int> persons = [];
        foreach ((int person, RelinkNode node) in Join(nodes, LinkConstraints.None, travel: null, RelevanceFeedback.None).Index())
        {
            foreach (KnownSighting sighting in node.Sightings)
            {
                persons[sighting.TrackletId] = person;
            }
        }

        return [.. tracklets.Select(one => persons[one.Sighting.TrackletId])];
    }

    private List<RelinkNode> Join(List<RelinkNode> nodes, LinkConstraints constraints, TravelModel? travel, RelevanceFeedback feedback)
    {
        RelinkFeatures features = new(nodes, _threshold, _sameCameraExtra);
        bool[] forbidden = Forbidden(nodes, constraints);
        if (options.Normalise)
        {
            features.Normalise(forbidden);
        }

        if (options.Levels)
        {
            features.FitLevels(forbidden);
        }

        if (options.Company > 0)
        {
            features.AddCompany(forbidden, options.Company);
        }

        if (travel is not null && options.TravelWeight > 0)
        {
            features.AddTravel(travel, _rules, options.TravelWeight);
        }

        if (!feedback.IsEmpty && options.FeedbackWeight > 0)
        {
            features.AddFeedback(feedback, _threshold + _sameCameraExtra, options.FeedbackWeight);
        }

        int neighbours = Math.Min(MostNeighbours, features.Count / TrackletsPerNeighbour);
        if (neighbours > 1 && options.RelinkNeighbours > 0)
        {
            features.AddNeighbours(forbidden, neighbours, options.RelinkNeighbours, NeutralShare);
        }

        Agglomeration agglomeration = new(features.Linkage(), forbidden, nodes.Count);
        while (agglomeration.Best(options.RelinkMargin) is { } pair)
        {
            if (_rules.TooSlow(nodes[pair.One].Sightings, nodes[pair.Other].Sightings))
            {
                agglomeration.Forbid(pair.One, pair.Other);
                continue;
            }

            agglomeration.Join(pair.One, pair.Other);
            nodes[pair.One].Take(nodes[pair.Other]);
        }

        return [.. agglomeration.Left.Select(node => nodes[node])];
    }

    private List<RelinkNode> Nodes(IReadOnlyList<RelinkItem> items, IReadOnlyList<KnownIdentity> settled, LinkConstraints constraints)
    {
        RelinkNode[] fresh = [.. items.OrderBy(item => item.Sighting.Order).ThenBy(item => item.Sighting.TrackletId).Select(RelinkNode.Of)];
        Dictionary<Guid, RelinkNode> byTracklet = fresh.ToDictionary(node => node.Sightings[0].TrackletId);
        List<RelinkNode> known = [];
        foreach (KnownIdentity identity in settled.Where(identity => Matters(identity, items)))
        {
            RelinkNode node = RelinkNode.Of(identity);
            known.Add(node);
            foreach (KnownSighting sighting in identity.Sightings)
            {
                byTracklet[sighting.TrackletId] = node;
            }
        }

        List<RelinkNode> nodes = [.. known, .. fresh];
        foreach ((Guid one, Guid other) in constraints.Together)
        {
            if (byTracklet.TryGetValue(one, out RelinkNode? first) && byTracklet.TryGetValue(other, out RelinkNode? second) && first.Whole != second.Whole)
            {
                // The later one in the list goes into the earlier one.
                (RelinkNode into, RelinkNode from) = nodes.IndexOf(first.Whole) < nodes.IndexOf(second.Whole) ? (first.Whole, second.Whole) : (second.Whole, first.Whole);
                into.Take(from);
                nodes.Remove(from);
            }
        }

        return nodes;
    }

    // Whom nobody of this run resembles or belongs to has no part in it.
    private bool Matters(KnownIdentity identity, IReadOnlyList<RelinkItem> items) =>
        items.Any(item => item.IdentityId == identity.Id || identity.Prototypes.Any(prototype =>
            System.Numerics.Tensors.TensorPrimitives.Dot<float>(prototype.Feature, item.Feature) >= _threshold - options.Uncertainty));

    private bool[] Forbidden(List<RelinkNode> nodes, LinkConstraints constraints)
    {
        bool[] forbidden = new bool[nodes.Count * nodes.Count];
        for (int one = 0; one < nodes.Count; one++)
        {
            for (int other = one + 1; other < nodes.Count; other++)
            {
                bool apart = nodes[one].Sightings.Any(mine => nodes[other].Sightings.Any(theirs =>
                    _rules.Forbids(mine, theirs) || constraints.Apart(mine.TrackletId, theirs.TrackletId)));
                forbidden[(one * nodes.Count) + other] = forbidden[(other * nodes.Count) + one] = apart;
            }
        }

        return forbidden;
    }
}

using Pipeline.Ingest;
using Pipeline.Reid;

namespace Pipeline.Tracker;

/// <summary>Decides which identity each tracklet is, or that it is nobody known.</summary>
/// <remarks>
/// Tracklets given together are decided together. In rounds: an optimal assignment of tracklets to the identities that place and time
/// allow and that are similar enough; what also clears the margin is linked. When a round links nothing, the first tracklet left becomes a new
/// identity, and the rest are looked at again. What counts of a similarity is how far it lies above its accept level, which may be higher for
/// somebody seen in the same camera. The result depends on the tracklets and the gallery only. Not thread-safe.
/// </remarks>
/// <param name="options">Settings.</param>
/// <param name="defaultThreshold">The embedding model's own threshold, used when the settings give none.</param>
/// <param name="snapshot">What is known at the start.</param>
/// <param name="calibration">Similarity to probability of being one person; null while nothing is calibrated.</param>
/// <param name="defaultSameCameraExtra">The embedding model's own <see cref="LinkerOptions.SameCameraExtra"/>, used when the settings give none.</param>
public sealed partial class Linker(
    LinkerOptions options, float defaultThreshold, GallerySnapshot snapshot, Func<float, float>? calibration = null, float defaultSameCameraExtra = 0)
{
    private const int MostCandidates = 5;

    private readonly IdentityGallery _gallery = IdentityGallery.From(snapshot, options.Prototypes);
    private readonly CameraRules _rules = new(options);
    private readonly AssignmentSolver _solver = new();
    private readonly float _threshold = options.Threshold ?? defaultThreshold;
    private readonly float _sameCameraExtra = options.SameCameraExtra ?? defaultSameCameraExtra;
    private readonly LinkConstraints _constraints = snapshot.Constraints.Copy();
    private readonly TravelModel _travel = TravelModel.From(snapshot.Learned);
    private readonly List<Correction> _corrections = [];
    private readonly SortedSet<Guid> _changed = [];
    private readonly Dictionary<Guid, Guid> _heirs = []; // who took over identities merged in this call

    /// <summary>The identities known now.</summary>
    public IdentityGallery Gallery => _gallery;

    /// <summary>Accept level in force between cameras.</summary>
    public float Threshold => _threshold;

    /// <summary>Decides tracklets that became known together.</summary>
    /// <param name="clips">Clip features whose keys are tracklets, any order.</param>
    /// <returns>One decision each, by tracklet end, camera id, track number.</returns>
    public IReadOnlyList<Link> Decide(IEnumerable<ClipFeature> clips)
    {
        List<Query> queries = [.. clips.Select(clip => new Query((Tracklet)clip.Key, clip.Vector, clip.Frames))
            .OrderBy(query => query.Tracklet.EndAt)
            .ThenBy(query => query.Tracklet.Camera.Id, StringComparer.Ordinal)
            .ThenBy(query => query.Tracklet.Number)];
        long order = _gallery.TakeOrders(queries.Count);
        queries.ForEach(query => query.Sighting = query.Sighting with { Order = order++ });
        List<Query> open = [.. queries.Where(query => !TooPoor(query))];
        if (open.Count > 0)
        {
            Forget(open.Max(query => query.Tracklet.At));
        }

        open.ForEach(Compare);
        while (open.Count > 0)
        {
            if (LinkRound(open) == 0)
            {
                Found(open);
            }

            open.RemoveAll(query => query.Link is not null);
        }

        _heirs.Clear();
        NoteSeveral(queries);
        NoteBeside(queries);
        if (options.Merge)
        {
            queries.ForEach(Reconsider);
        }

        return [.. queries.Select(query => query.Link ?? new Link(query.Tracklet, null, 0, null, false, null, null, null))];
    }

    /// <summary>What the decisions since the last call changed of earlier ones.</summary>
    /// <returns>The corrections in order, and the prototypes of every identity for which links do not tell them.</returns>
    public (IReadOnlyList<Correction> Corrections, IReadOnlyList<PrototypeSet> Prototypes) TakeCorrections()
    {
        PrototypeSet[] prototypes =
        [
            .. _changed.Select(_gallery.IndexOf).Where(identity => identity >= 0).Order()
                .Select(identity => new PrototypeSet(_gallery.Id(identity), _gallery.Prototypes(identity))),
        ];
        Correction[] corrections = [.. _corrections];
        _corrections.Clear();
        _changed.Clear();
        return (corrections, prototypes);
    }

    /// <summary>What was learned of travel times, to be stored with the decisions.</summary>
    /// <returns>All of it; null when nothing was learned since the last call.</returns>
    public byte[]? TakeLearned() => _travel.Changed ? _travel.ToBytes() : null;

    private void Forget(DateTimeOffset now) => _gallery.RemoveAll(
        sightings => sightings.Count > 0 && sightings.All(sighting => sighting.HasClock && now - sighting.EndAt > options.ForgetAfter));

    // The gallery took them in the order of the rounds, the store in the order of the decisions: who stays a prototype is said outright.
    private void NoteSeveral(List<Query> queries) => _changed.UnionWith(
        queries.Select(query => query.Link?.IdentityId).OfType<Guid>().GroupBy(id => id).Where(group => group.Count() > 1).Select(group => group.Key));

    private void NoteBeside(List<Query> queries)
    {
        foreach (Query query in queries)
        {
            foreach (Guid beside in query.Tracklet.Beside)
            {
                _constraints.Separate(query.Tracklet.Id, beside);
            }
        }
    }

    private bool TooPoor(Query query) => query.Feature is null || query.Tracklet.Quality < options.MinQuality;

    private void Compare(Query query)
    {
        for (int identity = 0; identity < _gallery.Count; identity++)
        {
            query.Scores.Add(Score(query, identity));
            query.Known.Add(_gallery.Id(identity));
        }
    }

    private Scored Score(Query query, int identity)
    {
        (float similarity, Guid nearest, bool sameCamera) = _gallery.Compare(identity, query.Feature, query.Sighting.Camera, _sameCameraExtra);
        Verdict? forbidden = _rules.Forbids(_gallery.Sightings(identity), query.Sighting, query.Tracklet.Beside);
        return new Scored(similarity, sameCamera ? _threshold + _sameCameraExtra : _threshold, nearest, forbidden)
        {
            Travel = forbidden is null && options.TravelWeight > 0 ? Travel(_gallery.Sightings(identity), query.Sighting) : 0,
        };
    }

    // What the time since the latest sighting says. It never makes a candidate of anybody: that takes looks.
    private float Travel(IReadOnlyList<KnownSighting> sightings, KnownSighting here) => _rules.LatestElsewhere(sightings, here) is { } before
        ? (float)(options.TravelWeight * _travel.Ratio(before.Camera, here.Camera, here.StartAt - before.EndAt))
        : 0;

    private void Learn(Query query, int identity, float? margin)
    {
        if (query.Scores[identity].Above >= options.Margin && !(margin < 2 * options.Margin)
            && _rules.LatestElsewhere(_gallery.Sightings(identity), query.Sighting) is { } before)
        {
            _travel.Learn(before.Camera, query.Sighting.Camera, query.Sighting.StartAt - before.EndAt);
        }
    }

    private int LinkRound(List<Query> open)
    {
        List<Pairing> pairs = [];
        for (int row = 0; row < open.Count; row++)
        {
            for (int identity = 0; identity < _gallery.Count; identity++)
            {
                Scored score = open[row].Scores[identity];
                if (score.Forbidden is null && score.Above >= 0 && score.Rank >= 0)
                {
                    pairs.Add(new Pairing(row, identity, score.Rank + 1e-6)); // at the threshold counts
                }
            }
        }

        int[] identities = _solver.Solve([.. pairs], open.Count, _gallery.Count).ToArray();
        List<(Query Query, int Identity, float? Margin)> links = [];
        for (int row = 0; row < open.Count; row++)
        {
            float? margin = identities[row] < 0 ? null : Margin(open, identities, row);
            if (identities[row] >= 0 && (margin is null || margin >= options.Margin))
            {
                links.Add((open[row], identities[row], margin));
            }
        }

        foreach ((Query query, int identity, float? margin) in links)
        {
            Accept(query, identity, margin);
        }

        links.ForEach(link => Renew(open, link.Identity));
        return links.Count;
    }

    // Over the next identity that this tracklet could be: not one that place and time forbid, nor one that goes to somebody seen beside it.
    private float? Margin(List<Query> open, int[] identities, int row)
    {
        float? next = null;
        for (int identity = 0; identity < _gallery.Count; identity++)
        {
            Scored score = open[row].Scores[identity];
            int taker = identity == identities[row] ? row : Array.IndexOf(identities, identity);
            bool taken = taker >= 0 && taker != row && _rules.Forbids([open[taker].Sighting], open[row].Sighting, open[row].Tracklet.Beside) is not null;
            if (identity != identities[row] && score.Forbidden is null && !taken && !(next >= score.Rank) && !MayBeOne(open[row], identities[row], identity))
            {
                next = score.Rank;
            }
        }

        return next is null ? null : open[row].Scores[identities[row]].Rank - next;
    }

    // A rival that may well be the same person is no reason to doubt: whichever of the two is chosen, later evidence can bring them together.
    private bool MayBeOne(Query query, int best, int rival) =>
        options.Merge && query.Scores[best].Rank - query.Scores[rival].Rank < options.Margin && query.Scores[rival].Above >= 0
        && Joint(best, rival, query.Tracklet.At) is { Above: var above } && above >= -options.Uncertainty;

    private void Accept(Query query, int identity, float? margin)
    {
        Guid? from = LatestBefore(_gallery.Sightings(identity), query.Sighting);
        Learn(query, identity, margin);
        Decision decision = new(
            query.Scores[identity].Similarity, query.Scores[identity].Level, margin, Band.Accept, Candidates(query, identity), _gallery.Count);
        PrototypeChange change = _gallery.Add(identity, query.Sighting, query.Feature);
        query.Link = new Link(query.Tracklet, query.Feature, query.Frames, _gallery.Id(identity), false, from, decision, change);
    }

    private void Found(List<Query> open)
    {
        Query query = open[0];
        Scored[] ranked = [.. query.Scores.OrderByDescending(score => score.Above).Take(2)];
        float? best = query.Scores.Where(score => score.Forbidden is null).Select(score => (float?)score.Above).Max();
        Band band = best >= -options.Uncertainty ? Band.Uncertain : Band.Reject;
        Decision decision = new(
            ranked.Length > 0 ? ranked[0].Similarity : null,
            ranked.Length > 0 ? ranked[0].Level : _threshold,
            ranked.Length > 1 ? ranked[0].Above - ranked[1].Above : null,
            band,
            Candidates(query, -1),
            _gallery.Count);
        int identity = _gallery.Create(ContentId.Create(query.Tracklet.EndAt, query.Tracklet.Id.ToString(), "identity"));
        PrototypeChange change = _gallery.Add(identity, query.Sighting, query.Feature);
        query.Link = new Link(query.Tracklet, query.Feature, query.Frames, _gallery.Id(identity), true, null, decision, change);
        foreach (Query other in open.Skip(1))
        {
            other.Scores.Add(Score(other, identity));
            other.Known.Add(_gallery.Id(identity));
        }
    }

    private void Renew(List<Query> open, int identity)
    {
        foreach (Query query in open.Where(query => query.Link is null))
        {
            query.Scores[identity] = Score(query, identity);
        }
    }

    private List<Candidate> Candidates(Query query, int accepted)
    {
        IEnumerable<int> best = Enumerable.Range(0, query.Scores.Count)
            .OrderByDescending(identity => identity == accepted).ThenByDescending(identity => query.Scores[identity].Above).Take(MostCandidates)
            .OrderByDescending(identity => query.Scores[identity].Above);
        return [.. best.Select(identity =>
        {
            Scored score = query.Scores[identity];
            Verdict verdict = identity == accepted ? Verdict.Accepted
                : score.Forbidden ?? (score.Above < 0 ? Verdict.BelowThreshold : Verdict.SmallMargin);
            return new Candidate(_gallery.Id(identity), score.Similarity, calibration?.Invoke(score.Similarity), score.Nearest, verdict);
        })];
    }

    private Guid LatestBefore(IReadOnlyList<KnownSighting> sightings, KnownSighting here)
    {
        KnownSighting latest = sightings[^1]; // without a common clock: the one decided last
        foreach (KnownSighting sighting in sightings)
        {
            bool earlier = _rules.Comparable(sighting, here) && sighting.EndAt <= here.EndAt;
            bool better = !_rules.Comparable(latest, here) || latest.EndAt > here.EndAt || sighting.EndAt >= latest.EndAt;
            latest = earlier && better ? sighting : latest;
        }

        return latest.TrackletId;
    }

    private readonly record struct Scored(float Similarity, float Level, Guid Nearest, Verdict? Forbidden)
    {
        /// <summary>What travel time adds, in units of similarity.</summary>
        internal float Travel { get; init; }

        internal float Above => Similarity - Level;

        internal float Rank => Above + Travel;
    }

    private sealed class Query(Tracklet tracklet, float[]? feature, int frames)
    {
        internal Tracklet Tracklet { get; } = tracklet;

        internal float[]? Feature { get; } = feature;

        internal int Frames { get; } = frames;

        internal KnownSighting Sighting { get; set; } = new(
            tracklet.Id, tracklet.Camera.Id, tracklet.StartAt, tracklet.EndAt, tracklet.Segment.TimeSource != TimeSource.Order);

        internal List<Scored> Scores { get; } = [];

        /// <summary>Ids of the identities that <see cref="Scores"/> are of.</summary>
        internal List<Guid> Known { get; } = [];

        internal Link? Link { get; set; }
    }
}

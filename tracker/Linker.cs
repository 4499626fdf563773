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
public sealed partial class Linker
{
    private const int MostCandidates = 5;

    // No rule of place and time looks back further, but for the latest sighting, which is always kept.
    private static readonly TimeSpan s_horizon = TimeSpan.FromHours(24);

    private readonly LinkerOptions _options;
    private readonly GallerySnapshot _snapshot;
    private readonly Func<float, float>? _calibration;
    private readonly IdentityGallery _gallery;
    private readonly CameraRules _rules;
    private readonly AssignmentSolver _solver = new();
    private readonly float _threshold;
    private readonly float _near; // how alike a pair must look to one that an operator spoke of
    private readonly LinkConstraints _constraints;
    private readonly LearnedState _learned;
    private readonly RecentTracklets _recent;
    private readonly AcceptLevels _levels;
    private readonly List<Correction> _corrections = [];
    private readonly SortedSet<Guid> _changed = [];
    private readonly Dictionary<Guid, Guid> _heirs = []; // who took over identities merged in this call
    private readonly List<float[]> _worths = []; // one for each query of a call; kept from call to call
    private DateTimeOffset _aged = DateTimeOffset.MinValue;
    private bool _met; // strangers since the last TakeLearned

    /// <summary>Goes on from what is known.</summary>
    /// <param name="options">Settings.</param>
    /// <param name="defaultThreshold">The embedding model's own threshold, used when the settings give none.</param>
    /// <param name="snapshot">What is known at the start.</param>
    /// <param name="calibration">Similarity to probability of being one person; null while nothing is calibrated.</param>
    /// <param name="defaultSameCameraExtra">The embedding model's own <see cref="LinkerOptions.SameCameraExtra"/>, used when the settings give none.</param>
    public Linker(
        LinkerOptions options, float defaultThreshold, GallerySnapshot snapshot, Func<float, float>? calibration = null, float defaultSameCameraExtra = 0)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(snapshot);
        (_options, _snapshot, _calibration) = (options, snapshot, calibration);
        _gallery = IdentityGallery.From(snapshot, options.Prototypes, options.PrototypesPerCamera);
        _rules = new CameraRules(options);
        _threshold = options.Threshold ?? defaultThreshold;
        float extra = options.SameCameraExtra ?? defaultSameCameraExtra;
        _near = _threshold + extra;
        _constraints = snapshot.Constraints.Copy();
        _learned = LearnedState.From(snapshot.Learned);
        _recent = new RecentTracklets(snapshot.Recent);
        _levels = new AcceptLevels(_threshold, extra, _learned.Strangers, options.Normalise, options.Levels);
    }

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
        List<Query> usable = [.. queries.Where(query => !TooPoor(query))];
        if (usable.Count > 0)
        {
            Age(usable.Max(query => query.Tracklet.At));
        }

        usable.ForEach(query => _learned.Travel.Observe(query.Sighting));

        IEnumerable<IEnumerable<Query>> moments = _options.Joint ? [usable] : usable.Chunk(1);
        foreach (IEnumerable<Query> together in moments)
        {
            DecideTogether([.. together]);
        }

        _heirs.Clear();
        NoteSeveral(queries);
        NoteBeside(queries);
        if (_options.Merge)
        {
            queries.ForEach(Reconsider);
        }

        Meet(queries);
        return [.. queries.Select(query => query.Link ?? new Link(query.Tracklet, null, 0, null, false, null, null, null))];
    }

    /// <summary>Lets go of tracklets that the store has forgotten, and of the identities of which they leave nothing.</summary>
    /// <param name="tracklets">The tracklets.</param>
    public void Forget(IReadOnlySet<Guid> tracklets)
    {
        _gallery.Remove(tracklets);
        _recent.Forget(tracklets);
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

    /// <summary>What was learned of travel times and strangers, to be stored with the decisions.</summary>
    /// <returns>All of it; null when nothing was learned since the last call.</returns>
    public byte[]? TakeLearned()
    {
        bool changed = _met || _learned.Travel.Changed;
        _met = false;
        return changed ? _learned.ToBytes() : null;
    }

    private void DecideTogether(List<Query> open)
    {
        Compare(open);
        Bind(open);
        while (open.Count > 0)
        {
            if (LinkRound(open) == 0)
            {
                Found(open);
            }

            open.RemoveAll(query => query.Link is not null);
        }
    }

    // In steps of capture time, so that what is forgotten depends on the time alone: a gallery rebuilt from the store in between forgets the same.
    private void Age(DateTimeOffset now)
    {
        TimeSpan step = TimeSpan.FromTicks(Math.Clamp(_options.ForgetAfter.Ticks / 60, TimeSpan.TicksPerSecond, TimeSpan.TicksPerHour));
        DateTimeOffset passed = new(now.UtcTicks - (now.UtcTicks % step.Ticks), TimeSpan.Zero);
        if (passed > _aged)
        {
            _aged = passed;
            _gallery.Forget(passed - _options.ForgetAfter);
            _gallery.Trim(passed - s_horizon - _options.OpenFor, _constraints.IsNamed);
            _constraints.KeepBeside(_gallery.Tracklets);
        }
    }

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

    private bool TooPoor(Query query) => query.Feature is null || query.Tracklet.Quality < _options.MinQuality;

    private void Compare(List<Query> open)
    {
        int room = _gallery.Count + open.Count; // those that are founded here get a place, too
        for (int i = 0; i < open.Count; i++)
        {
            if (i == _worths.Count)
            {
                _worths.Add([]);
            }

            if (_worths[i].Length < room)
            {
                _worths[i] = new float[room + (room / 8)];
            }

            (open[i].Worth, open[i].Known) = (_worths[i], _gallery.Count);
        }

        _gallery.CompareAll([.. open.Select(query => query.Feature!)], [.. open.Select(query => query.Sighting.Camera)], _levels, [.. open.Select(query => query.Worth)]); // the poor are not open
        foreach (Query query in open)
        {
            query.Companions.AddRange(_options.Company > 0 ? _recent.CompanyOf(query.Sighting) : []);
            for (int identity = 0; identity < query.Known; identity++)
            {
                if (query.Worth[identity] >= _threshold - (query.Companions.Count > 0 ? _options.Company : 0))
                {
                    Review(query, identity);
                }
            }
        }
    }

    // What is asked of an identity is looked up when it is wanted: it concerns few of many.
    private Scored Score(Query query, int identity)
    {
        if (query.Near.TryGetValue(identity, out Scored known))
        {
            return known;
        }

        (float similarity, Guid nearest, string camera) = _gallery.Compare(identity, query.Feature, query.Sighting.Camera, _levels);
        float level = nearest == Guid.Empty ? _threshold : _levels.Of(query.Sighting.Camera, camera) - Accompanied(query, identity);
        SightingHistory sightings = _gallery.History(identity);
        Verdict? forbidden = _constraints.Apart(query.Tracklet.Id, sightings) ? Verdict.OperatorRejected : _rules.Forbids(sightings, query.Sighting, query.Tracklet.Beside);
        return new Scored(_gallery.Id(identity), similarity, similarity - level, level, nearest, forbidden)
        {
            Travel = forbidden is null && _options.TravelWeight > 0 ? Travel(sightings, query.Sighting) : 0,
            Words = forbidden is null ? Words(query, identity, nearest) : 0,
        };
    }

    // What an operator said of pairs that look like this one. Like travel times it can rule out and re-rank, never make a candidate.
    private float Words(Query query, int identity, Guid nearest)
    {
        if (_snapshot.Feedback.IsEmpty || _options.FeedbackWeight == 0 || nearest == Guid.Empty)
        {
            return 0;
        }

        query.Likenesses ??= _snapshot.Feedback.Likenesses(query.Feature);
        return _snapshot.Feedback.Evidence(query.Likenesses, _snapshot.Feedback.Likenesses(_gallery.Feature(identity, nearest)), _near, _options.FeedbackWeight);
    }

    // What the time since the latest sighting says. It never makes a candidate of anybody: that takes looks.
    private float Travel(SightingHistory sightings, KnownSighting here) => _rules.LatestElsewhere(sightings, here) is { } before
        ? (float)(_options.TravelWeight * _learned.Travel.Ratio(before, here))
        : 0;

    private void Learn(Query query, int identity, float? margin)
    {
        if (query.Near[identity].Above >= _options.Margin && !(margin < 2 * _options.Margin)
            && _rules.LatestElsewhere(_gallery.History(identity), query.Sighting) is { } before)
        {
            _learned.Travel.Learn(before, query.Sighting);
        }
    }

    // Whom an operator said a tracklet to be, it is, unless place and time forbid it: that is so where footage is linked again.
    private void Bind(List<Query> open)
    {
        foreach (Query query in open.Where(query => _constraints.Partners(query.Tracklet.Id).Count > 0))
        {
            IReadOnlyCollection<Guid> partners = _constraints.Partners(query.Tracklet.Id);
            int identity = Enumerable.Range(0, _gallery.Count).FirstOrDefault(one => _gallery.Sightings(one).Any(sighting => partners.Contains(sighting.TrackletId)), -1);
            if (identity >= 0 && Score(query, identity) is { Forbidden: null })
            {
                Accept(query, identity, Evidence(query, identity, null));
                Renew(open, identity);
            }
        }

        open.RemoveAll(query => query.Link is not null);
    }

    private int LinkRound(List<Query> open)
    {
        int[] wanted = [.. open.SelectMany(query => query.Near.Keys).Distinct().Order()];
        List<Pairing> pairs = [];
        for (int row = 0; row < open.Count; row++)
        {
            foreach ((int identity, Scored score) in open[row].Near)
            {
                if (score.Forbidden is null && score.Rank >= 0)
                {
                    pairs.Add(new Pairing(row, Array.BinarySearch(wanted, identity), score.Rank + 1e-6)); // at the threshold counts
                }
            }
        }

        int[] identities = [.. _solver.Solve([.. pairs], open.Count, wanted.Length).ToArray().Select(column => column < 0 ? -1 : wanted[column])];
        List<(Query Query, int Identity, float? Margin)> links = [];
        for (int row = 0; row < open.Count; row++)
        {
            float? margin = identities[row] < 0 ? null : Margin(open, identities, row);
            if (identities[row] >= 0 && (margin is null || margin >= _options.Margin))
            {
                links.Add((open[row], identities[row], margin));
            }
        }

        // All evidence is taken before anything changes.
        (Query Query, int Identity, (Guid From, Decision Decision) Evidence)[] decided = [.. links.Select(link => (link.Query, link.Identity, Evidence(link.Query, link.Identity, link.Margin)))];
        links.ForEach(link => Learn(link.Query, link.Identity, link.Margin));
        foreach ((Query query, int identity, (Guid From, Decision Decision) evidence) in decided)
        {
            Accept(query, identity, evidence);
        }

        links.ForEach(link => Renew(open, link.Identity));
        FindCompany(open, links.Select(link => link.Query));
        return links.Count;
    }

    // Over the next identity that this tracklet could be: not one that place and time forbid, nor one that goes to somebody seen beside it.
    private float? Margin(List<Query> open, int[] identities, int row)
    {
        float? next = null;
        float most = (_options.TravelWeight * TravelModel.MostRatio) + (_snapshot.Feedback.IsEmpty ? 0 : _options.FeedbackWeight)
            + (open[row].Companions.Count > 0 ? _options.Company : 0);
        foreach (int identity in Descending.Places(open[row].Worth, open[row].Known))
        {
            if (next > open[row].Worth[identity] - _threshold + most)
            {
                break; // nobody further down comes near
            }

            int taker = identity == identities[row] ? row : Array.IndexOf(identities, identity);
            if (identity == identities[row]
                || (taker >= 0 && taker != row && _rules.Forbids(open[taker].Sighting, open[row].Sighting, open[row].Tracklet.Beside)))
            {
                continue;
            }

            Scored score = Score(open[row], identity);
            if (score.Forbidden is null && !(next >= score.Rank) && !MayBeOne(open[row], identities[row], identity))
            {
                next = score.Rank;
            }
        }

        return next is null ? null : open[row].Near[identities[row]].Rank - next;
    }

    // A rival that may well be the same person is no reason to doubt: whichever of the two is chosen, later evidence can bring them together.
    private bool MayBeOne(Query query, int best, int rival) =>
        _options.Merge && Score(query, rival) is { Above: >= 0 } score && query.Near[best].Rank - score.Rank < _options.Margin
        && Joint(best, rival, query.Tracklet.At) is { Above: var above } && above >= -_options.Uncertainty;

    private (Guid From, Decision Decision) Evidence(Query query, int identity, float? margin)
    {
        Scored score = Score(query, identity);
        return (LatestBefore(_gallery.History(identity), query.Sighting), new Decision(score.Similarity, score.Level, margin, Band.Accept, Candidates(query, identity), _gallery.Count));
    }

    private void Accept(Query query, int identity, (Guid From, Decision Decision) evidence)
    {
        PrototypeChange change = _gallery.Add(identity, query.Sighting, query.Feature);
        query.Link = new Link(query.Tracklet, query.Feature, query.Frames, _gallery.Id(identity), false, evidence.From, evidence.Decision, change);
    }

    private void Found(List<Query> open)
    {
        Query query = open[0];
        Scored[] ranked = [.. Descending.Places(query.Worth, query.Known).Take(2).Select(identity => Score(query, identity))];
        bool near = Descending.Places(query.Worth, query.Known).TakeWhile(identity => query.Worth[identity] - _threshold >= -_options.Uncertainty)
            .Any(identity => Score(query, identity).Forbidden is null);
        Decision decision = new(
            ranked.Length > 0 ? ranked[0].Similarity : null,
            ranked.Length > 0 ? ranked[0].Level : _threshold,
            ranked.Length > 1 ? ranked[0].Above - ranked[1].Above : null,
            near ? Band.Uncertain : Band.Reject,
            Candidates(query, -1),
            _gallery.Count);
        int identity = _gallery.Create(ContentId.Create(query.Tracklet.EndAt, query.Tracklet.Id.ToString(), "identity"));
        PrototypeChange change = _gallery.Add(identity, query.Sighting, query.Feature);
        query.Link = new Link(query.Tracklet, query.Feature, query.Frames, _gallery.Id(identity), true, null, decision, change);
        foreach (Query other in open.Skip(1))
        {
            other.Known = identity + 1;
        }

        Renew(open, identity);
        FindCompany(open, [query]);
    }

    private void Renew(List<Query> open, int identity)
    {
        foreach (Query query in open.Where(query => query.Link is null))
        {
            Review(query, identity);
        }
    }

    private void Review(Query query, int identity)
    {
        query.Near.Remove(identity);
        Scored score = Score(query, identity);
        query.Worth[identity] = score.Above + _threshold;
        if (score.Above >= 0)
        {
            query.Near[identity] = score;
        }
    }

    private List<Candidate> Candidates(Query query, int accepted)
    {
        IEnumerable<int> places = Descending.Places(query.Worth, query.Known);
        IEnumerable<int> best = accepted < 0
            ? places.Take(MostCandidates)
            : places.Where(identity => identity != accepted).Take(MostCandidates - 1).Prepend(accepted).OrderByDescending(identity => query.Worth[identity]);
        return [.. best.Select(identity =>
        {
            Scored score = Score(query, identity);
            Verdict verdict = identity == accepted ? Verdict.Accepted
                : score.Forbidden ?? (score.Above < 0 ? Verdict.BelowThreshold : Verdict.SmallMargin);
            return new Candidate(score.Id, score.Similarity, _calibration?.Invoke(score.Similarity), score.Nearest, verdict);
        })];
    }

    private Guid LatestBefore(SightingHistory sightings, KnownSighting here) =>
        (sightings.Latest(here.EndAt, sighting => _rules.Comparable(sighting, here), decidedLast: true) ?? sightings[^1]).TrackletId; // without a common clock: the one decided last

    private readonly record struct Scored(Guid Id, float Similarity, float Above, float Level, Guid Nearest, Verdict? Forbidden)
    {
        /// <summary>What travel time adds, in units of similarity.</summary>
        internal float Travel { get; init; }

        /// <summary>What an operator's words on pairs like this one add.</summary>
        internal float Words { get; init; }

        internal float Rank => Above + Travel + Words;
    }

    private sealed class Query(Tracklet tracklet, float[]? feature, int frames)
    {
        internal Tracklet Tracklet { get; } = tracklet;

        internal float[]? Feature { get; } = feature;

        internal int Frames { get; } = frames;

        internal KnownSighting Sighting { get; set; } = KnownSighting.Of(tracklet);

        /// <summary>For each identity the cosine, less what its camera asks for besides.</summary>
        internal float[] Worth { get; set; } = [];

        /// <summary>How many identities that are.</summary>
        internal int Known { get; set; }

        /// <summary>Those that are alike enough.</summary>
        internal SortedDictionary<int, Scored> Near { get; } = [];

        /// <summary>How alike it is to each tracklet that an operator spoke of; null until somebody asks.</summary>
        internal float[]? Likenesses { get; set; }

        /// <summary>Those who came and went with it and are decided.</summary>
        internal List<RecentTracklet> Companions { get; } = [];

        internal Link? Link { get; set; }
    }
}

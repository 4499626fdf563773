using System.Numerics.Tensors;

namespace Pipeline.Tracker;

/// <summary>How alike tracklets are, pair by pair, and from that how alike groups are.</summary>
internal sealed class RelinkFeatures
{
    private const int FewestOfTracklet = 3;
    private const double ShrinkTracklet = 20;
    private const float LeastAlike = -0.15f; // so far below what is asked for, company is no argument

    private readonly List<(int Node, KnownSighting Sighting, float[] Feature)> _rows = [];
    private readonly float[] _cosine;
    private readonly float[] _above;
    private readonly int _nodes;

    /// <summary>Compares all features of all nodes.</summary>
    /// <param name="nodes">The nodes.</param>
    /// <param name="threshold">What is asked of a pair.</param>
    /// <param name="sameCameraExtra">What is asked besides of a pair of one camera.</param>
    internal RelinkFeatures(List<RelinkNode> nodes, float threshold, float sameCameraExtra)
    {
        _nodes = nodes.Count;
        for (int node = 0; node < nodes.Count; node++)
        {
            foreach ((KnownSighting sighting, float[] feature) in nodes[node].Features.OrderBy(one => one.Sighting.Order))
            {
                _rows.Add((node, sighting, feature));
            }
        }

        _cosine = new float[_rows.Count * _rows.Count];
        _above = new float[_rows.Count * _rows.Count];
        ForEachPair((one, other) =>
        {
            float cosine = TensorPrimitives.Dot<float>(_rows[one].Feature, _rows[other].Feature);
            _cosine[At(one, other)] = _cosine[At(other, one)] = cosine;
            Set(one, other, cosine - threshold - (IsOfOneCamera(one, other) ? sameCameraExtra : 0));
        });
    }

    /// <summary>Features.</summary>
    internal int Count => _rows.Count;

    /// <summary>
    /// Takes from every pair how much more alike than others strangers are between its two cameras, and to its two tracklets: measured on those
    /// who cannot be one person, shrunk towards nothing where they are few (spec/tracking.md 3.4, in its symmetric form, means only).
    /// </summary>
    internal void Normalise(bool[] forbidden)
    {
        StrangerScores strangers = new();
        (double Sum, int Count)[] tracklets = new (double, int)[_rows.Count];
        ForEachPair((one, other) =>
        {
            if (IsForbidden(forbidden, one, other))
            {
                float cosine = _cosine[At(one, other)];
                strangers.Add(_rows[one].Sighting.Camera, _rows[other].Sighting.Camera, cosine);
                tracklets[one] = (tracklets[one].Sum + cosine, tracklets[one].Count + 1);
                tracklets[other] = (tracklets[other].Sum + cosine, tracklets[other].Count + 1);
            }
        });
        double[] own = [.. tracklets.Select(met => strangers.Shift(met, FewestOfTracklet, ShrinkTracklet) / 2)];
        ForEachPair((one, other) =>
        {
            double shift = strangers.Shift(_rows[one].Sighting.Camera, _rows[other].Sighting.Camera) + own[one] + own[other];
            Set(one, other, _above[At(one, other)] - (float)shift);
        });
    }

    /// <summary>Lowers what is asked of a pair to where one in a hundred of the strangers of this footage reaches it (<see cref="StrangerScores.Level"/>).</summary>
    internal void FitLevels(bool[] forbidden)
    {
        StrangerScores strangers = new();
        ForEachPair((one, other) =>
        {
            if (IsForbidden(forbidden, one, other))
            {
                strangers.AddAbove(IsOfOneCamera(one, other), _above[At(one, other)]);
            }
        });
        (float between, float within) = ((float)strangers.Level(oneCamera: false), (float)strangers.Level(oneCamera: true));
        ForEachPair((one, other) => Set(one, other, _above[At(one, other)] - (IsOfOneCamera(one, other) ? within : between)));
    }

    /// <summary>
    /// Adds to a pair what speaks for those who came and went with its two tracklets to be one person as well, up to a most: who walks with whom is
    /// evidence, but of people who look a little alike only.
    /// </summary>
    internal void AddCompany(bool[] forbidden, float most)
    {
        int[][] company = Company.Of([.. _rows.Select(row => row.Sighting)]);
        float[] looks = [.. _above];
        ForEachPair((one, other) =>
        {
            if (looks[At(one, other)] < LeastAlike || IsForbidden(forbidden, one, other))
            {
                return;
            }

            float best = 0;
            foreach (int mine in company[one])
            {
                foreach (int theirs in company[other])
                {
                    if (mine != theirs && !IsForbidden(forbidden, mine, theirs))
                    {
                        best = Math.Max(best, looks[At(mine, theirs)]);
                    }
                }
            }

            Set(one, other, looks[At(one, other)] + Math.Min(most, best));
        });
    }

    /// <summary>Adds what travel times say to every pair that looks alike; the others gain nothing by them.</summary>
    internal void AddTravel(TravelModel travel, CameraRules rules, float weight) => ForEachPair((one, other) =>
    {
        (KnownSighting first, KnownSighting second) = (_rows[one].Sighting, _rows[other].Sighting);
        if (first.Camera != second.Camera && _above[At(one, other)] >= 0 && rules.Comparable(first, second))
        {
            (first, second) = first.EndAt <= second.StartAt ? (first, second) : (second, first);
            Set(one, other, _above[At(one, other)] + (float)(weight * travel.Ratio(first, second)));
        }
    });

    /// <summary>Adds to every pair what an operator said of pairs that look like it.</summary>
    internal void AddFeedback(RelevanceFeedback feedback, float near, float most)
    {
        float[][] likenesses = [.. _rows.Select(row => feedback.Likenesses(row.Feature))];
        int[] judged = [.. likenesses.Index().Where(row => row.Item.Any(likeness => likeness >= near)).Select(row => row.Index)]; // few: nothing was said of the others
        for (int first = 0; first < judged.Length; first++)
        {
            for (int second = first + 1; second < judged.Length; second++)
            {
                (int one, int other) = (judged[first], judged[second]);
                Set(one, other, _above[At(one, other)] + feedback.Evidence(likenesses[one], likenesses[other], near, most));
            }
        }
    }

    /// <summary>Adds to every pair what its common neighbours are worth: weight times (their share - the neutral share).</summary>
    internal void AddNeighbours(bool[] forbidden, int count, float weight, float neutral)
    {
        HashSet<int>[] near = [.. Enumerable.Range(0, _rows.Count).Select(row => Nearest(row, forbidden, count))];
        HashSet<int>[] reciprocal =
        [
            .. Enumerable.Range(0, _rows.Count).Select(row => near[row].Where(other => other == row || near[other].Contains(row)).ToHashSet()),
        ];
        ForEachPair((one, other) =>
        {
            int common = reciprocal[one].Count(reciprocal[other].Contains);
            float share = (float)common / (reciprocal[one].Count + reciprocal[other].Count - common);
            Set(one, other, _above[At(one, other)] + (weight * (share - neutral)));
        });
    }

    /// <summary>The best pair between any two nodes, as <see cref="Agglomeration"/> takes them.</summary>
    internal Linkage Linkage()
    {
        Linkage linkage = new(_nodes);
        ForEachPair((one, other) =>
        {
            if (_rows[one].Node != _rows[other].Node)
            {
                linkage.Add(_rows[one].Node, _rows[other].Node, _above[At(one, other)]);
            }
        });
        return linkage;
    }

    // Itself and the nearest others that it could be; of equals the earlier.
    private HashSet<int> Nearest(int row, bool[] forbidden, int count)
    {
        IEnumerable<int> others = Enumerable.Range(0, _rows.Count)
            .Where(other => other != row && !IsForbidden(forbidden, row, other))
            .OrderByDescending(other => _cosine[At(row, other)]).ThenBy(other => other).Take(count);
        return [row, .. others];
    }

    private bool IsOfOneCamera(int one, int other) => _rows[one].Sighting.Camera == _rows[other].Sighting.Camera;

    private bool IsForbidden(bool[] forbidden, int one, int other) => forbidden[(_rows[one].Node * _nodes) + _rows[other].Node];

    private int At(int one, int other) => (one * _rows.Count) + other;

    private void Set(int one, int other, float above) => _above[At(one, other)] = _above[At(other, one)] = above;

    private void ForEachPair(Action<int, int> action)
    {
        for (int one = 0; one < _rows.Count; one++)
        {
            for (int other = one + 1; other < _rows.Count; other++)
            {
                action(one, other);
            }
        }
    }
}

/// <summary>The best pair between any two of a number of nodes.</summary>
internal sealed class Linkage(int nodes)
{
    private readonly float[] _best = [.. Enumerable.Repeat(float.NegativeInfinity, nodes * (nodes - 1) / 2)];

    /// <summary>How alike two nodes are: negative infinity when nothing can be compared.</summary>
    internal float Of(int one, int other) => _best[Index(one, other)];

    /// <summary>Adds a pair.</summary>
    /// <param name="one">A node.</param>
    /// <param name="other">Another.</param>
    /// <param name="value">How alike the pair is.</param>
    internal void Add(int one, int other, float value) => _best[Index(one, other)] = Math.Max(Of(one, other), value);

    /// <summary>Adds to the pairs between two nodes those between two others.</summary>
    internal void AddAll(int one, int other, int fromOne, int fromOther) => Add(one, other, Of(fromOne, fromOther));

    private static int Index(int one, int other)
    {
        (int low, int high) = one < other ? (one, other) : (other, one);
        return (high * (high - 1) / 2) + low;
    }
}

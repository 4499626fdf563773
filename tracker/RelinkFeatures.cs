using System.Numerics.Tensors;

namespace Pipeline.Tracker;

/// <summary>How alike tracklets are, pair by pair, and from that how alike groups are.</summary>
internal sealed class RelinkFeatures
{
    private readonly List<(int Node, string Camera, float[] Feature)> _rows = [];
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
                _rows.Add((node, sighting.Camera, feature));
            }
        }

        _above = new float[_rows.Count * _rows.Count];
        for (int one = 0; one < _rows.Count; one++)
        {
            for (int other = one + 1; other < _rows.Count; other++)
            {
                float above = TensorPrimitives.Dot<float>(_rows[one].Feature, _rows[other].Feature)
                    - threshold - (_rows[one].Camera == _rows[other].Camera ? sameCameraExtra : 0);
                _above[(one * _rows.Count) + other] = _above[(other * _rows.Count) + one] = above;
            }
        }
    }

    /// <summary>Features.</summary>
    internal int Count => _rows.Count;

    /// <summary>Adds to every pair what its common neighbours are worth: weight times (their share - the neutral share).</summary>
    internal void AddNeighbours(bool[] forbidden, int nodes, int count, float weight, float neutral)
    {
        HashSet<int>[] near = [.. Enumerable.Range(0, _rows.Count).Select(row => Nearest(row, forbidden, nodes, count))];
        HashSet<int>[] reciprocal =
        [
            .. Enumerable.Range(0, _rows.Count).Select(row => near[row].Where(other => other == row || near[other].Contains(row)).ToHashSet()),
        ];
        for (int one = 0; one < _rows.Count; one++)
        {
            for (int other = one + 1; other < _rows.Count; other++)
            {
                int common = reciprocal[one].Count(reciprocal[other].Contains);
                float share = (float)common / (reciprocal[one].Count + reciprocal[other].Count - common);
                float bonus = weight * (share - neutral);
                _above[(one * _rows.Count) + other] += bonus;
                _above[(other * _rows.Count) + one] += bonus;
            }
        }
    }

    /// <summary>The three best pairs between any two nodes and how many pairs there are, as <see cref="Agglomeration"/> takes them.</summary>
    internal Linkage Linkage()
    {
        Linkage linkage = new(_nodes);
        for (int one = 0; one < _rows.Count; one++)
        {
            for (int other = one + 1; other < _rows.Count; other++)
            {
                if (_rows[one].Node != _rows[other].Node)
                {
                    linkage.Add(_rows[one].Node, _rows[other].Node, _above[(one * _rows.Count) + other]);
                }
            }
        }

        return linkage;
    }

    // Itself and the nearest others that it could be; of equals the earlier.
    private HashSet<int> Nearest(int row, bool[] forbidden, int nodes, int count)
    {
        IEnumerable<int> others = Enumerable.Range(0, _rows.Count)
            .Where(other => other != row && !forbidden[(_rows[row].Node * nodes) + _rows[other].Node])
            .OrderByDescending(other => _above[(row * _rows.Count) + other]).ThenBy(other => other).Take(count);
        return [row, .. others];
    }
}

/// <summary>The three best pairs between any two of a number of nodes.</summary>
internal sealed class Linkage(int nodes)
{
    private readonly float[] _best = [.. Enumerable.Repeat(float.NegativeInfinity, 3 * (nodes * (nodes - 1) / 2))];
    private readonly int[] _pairs = new int[nodes * (nodes - 1) / 2];

    /// <summary>How alike two nodes are: negative infinity when nothing can be compared.</summary>
    internal float Of(int one, int other)
    {
        int at = Index(one, other);
        return TopThree.Mean(_best.AsSpan(3 * at, 3), _pairs[at]);
    }

    /// <summary>Adds a pair.</summary>
    internal void Add(int one, int other, float value)
    {
        int at = Index(one, other);
        TopThree.Add(_best.AsSpan(3 * at, 3), value);
        _pairs[at]++;
    }

    /// <summary>Adds to the pairs between two nodes those between two others.</summary>
    internal void AddAll(int one, int other, int fromOne, int fromOther)
    {
        int at = Index(one, other);
        int from = Index(fromOne, fromOther);
        for (int i = 0; i < 3; i++)
        {
            if (!float.IsNegativeInfinity(_best[(3 * from) + i]))
            {
                TopThree.Add(_best.AsSpan(3 * at, 3), _best[(3 * from) + i]);
            }
        }

        _pairs[at] += _pairs[from];
    }

    private int Index(int one, int other)
    {
        (int low, int high) = one < other ? (one, other) : (other, one);
        return (high * (high - 1) / 2) + low;
    }
}

using System.Runtime.InteropServices;

namespace Pipeline.Reid.Evaluation;

/// <summary>Applies a rule to one list after the other, keeping its memory; for one thread.</summary>
/// <param name="rule">What is right and what is removed.</param>
internal sealed class AnswerFinder(AnswerRule rule)
{
    private readonly List<int> _right = [];
    private readonly List<int> _removed = [];

    /// <summary>Gallery indices of the right answers to a query, and of what its list does not hold. Valid until the next call.</summary>
    public (IReadOnlyList<int> Right, IReadOnlyList<int> Removed) Of(int query)
    {
        _right.Clear();
        _removed.Clear();
        rule(query, _right, _removed);
        return (_right, _removed);
    }

    /// <summary>0-based ranks of the right answers, ascending; none skips the query.</summary>
    /// <param name="query">The query.</param>
    /// <param name="distances">To the gallery; changed.</param>
    public int[] Ranks(int query, Span<float> distances)
    {
        Of(query);
        return _right.Count == 0 ? [] : RightRanks.Find(distances, CollectionsMarshal.AsSpan(_right), CollectionsMarshal.AsSpan(_removed));
    }
}

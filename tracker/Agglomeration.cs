namespace Pipeline.Tracker;

/// <summary>Joins the two most alike of many groups, again and again. Of equals those that come first.</summary>
/// <remarks>Each group keeps its best partner, so that a step costs what the groups touched cost, not all pairs.</remarks>
internal sealed class Agglomeration
{
    private readonly Linkage _linkage;
    private readonly bool[] _forbidden;
    private readonly int _count;
    private readonly bool[] _gone;
    private readonly int[] _partner;
    private readonly float[] _worth;

    /// <summary>Begins.</summary>
    /// <param name="linkage">How alike they are.</param>
    /// <param name="forbidden">Row by row, which pairs must never be joined; changed here.</param>
    /// <param name="count">Groups.</param>
    internal Agglomeration(Linkage linkage, bool[] forbidden, int count)
    {
        (_linkage, _forbidden, _count) = (linkage, forbidden, count);
        (_gone, _partner, _worth) = (new bool[count], new int[count], new float[count]);
        for (int one = 0; one < count; one++)
        {
            Seek(one);
        }
    }

    /// <summary>The groups there are now.</summary>
    internal IEnumerable<int> Left => Enumerable.Range(0, _count).Where(one => !_gone[one]);

    /// <summary>The two most alike, the earlier one first; null when none are alike enough.</summary>
    internal (int One, int Other)? Best(float least)
    {
        int best = -1;
        for (int one = 0; one < _count; one++)
        {
            if (!_gone[one] && _partner[one] >= 0 && _worth[one] >= least && (best < 0 || _worth[one] > _worth[best]))
            {
                best = one;
            }
        }

        return best < 0 ? null : (Math.Min(best, _partner[best]), Math.Max(best, _partner[best]));
    }

    /// <summary>Says that two must never be joined.</summary>
    internal void Forbid(int one, int other)
    {
        _forbidden[(one * _count) + other] = _forbidden[(other * _count) + one] = true;
        Seek(one);
        Seek(other);
    }

    /// <summary>Makes the second one part of the first.</summary>
    internal void Join(int one, int other)
    {
        _gone[other] = true;
        for (int third = 0; third < _count; third++)
        {
            if (!_gone[third] && third != one)
            {
                _linkage.AddAll(one, third, other, third);
                _forbidden[(one * _count) + third] |= _forbidden[(other * _count) + third];
                _forbidden[(third * _count) + one] = _forbidden[(one * _count) + third];
            }
        }

        for (int third = 0; third < _count; third++)
        {
            if (!_gone[third])
            {
                Renew(third, one, other);
            }
        }
    }

    private void Renew(int third, int one, int other)
    {
        if (third == one || _partner[third] == one || _partner[third] == other)
        {
            Seek(third);
        }
        else if (!_forbidden[(third * _count) + one] && _linkage.Of(third, one) is var worth
            && (worth > _worth[third] || (worth == _worth[third] && one < _partner[third])))
        {
            (_partner[third], _worth[third]) = (one, worth);
        }
    }

    private void Seek(int one)
    {
        (_partner[one], _worth[one]) = (-1, float.NegativeInfinity);
        for (int other = 0; other < _count; other++)
        {
            if (other != one && !_gone[other] && !_forbidden[(one * _count) + other] && _linkage.Of(one, other) is var worth && worth > _worth[one])
            {
                (_partner[one], _worth[one]) = (other, worth);
            }
        }
    }
}

using Pipeline.Reid;

namespace Pipeline.Tracker;

/// <summary>Two tracklets that an operator said to be one person, or two.</summary>
/// <param name="One">Clip feature of one.</param>
/// <param name="Other">Of the other.</param>
/// <param name="Same">Whether they are one person.</param>
public sealed record JudgedPair(float[] One, float[] Other, bool Same);

/// <summary>
/// What an operator's words on pairs of tracklets say of pairs that look like them (relevance feedback): who looks like one of two people that were told
/// apart, and whoever looks like the other, are less likely one person than their likeness says; who looks like two sights of one person, more.
/// </summary>
/// <remarks>
/// A pair (x, y) is held against a judged pair (a, b) when x is about as alike to a, and y to b, as two sights of one person in one camera are.
/// Two people who were told apart may be hard to tell apart, so what counts then is by how much x lies nearer to a than to b, and y nearer to b than to a.
/// Nothing here makes a link of what does not look alike: both effects are bounded by a small weight.
/// </remarks>
public sealed class RelevanceFeedback
{
    private readonly List<float[]> _features = [];
    private readonly List<(int One, int Other, bool Same)> _pairs = [];

    /// <summary>Takes what was said.</summary>
    /// <param name="pairs">Pairs; a feature that is in several is one object.</param>
    public RelevanceFeedback(IEnumerable<JudgedPair> pairs)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        Dictionary<float[], int> numbers = new(ReferenceEqualityComparer.Instance);
        foreach (JudgedPair pair in pairs)
        {
            _pairs.Add((Number(pair.One), Number(pair.Other), pair.Same));
        }

        int Number(float[] feature)
        {
            if (numbers.TryAdd(feature, _features.Count))
            {
                _features.Add(feature);
            }

            return numbers[feature];
        }
    }

    /// <summary>Nothing was said.</summary>
    public static RelevanceFeedback None { get; } = new([]);

    /// <summary>Whether nothing was said.</summary>
    public bool IsEmpty => _pairs.Count == 0;

    /// <summary>How alike a feature is to each that something was said of.</summary>
    /// <param name="feature">Unit vector.</param>
    internal float[] Likenesses(ReadOnlySpan<float> feature)
    {
        float[] likenesses = new float[_features.Count];
        for (int index = 0; index < likenesses.Length; index++)
        {
            likenesses[index] = CosineSearch.Dot(_features[index], feature);
        }

        return likenesses;
    }

    /// <summary>What was said speaks for two features to be one person: the strongest word for it less the strongest against it.</summary>
    /// <param name="one"><see cref="Likenesses"/> of one.</param>
    /// <param name="other">Of the other.</param>
    /// <param name="near">Cosine from which on something looks like what was judged.</param>
    /// <param name="most">The most that a word counts, as similarity.</param>
    /// <returns>-<paramref name="most"/> to <paramref name="most"/>.</returns>
    internal float Evidence(float[] one, float[] other, float near, float most)
    {
        float same = 0;
        float apart = 0;
        foreach ((int a, int b, bool isSame) in _pairs)
        {
            Weigh(a, b, isSame);
            Weigh(b, a, isSame);
        }

        return same - apart;

        void Weigh(int mine, int theirs, bool isSame)
        {
            if (one[mine] < near || other[theirs] < near)
            {
                return;
            }

            if (isSame)
            {
                same = Math.Max(same, most * (Math.Min(one[mine], other[theirs]) - near) / (1 - near));
            }
            else
            {
                apart = Math.Max(apart, Math.Min(most, Math.Min(one[mine] - one[theirs], other[theirs] - other[mine])));
            }
        }
    }
}

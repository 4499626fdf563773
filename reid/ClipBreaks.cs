using System.Numerics.Tensors;

namespace Pipeline.Reid;

/// <summary>
/// Finds where the crops of a track stop being of one person: a tracker that lost somebody behind somebody else may have gone on with the wrong
/// one, and one feature of both would be nobody's.
/// </summary>
internal static class ClipBreaks
{
    /// <summary>
    /// A single picture may be of half a person, and those of a short moment all are of the same half: what is cut off has two at least and lasts
    /// a second. With the default network on three rendered sites and the sample (265 tracks) that cuts 14 of the 33 tracks which change person, and 1 of the others.
    /// </summary>
    private const int FewestCrops = 2;
    private static readonly TimeSpan s_shortest = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Trackers confuse people who meet: of 54 tracks that changed person on six rendered sites 46 did so within a second and a half of a box over theirs
    /// (IoU over 0.35 in 38). There, so much less difference is enough: 32 of them are cut instead of 27, and one more of the 467 others.
    /// </summary>
    private const float Meeting = 0.35f;
    private const float MeetingSlack = 0.12f;

    /// <summary>Cuts where what comes before is least like what comes after, again and again, as long as that is less than one person is like himself.</summary>
    /// <param name="embeddings">(T, D), in capture-time order; rows with NaN, infinity or no length say nothing.</param>
    /// <param name="crops">The T crops.</param>
    /// <param name="below">Cosine similarity of the mean before and the mean after, below which two people are assumed.</param>
    /// <param name="met">For each crop the largest IoU with somebody else since the crop before it; empty for no such knowledge.</param>
    /// <returns>Numbers of the crops before which to cut, ascending, without 0.</returns>
    internal static List<int> Find(ReadOnlySpan<float> embeddings, IReadOnlyList<Crop> crops, float below, IReadOnlyList<float> met)
    {
        List<int> breaks = [];
        if (crops.Count >= 2 * FewestCrops)
        {
            float[] levels = [.. Enumerable.Range(0, crops.Count).Select(at => met.Count > 0 && met[at] >= Meeting ? below + MeetingSlack : below)];
            Cut(new Sums(embeddings, crops.Count), crops, levels, 0, crops.Count, breaks);
        }

        return breaks;
    }

    private static void Cut(Sums sums, IReadOnlyList<Crop> crops, float[] levels, int from, int to, List<int> breaks)
    {
        int best = -1;
        float least = 0;
        for (int at = from + FewestCrops; at <= to - FewestCrops; at++)
        {
            if (Lasts(crops, from, at) && Lasts(crops, at, to) && sums.Likeness(from, at, to) - levels[at] is var likeness && likeness < least)
            {
                (best, least) = (at, likeness);
            }
        }

        if (best >= 0)
        {
            Cut(sums, crops, levels, from, best, breaks);
            breaks.Add(best);
            Cut(sums, crops, levels, best, to, breaks);
        }
    }

    private static bool Lasts(IReadOnlyList<Crop> crops, int from, int to) => crops[to - 1].CapturedAt - crops[from].CapturedAt >= s_shortest;

    /// <summary>Sums of the first n embeddings, for all n: the sum of any stretch is the difference of two.</summary>
    private sealed class Sums
    {
        private const float Nothing = 1e-6f; // shorter than any sum of unit vectors that are not opposites
        private readonly float[] _sums;
        private readonly int _dimension;

        internal Sums(ReadOnlySpan<float> embeddings, int count)
        {
            _dimension = embeddings.Length / count;
            _sums = new float[(count + 1) * _dimension];
            for (int index = 0; index < count; index++)
            {
                ReadOnlySpan<float> embedding = embeddings.Slice(index * _dimension, _dimension);
                Span<float> sum = At(index + 1);
                At(index).CopyTo(sum);
                if (MathF.Sqrt(CosineSearch.Dot(embedding, embedding)) is var norm && float.IsFinite(norm) && norm > Nothing)
                {
                    TensorPrimitives.MultiplyAdd(embedding, 1 / norm, sum, sum);
                }
            }
        }

        /// <summary>Cosine of the sums on both sides; 1 where a side has nothing usable, for then nothing speaks for a cut.</summary>
        internal float Likeness(int from, int at, int to)
        {
            float[] before = new float[_dimension];
            float[] after = new float[_dimension];
            TensorPrimitives.Subtract(At(at), At(from), before);
            TensorPrimitives.Subtract(At(to), At(at), after);
            float norms = MathF.Sqrt(CosineSearch.Dot(before, before) * CosineSearch.Dot(after, after));
            return norms > Nothing ? CosineSearch.Dot(before, after) / norms : 1;
        }

        private Span<float> At(int count) => _sums.AsSpan(count * _dimension, _dimension);
    }
}

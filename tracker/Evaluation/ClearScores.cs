using Pipeline.Reid;

namespace Pipeline.Tracker.Evaluation;

/// <summary>CLEAR MOT counts at IoU 0.5 (Bernardin and Stiefelhagen 2008), counted as TrackEval counts them, and the ratios made of them.</summary>
public sealed record ClearScores
{
    private const double Epsilon = 2.220446049250313e-16;

    /// <summary>Matched boxes.</summary>
    public long TruePositives { get; init; }

    /// <summary>Ground-truth boxes without a match.</summary>
    public long FalseNegatives { get; init; }

    /// <summary>Tracker boxes without a match.</summary>
    public long FalsePositives { get; init; }

    /// <summary>Matches whose tracker identity is not the last one that this person had.</summary>
    public long IdentitySwitches { get; init; }

    /// <summary>Persons tracked in more than 80 % of their frames.</summary>
    public int MostlyTracked { get; init; }

    /// <summary>Persons tracked in 20 to 80 % of their frames.</summary>
    public int PartlyTracked { get; init; }

    /// <summary>Persons tracked in less than 20 % of their frames.</summary>
    public int MostlyLost { get; init; }

    /// <summary>How often a person's track was taken up again.</summary>
    public long Fragmentations { get; init; }

    /// <summary>Sum of the IoU of all matches.</summary>
    public double SimilaritySum { get; init; }

    /// <summary>Multiple object tracking accuracy, (TP - FP - IDSW) / ground-truth boxes; 0 where there are none.</summary>
    public double Mota => TruePositives + FalseNegatives == 0 ? 0 : (double)(TruePositives - FalsePositives - IdentitySwitches) / (TruePositives + FalseNegatives);

    /// <summary>Mean IoU of the matches.</summary>
    public double Motp => SimilaritySum / Math.Max(1.0, TruePositives);

    /// <summary>Scores one sequence.</summary>
    /// <param name="sequence">The sequence.</param>
    public static ClearScores Of(ScoredSequence sequence)
    {
        if (sequence.FoundBoxes == 0)
        {
            return new ClearScores { FalseNegatives = sequence.TruthBoxes, MostlyLost = sequence.TruthIds };
        }

        if (sequence.TruthBoxes == 0)
        {
            return new ClearScores { FalsePositives = sequence.FoundBoxes };
        }

        Counter counter = new(sequence);
        foreach (ScoredFrame frame in sequence.Frames)
        {
            counter.Count(frame);
        }

        return counter.Total();
    }

    /// <summary>Pools counts over sequences, which is how a data set is scored.</summary>
    /// <param name="parts">Scores of the sequences.</param>
    public static ClearScores Combine(IReadOnlyCollection<ClearScores> parts) => new()
    {
        TruePositives = parts.Sum(part => part.TruePositives),
        FalseNegatives = parts.Sum(part => part.FalseNegatives),
        FalsePositives = parts.Sum(part => part.FalsePositives),
        IdentitySwitches = parts.Sum(part => part.IdentitySwitches),
        MostlyTracked = parts.Sum(part => part.MostlyTracked),
        PartlyTracked = parts.Sum(part => part.PartlyTracked),
        MostlyLost = parts.Sum(part => part.MostlyLost),
        Fragmentations = parts.Sum(part => part.Fragmentations),
        SimilaritySum = parts.Sum(part => part.SimilaritySum),
    };

    private sealed class Counter(ScoredSequence sequence)
    {
        private readonly AssignmentSolver _solver = new();
        private readonly List<Pairing> _pairs = [];
        private readonly int[] _last = [.. Enumerable.Repeat(-1, sequence.TruthIds)];
        private readonly int[] _frames = new int[sequence.TruthIds];
        private readonly int[] _matched = new int[sequence.TruthIds];
        private readonly int[] _starts = new int[sequence.TruthIds];
        private int[] _before = [.. Enumerable.Repeat(-1, sequence.TruthIds)];
        private int[] _now = new int[sequence.TruthIds];
        private long _truePositives;
        private long _falseNegatives;
        private long _falsePositives;
        private long _switches;
        private double _similarity;

        internal void Count(ScoredFrame frame)
        {
            if (frame.Truth.Length == 0 || frame.Found.Length == 0)
            {
                // As TrackEval: such a frame is passed over before the memory of the frame before it is cleared.
                _falsePositives += frame.Found.Length;
                _falseNegatives += frame.Truth.Length;
                Seen(frame);
                return;
            }

            Array.Fill(_now, -1);
            ReadOnlySpan<int> matches = Match(frame);
            int matched = 0;
            for (int row = 0; row < matches.Length; row++)
            {
                if (matches[row] >= 0)
                {
                    matched++;
                    CountMatch(frame.Truth[row], frame.Found[matches[row]]);
                    _similarity += frame.Similarity[(row * frame.Found.Length) + matches[row]];
                }
            }

            Seen(frame);
            (_before, _now) = (_now, _before);
            _truePositives += matched;
            _falseNegatives += frame.Truth.Length - matched;
            _falsePositives += frame.Found.Length - matched;
        }

        internal ClearScores Total()
        {
            double[] ratios = [.. Enumerable.Range(0, _frames.Length).Where(id => _frames[id] > 0).Select(id => (double)_matched[id] / _frames[id])];
            int mostly = ratios.Count(ratio => ratio > 0.8);
            int partly = ratios.Count(ratio => ratio >= 0.2) - mostly;
            return new ClearScores
            {
                TruePositives = _truePositives,
                FalseNegatives = _falseNegatives,
                FalsePositives = _falsePositives,
                IdentitySwitches = _switches,
                MostlyTracked = mostly,
                PartlyTracked = partly,
                MostlyLost = sequence.TruthIds - mostly - partly,
                Fragmentations = _starts.Sum(starts => Math.Max(0, starts - 1)),
                SimilaritySum = _similarity,
            };
        }

        private ReadOnlySpan<int> Match(ScoredFrame frame)
        {
            _pairs.Clear();
            for (int row = 0; row < frame.Truth.Length; row++)
            {
                for (int column = 0; column < frame.Found.Length; column++)
                {
                    double similarity = frame.Similarity[(row * frame.Found.Length) + column];
                    if (similarity >= 0.5 - Epsilon)
                    {
                        bool same = _before[frame.Truth[row]] == frame.Found[column];
                        _pairs.Add(new Pairing(row, column, (same ? 1000 : 0) + similarity)); // an old pairing outweighs all new ones
                    }
                }
            }

            return _solver.Solve([.. _pairs], frame.Truth.Length, frame.Found.Length);
        }

        private void CountMatch(int truth, int found)
        {
            _matched[truth]++;
            if (_last[truth] >= 0 && _last[truth] != found)
            {
                _switches++;
            }

            if (_before[truth] < 0)
            {
                _starts[truth]++;
            }

            (_last[truth], _now[truth]) = (found, found);
        }

        private void Seen(ScoredFrame frame)
        {
            if (frame.Truth.Length > 0)
            {
                foreach (int truth in frame.Truth)
                {
                    _frames[truth]++;
                }
            }
        }
    }
}

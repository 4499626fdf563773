using Pipeline.Reid;

namespace Pipeline.Tracker.Evaluation;

/// <summary>Higher order tracking accuracy (Luiten et al. 2021) at the 19 thresholds 0.05, 0.10, ... 0.95, as TrackEval computes it.</summary>
public sealed record HotaScores
{
    /// <summary>Number of thresholds.</summary>
    public const int Levels = 19;

    private const double Epsilon = 2.220446049250313e-16;

    /// <summary>Matched boxes at each threshold.</summary>
    public required double[] TruePositives { get; init; }

    /// <summary>Ground-truth boxes without a match at each threshold.</summary>
    public required double[] FalseNegatives { get; init; }

    /// <summary>Tracker boxes without a match at each threshold.</summary>
    public required double[] FalsePositives { get; init; }

    /// <summary>Association accuracy at each threshold.</summary>
    public required double[] AssA { get; init; }

    /// <summary>Association recall at each threshold.</summary>
    public required double[] AssRe { get; init; }

    /// <summary>Association precision at each threshold.</summary>
    public required double[] AssPr { get; init; }

    /// <summary>Mean IoU of the matches at each threshold.</summary>
    public required double[] LocA { get; init; }

    /// <summary>Detection accuracy at each threshold.</summary>
    public double[] DetA => [.. Enumerable.Range(0, Levels).Select(a => TruePositives[a] / Math.Max(1, TruePositives[a] + FalseNegatives[a] + FalsePositives[a]))];

    /// <summary>Detection recall at each threshold.</summary>
    public double[] DetRe => [.. Enumerable.Range(0, Levels).Select(a => TruePositives[a] / Math.Max(1, TruePositives[a] + FalseNegatives[a]))];

    /// <summary>Detection precision at each threshold.</summary>
    public double[] DetPr => [.. Enumerable.Range(0, Levels).Select(a => TruePositives[a] / Math.Max(1, TruePositives[a] + FalsePositives[a]))];

    /// <summary>HOTA at each threshold, the geometric mean of detection and association accuracy.</summary>
    public double[] Hota => [.. DetA.Zip(AssA, (detection, association) => Math.Sqrt(detection * association))];

    /// <summary>The published number: mean of HOTA over the thresholds.</summary>
    public double Mean => Hota.Average();

    /// <summary>Scores one sequence.</summary>
    /// <param name="sequence">The sequence.</param>
    public static HotaScores Of(ScoredSequence sequence)
    {
        double[] matched = new double[Levels];
        double[] similarity = new double[Levels];
        int[] truthFrames = new int[sequence.TruthIds];
        int[] foundFrames = new int[sequence.FoundIds];
        Dictionary<(int Truth, int Found), double[]> pairs = Align(sequence, truthFrames, foundFrames, out Dictionary<(int, int), double> alignment);
        AssignmentSolver solver = new();
        foreach (ScoredFrame frame in sequence.Frames)
        {
            MatchFrame(frame, alignment, solver, pairs, matched, similarity);
        }

        return Total(sequence, pairs, truthFrames, foundFrames, matched, similarity);
    }

    /// <summary>Pools over sequences: counts are summed, association and localisation weighted by the matches at each threshold.</summary>
    /// <param name="parts">Scores of the sequences.</param>
    public static HotaScores Combine(IReadOnlyCollection<HotaScores> parts) => new()
    {
        TruePositives = Sum(parts, part => part.TruePositives),
        FalseNegatives = Sum(parts, part => part.FalseNegatives),
        FalsePositives = Sum(parts, part => part.FalsePositives),
        AssA = Weighted(parts, part => part.AssA, 0, 1),
        AssRe = Weighted(parts, part => part.AssRe, 0, 1),
        AssPr = Weighted(parts, part => part.AssPr, 0, 1),
        LocA = Weighted(parts, part => part.LocA, 1e-10, 1e-10),
    };

    // The global alignment of two identities is their soft co-occurrence over the whole sequence.
    private static Dictionary<(int Truth, int Found), double[]> Align(
        ScoredSequence sequence, int[] truthFrames, int[] foundFrames, out Dictionary<(int Truth, int Found), double> alignment)
    {
        Dictionary<(int Truth, int Found), double> together = [];
        foreach (ScoredFrame frame in sequence.Frames)
        {
            int width = frame.Found.Length;
            double[] rowSums = new double[frame.Truth.Length];
            double[] columnSums = new double[width];
            for (int pair = 0; pair < frame.Similarity.Length; pair++)
            {
                rowSums[pair / width] += frame.Similarity[pair];
                columnSums[pair % width] += frame.Similarity[pair];
            }

            for (int pair = 0; pair < frame.Similarity.Length; pair++)
            {
                (int row, int column, double iou) = (pair / width, pair % width, frame.Similarity[pair]);
                double union = rowSums[row] + columnSums[column] - iou;
                if (iou > 0 && union > Epsilon)
                {
                    (int, int) ids = (frame.Truth[row], frame.Found[column]);
                    together[ids] = together.GetValueOrDefault(ids) + (iou / union);
                }
            }

            Array.ForEach(frame.Truth, id => truthFrames[id]++);
            Array.ForEach(frame.Found, id => foundFrames[id]++);
        }

        alignment = together.ToDictionary(
            pair => pair.Key, pair => pair.Value / (truthFrames[pair.Key.Truth] + foundFrames[pair.Key.Found] - pair.Value));
        return together.OrderBy(pair => pair.Key).ToDictionary(pair => pair.Key, _ => new double[Levels]);
    }

    private static void MatchFrame(
        ScoredFrame frame,
        Dictionary<(int, int), double> alignment,
        AssignmentSolver solver,
        Dictionary<(int, int), double[]> pairs,
        double[] matched,
        double[] similarity)
    {
        int width = frame.Found.Length;
        List<Pairing> candidates = [];
        for (int pair = 0; pair < frame.Similarity.Length; pair++)
        {
            if (frame.Similarity[pair] > 0)
            {
                (int row, int column) = (pair / width, pair % width);
                double score = alignment[(frame.Truth[row], frame.Found[column])] * frame.Similarity[pair];
                candidates.Add(new Pairing(row, column, score));
            }
        }

        ReadOnlySpan<int> matches = solver.Solve([.. candidates], frame.Truth.Length, width);
        for (int row = 0; row < matches.Length; row++)
        {
            if (matches[row] < 0)
            {
                continue;
            }

            double iou = frame.Similarity[(row * width) + matches[row]];
            double[] counts = pairs[(frame.Truth[row], frame.Found[matches[row]])];
            for (int level = 0; level < Levels && iou >= Threshold(level) - Epsilon; level++)
            {
                matched[level]++;
                similarity[level] += iou;
                counts[level]++;
            }
        }
    }

    // numpy.arange(0.05, 0.99, 0.05), whose values are start + i * step in double precision.
    private static double Threshold(int level) => 0.05 + (level * 0.05);

    private static HotaScores Total(
        ScoredSequence sequence,
        Dictionary<(int Truth, int Found), double[]> pairs,
        int[] truthFrames,
        int[] foundFrames,
        double[] matched,
        double[] similarity)
    {
        double[] association = new double[Levels];
        double[] recall = new double[Levels];
        double[] precision = new double[Levels];
        foreach (((int truth, int found), double[] counts) in pairs)
        {
            for (int level = 0; level < Levels; level++)
            {
                double count = counts[level];
                association[level] += count * count / Math.Max(1, truthFrames[truth] + foundFrames[found] - count);
                recall[level] += count * count / Math.Max(1, truthFrames[truth]);
                precision[level] += count * count / Math.Max(1, foundFrames[found]);
            }
        }

        double[] Mean(double[] sums) => [.. sums.Zip(matched, (sum, count) => sum / Math.Max(1, count))];
        return new HotaScores
        {
            TruePositives = matched,
            FalseNegatives = [.. matched.Select(count => sequence.TruthBoxes - count)],
            FalsePositives = [.. matched.Select(count => sequence.FoundBoxes - count)],
            AssA = Mean(association),
            AssRe = Mean(recall),
            AssPr = Mean(precision),
            LocA = [.. similarity.Zip(matched, (sum, count) => Math.Max(1e-10, sum) / Math.Max(1e-10, count))],
        };
    }

    private static double[] Sum(IReadOnlyCollection<HotaScores> parts, Func<HotaScores, double[]> values) =>
        [.. Enumerable.Range(0, Levels).Select(level => parts.Sum(part => values(part)[level]))];

    private static double[] Weighted(IReadOnlyCollection<HotaScores> parts, Func<HotaScores, double[]> values, double leastSum, double leastWeight) =>
        [.. Enumerable.Range(0, Levels).Select(level => Math.Max(leastSum, parts.Sum(part => values(part)[level] * part.TruePositives[level]))
            / Math.Max(leastWeight, parts.Sum(part => part.TruePositives[level])))];
}

using Pipeline.Reid;

namespace Pipeline.Tracker.Evaluation;

/// <summary>Identity scores at IoU 0.5 (Ristani et al. 2016): one global matching of ground-truth and tracker identities.</summary>
/// <param name="TruePositives">Boxes whose identity is right under the best matching (IDTP).</param>
/// <param name="FalseNegatives">Ground-truth boxes that are not (IDFN).</param>
/// <param name="FalsePositives">Tracker boxes that are not (IDFP).</param>
public sealed record IdentityScores(long TruePositives, long FalseNegatives, long FalsePositives)
{
    private const double Epsilon = 2.220446049250313e-16;

    /// <summary>Share of boxes with the right identity, harmonic mean over both sides.</summary>
    public double Idf1 => TruePositives / Math.Max(1.0, TruePositives + (0.5 * FalsePositives) + (0.5 * FalseNegatives));

    /// <summary>Share of ground-truth boxes with the right identity.</summary>
    public double Recall => TruePositives / Math.Max(1.0, TruePositives + FalseNegatives);

    /// <summary>Share of tracker boxes with the right identity.</summary>
    public double Precision => TruePositives / Math.Max(1.0, TruePositives + FalsePositives);

    /// <summary>Scores one sequence.</summary>
    /// <param name="sequence">The sequence.</param>
    public static IdentityScores Of(ScoredSequence sequence)
    {
        Dictionary<(int Truth, int Found), int> together = Together(sequence);
        ReadOnlySpan<int> matches = Match(sequence, together);
        long right = 0;
        for (int truth = 0; truth < matches.Length; truth++)
        {
            right += matches[truth] < 0 ? 0 : together[(truth, matches[truth])];
        }

        return new IdentityScores(right, sequence.TruthBoxes - right, sequence.FoundBoxes - right);
    }

    /// <summary>The same matching, looked at person by person.</summary>
    /// <param name="sequence">The sequence.</param>
    /// <returns>By person's id.</returns>
    public static IReadOnlyList<PersonScores> PerPerson(ScoredSequence sequence)
    {
        Dictionary<(int Truth, int Found), int> together = Together(sequence);
        int[] matches = Match(sequence, together).ToArray();
        int[] boxes = new int[sequence.TruthIds];
        int[] foundBoxes = new int[sequence.FoundIds];
        foreach (ScoredFrame frame in sequence.Frames)
        {
            Array.ForEach(frame.Truth, id => boxes[id]++);
            Array.ForEach(frame.Found, id => foundBoxes[id]++);
        }

        int[] identities = new int[sequence.TruthIds];
        foreach ((int truth, _) in together.Keys)
        {
            identities[truth]++;
        }

        return
        [
            .. Enumerable.Range(0, sequence.TruthIds).Select(truth => matches[truth] < 0
                ? new PersonScores(sequence.TruthNames[truth], boxes[truth], identities[truth], null, 0, 0)
                : new PersonScores(
                    sequence.TruthNames[truth], boxes[truth], identities[truth], sequence.FoundNames[matches[truth]], foundBoxes[matches[truth]], together[(truth, matches[truth])])),
        ];
    }

    /// <summary>Pools counts over sequences.</summary>
    /// <param name="parts">Scores of the sequences.</param>
    public static IdentityScores Combine(IReadOnlyCollection<IdentityScores> parts) => new(
        parts.Sum(part => part.TruePositives), parts.Sum(part => part.FalseNegatives), parts.Sum(part => part.FalsePositives));

    private static Dictionary<(int Truth, int Found), int> Together(ScoredSequence sequence)
    {
        Dictionary<(int Truth, int Found), int> together = [];
        foreach (ScoredFrame frame in sequence.Frames)
        {
            for (int pair = 0; pair < frame.Similarity.Length; pair++)
            {
                if (frame.Similarity[pair] >= 0.5 - Epsilon)
                {
                    (int, int) ids = (frame.Truth[pair / frame.Found.Length], frame.Found[pair % frame.Found.Length]);
                    together[ids] = together.GetValueOrDefault(ids) + 1;
                }
            }
        }

        return together;
    }

    // Misses and false alarms fall by one each for every box that a pair of identities shares: so the most shared boxes win.
    private static ReadOnlySpan<int> Match(ScoredSequence sequence, Dictionary<(int Truth, int Found), int> together) => new AssignmentSolver().Solve(
        [.. together.OrderBy(pair => pair.Key).Select(pair => new Pairing(pair.Key.Truth, pair.Key.Found, pair.Value))], sequence.TruthIds, sequence.FoundIds);
}

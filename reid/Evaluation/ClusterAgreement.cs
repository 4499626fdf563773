namespace Pipeline.Reid.Evaluation;

/// <summary>How well found identities agree with labels, over tracklets.</summary>
/// <param name="Tracklets">Labelled tracklets that were compared.</param>
/// <param name="Persons">Distinct labels among them.</param>
/// <param name="Identities">Distinct identities among them.</param>
/// <param name="PairPrecision">Of the pairs put together, the share that is one person; 1 when there is no such pair.</param>
/// <param name="PairRecall">Of the pairs that are one person, the share put together; 1 when there is no such pair.</param>
/// <param name="Idf1">
/// IDF1 with a tracklet as the unit: persons and identities are matched one to one so that most tracklets fit, 2·fits / (labelled + decided).
/// </param>
public sealed record ClusterAgreement(int Tracklets, int Persons, int Identities, double PairPrecision, double PairRecall, double Idf1)
{
    /// <summary>Compares. Labels below 1 (junk -1, distractors 0) are nobody and are left out.</summary>
    /// <param name="tracklets">Per tracklet the label and the identity it was given; null when it was given none.</param>
    /// <typeparam name="T">Type of identity ids.</typeparam>
    public static ClusterAgreement Of<T>(IEnumerable<(int Pid, T? Identity)> tracklets)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(tracklets);
        (int Pid, T? Identity)[] all = [.. tracklets.Where(t => t.Pid > 0)];
        (int Pid, T Identity)[] decided = [.. all.Where(t => t.Identity is not null).Select(t => (t.Pid, t.Identity!))];
        Dictionary<(int, T), int> together = Count(decided);
        Dictionary<int, int> persons = Count(all.Select(t => t.Pid));
        Dictionary<T, int> identities = Count(decided.Select(t => t.Identity));
        double rightPairs = Pairs(together.Values);
        double claimed = Pairs(identities.Values);
        double true_ = Pairs(persons.Values);
        int fits = Fits(together, [.. persons.Keys], [.. identities.Keys]);
        return new ClusterAgreement(
            all.Length,
            persons.Count,
            identities.Count,
            claimed == 0 ? 1 : rightPairs / claimed,
            true_ == 0 ? 1 : rightPairs / true_,
            all.Length == 0 ? 1 : 2.0 * fits / (all.Length + decided.Length));
    }

    private static int Fits<T>(Dictionary<(int Pid, T Identity), int> together, int[] persons, T[] identities)
        where T : class
    {
        Dictionary<int, int> row = persons.Index().ToDictionary(p => p.Item, p => p.Index);
        Dictionary<T, int> column = identities.Index().ToDictionary(i => i.Item, i => i.Index);
        Pairing[] pairs = [.. together.Select(t => new Pairing(row[t.Key.Pid], column[t.Key.Identity], t.Value))];
        int[] chosen = new AssignmentSolver().Solve(pairs, persons.Length, identities.Length).ToArray();
        return pairs.Where(pair => chosen[pair.Row] == pair.Column).Sum(pair => (int)pair.Gain);
    }

    private static Dictionary<TKey, int> Count<TKey>(IEnumerable<TKey> keys)
        where TKey : notnull
    {
        Dictionary<TKey, int> counts = [];
        foreach (TKey key in keys)
        {
            counts[key] = counts.GetValueOrDefault(key) + 1;
        }

        return counts;
    }

    private static double Pairs(IEnumerable<int> counts) => counts.Sum(n => n * (n - 1.0) / 2);
}

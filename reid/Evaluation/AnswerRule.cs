namespace Pipeline.Reid.Evaluation;

/// <summary>Says which gallery entries are right answers to a query, and which its ranked list does not hold. All others are wrong answers.</summary>
/// <param name="query">Index of the query.</param>
/// <param name="right">Receives gallery indices, each once.</param>
/// <param name="removed">Receives gallery indices, each once, none of them right.</param>
public delegate void AnswerRule(int query, List<int> right, List<int> removed);

/// <summary>The rules of published protocols.</summary>
public static class AnswerRules
{
    /// <summary>
    /// Market-1501, MSMT17, CUHK03-NP, MARS: gallery pid -1 is removed, pid 0 stays and is always wrong, entries with the query's pid and camera are
    /// removed. Safe for several threads.
    /// </summary>
    /// <param name="queries">Pid and camera per query.</param>
    /// <param name="gallery">Pid and camera per gallery entry.</param>
    public static AnswerRule SameCameraRemoved(IReadOnlyList<(int Pid, int Camera)> queries, IReadOnlyList<(int Pid, int Camera)> gallery)
    {
        ArgumentNullException.ThrowIfNull(queries);
        ArgumentNullException.ThrowIfNull(gallery);
        int[] junk = [.. gallery.Index().Where(g => g.Item.Pid == -1).Select(g => g.Index)];
        Dictionary<int, int[]> byPerson = gallery.Index().Where(g => g.Item.Pid != -1).GroupBy(g => g.Item.Pid)
            .ToDictionary(g => g.Key, g => g.Select(entry => entry.Index).ToArray());
        return (query, right, removed) =>
        {
            (int pid, int camera) = queries[query];
            removed.AddRange(junk);
            foreach (int entry in byPerson.GetValueOrDefault(pid, []))
            {
                if (gallery[entry].Camera == camera)
                {
                    removed.Add(entry);
                }
                else if (pid > 0)
                {
                    right.Add(entry);
                }
            }
        };
    }

    /// <summary>A rule that also removes right answers that do not count, such as those seen from the same side.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="counts">True for a query and a right answer that counts.</param>
    public static AnswerRule Where(this AnswerRule rule, Func<int, int, bool> counts)
    {
        ArgumentNullException.ThrowIfNull(rule);
        ArgumentNullException.ThrowIfNull(counts);
        return (query, right, removed) =>
        {
            rule(query, right, removed);
            removed.AddRange(right.Where(entry => !counts(query, entry)));
            right.RemoveAll(entry => !counts(query, entry));
        };
    }
}

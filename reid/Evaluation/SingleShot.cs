namespace Pipeline.Reid.Evaluation;

/// <summary>
/// The old CUHK03 protocol, single gallery shot: one gallery picture per person is chosen at random, the list of these is ranked; the CMC is the mean over
/// choices and queries. Entries with the query's pid and camera are removed first; a query without a right answer is skipped.
/// </summary>
public static class SingleShot
{
    /// <summary>CMC of explicit choices.</summary>
    /// <param name="distances">(Q, G), row-major.</param>
    /// <param name="queries">Pid per query.</param>
    /// <param name="gallery">Pid per gallery entry.</param>
    /// <param name="choices">Per repeat: the query and the gallery entries chosen for it, one a person; each query as often as the others.</param>
    /// <param name="maxRank">Length of the CMC, at least 1.</param>
    /// <exception cref="ArgumentException">A choice holds no right answer.</exception>
    public static double[] Cmc(
        ReadOnlySpan<float> distances, IReadOnlyList<int> queries, IReadOnlyList<int> gallery, IReadOnlyList<(int Query, IReadOnlyList<int> Chosen)> choices,
        int maxRank = 20)
    {
        ArgumentNullException.ThrowIfNull(queries);
        ArgumentNullException.ThrowIfNull(gallery);
        ArgumentNullException.ThrowIfNull(choices);
        double[] cmc = new double[maxRank];
        foreach ((int query, IReadOnlyList<int> chosen) in choices)
        {
            ReadOnlySpan<float> row = distances.Slice(query * gallery.Count, gallery.Count);
            int right = chosen.Index().Where(c => gallery[c.Item] == queries[query]).Select(c => c.Item).DefaultIfEmpty(-1).First();
            if (right < 0)
            {
                throw new ArgumentException($"the choice for query {query} holds nobody of pid {queries[query]}", nameof(choices));
            }

            int before = 0;
            foreach (int entry in chosen)
            {
                before += Before(row, entry, right) ? 1 : 0;
            }

            for (int k = before; k < maxRank; k++)
            {
                cmc[k]++;
            }
        }

        return [.. cmc.Select(count => count / choices.Count)];
    }

    /// <summary>The exact expectation of that CMC over all choices: what infinitely many repeats would give.</summary>
    /// <param name="distances">(Q, G), row-major.</param>
    /// <param name="queries">Pid and camera per query.</param>
    /// <param name="gallery">Pid and camera per gallery entry.</param>
    /// <param name="maxRank">Length of the CMC, at least 1.</param>
    /// <remarks>
    /// For a chosen right picture, each other person stands before it with the share of their pictures that do; how many do is the sum of independent
    /// trials of unequal chance (Poisson binomial), worked out one person after the other.
    /// </remarks>
    public static double[] ExpectedCmc(
        ReadOnlySpan<float> distances, IReadOnlyList<(int Pid, int Camera)> queries, IReadOnlyList<(int Pid, int Camera)> gallery, int maxRank = 20)
    {
        ArgumentNullException.ThrowIfNull(queries);
        ArgumentNullException.ThrowIfNull(gallery);
        double[] cmc = new double[maxRank];
        int valid = 0;
        for (int q = 0; q < queries.Count; q++)
        {
            int[][] people = [.. gallery.Index().Where(g => g.Item != queries[q]).GroupBy(g => g.Item.Pid, g => g.Index).OrderBy(p => p.Key).Select(p => p.ToArray())];
            int[]? right = people.FirstOrDefault(person => gallery[person[0]].Pid == queries[q].Pid);
            if (right is null)
            {
                continue;
            }

            valid++;
            foreach (int picture in right)
            {
                double[] chance = Before(distances.Slice(q * gallery.Count, gallery.Count), picture, people.Where(person => person != right), maxRank);
                double sum = 0;
                for (int k = 0; k < maxRank; k++)
                {
                    sum += chance[k];
                    cmc[k] += sum / right.Length;
                }
            }
        }

        return [.. cmc.Select(sum => sum / valid)];
    }

    // Chance that exactly k people stand before the picture, k below the length wanted.
    private static double[] Before(ReadOnlySpan<float> row, int picture, IEnumerable<int[]> others, int length)
    {
        double[] chance = new double[length];
        chance[0] = 1;
        foreach (int[] person in others)
        {
            int nearer = 0;
            foreach (int entry in person)
            {
                nearer += Before(row, entry, picture) ? 1 : 0;
            }

            double share = nearer / (double)person.Length;
            for (int k = length - 1; k >= 0; k--)
            {
                chance[k] = (chance[k] * (1 - share)) + (k > 0 ? chance[k - 1] * share : 0);
            }
        }

        return chance;
    }

    private static bool Before(ReadOnlySpan<float> row, int entry, int other) =>
        row[entry] < row[other] || (row[entry] == row[other] && entry < other);
}

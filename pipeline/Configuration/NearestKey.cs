namespace Pipeline.Cli.Configuration;

/// <summary>Finds the word that somebody probably meant.</summary>
internal static class NearestKey
{
    /// <summary>The known word nearest to a wrong one; null when none is near enough to be meant. Ties go to the first.</summary>
    /// <param name="wrong">What was written.</param>
    /// <param name="known">What could have been meant.</param>
    public static string? Find(string wrong, IEnumerable<string> known)
    {
        int limit = Math.Max(2, wrong.Length / 3);
        string? best = null;
        foreach (string word in known)
        {
            // "max_gap" for "max_gap_ms": the unit is what people leave out most.
            int distance = word.StartsWith(wrong + "_", StringComparison.OrdinalIgnoreCase) ? 1 : Distance(wrong, word);
            if (distance <= limit && distance < word.Length)
            {
                (best, limit) = (word, distance - 1);
            }
        }

        return best;
    }

    /// <summary>Edits (insert, delete, replace, swap of neighbours) between two words, case ignored; '-' and '_' are alike.</summary>
    public static int Distance(string a, string b)
    {
        int[,] d = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++)
        {
            d[i, 0] = i;
        }

        for (int j = 0; j <= b.Length; j++)
        {
            d[0, j] = j;
        }

        for (int i = 1; i <= a.Length; i++)
        {
            for (int j = 1; j <= b.Length; j++)
            {
                int replace = d[i - 1, j - 1] + (Fold(a[i - 1]) == Fold(b[j - 1]) ? 0 : 1);
                d[i, j] = Math.Min(replace, Math.Min(d[i - 1, j], d[i, j - 1]) + 1);
                if (i > 1 && j > 1 && Fold(a[i - 1]) == Fold(b[j - 2]) && Fold(a[i - 2]) == Fold(b[j - 1]))
                {
                    d[i, j] = Math.Min(d[i, j], d[i - 2, j - 2] + 1);
                }
            }
        }

        return d[a.Length, b.Length];
    }

    private static char Fold(char c) => c == '-' ? '_' : char.ToLowerInvariant(c);
}

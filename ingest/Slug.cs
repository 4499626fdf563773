namespace Pipeline.Ingest;

/// <summary>Names that are safe in topics and paths: <c>[a-z0-9][a-z0-9_-]{0,63}</c> (mqtt.md 1).</summary>
public static class Slug
{
    /// <summary>Longest slug.</summary>
    public const int MaxLength = 64;

    private const string Accented = "äàáâãåæçèéêëìíîïñòóôõöøùúûüýÿßčďěňřšťůžłśźżńąęć";
    private const string Bare = "aaaaaaaceeeeiiiinoooooouuuuyyscdenrstuzlszznaec";

    /// <summary>The slug of a name: lower case, everything outside the alphabet a hyphen; "camera" when nothing is left.</summary>
    public static string From(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        System.Text.StringBuilder slug = new();
        foreach (char c in name)
        {
            if (c is >= '\u0300' and <= '\u036F')
            {
                continue; // an accent that follows its letter
            }

            char lower = Plain(char.ToLowerInvariant(c));
            bool kept = char.IsAsciiLetterLower(lower) || char.IsAsciiDigit(lower) || (lower == '_' && slug.Length > 0);
            if (kept)
            {
                slug.Append(lower);
            }
            else if (slug.Length > 0 && slug[^1] != '-')
            {
                slug.Append('-');
            }

            if (slug.Length == MaxLength)
            {
                break;
            }
        }

        string result = slug.ToString().TrimEnd('-');
        return result.Length > 0 ? result : "camera";
    }

    /// <summary>The slug, or the first of slug-2, slug-3 ... that is not taken; it is then taken.</summary>
    public static string Take(string slug, ISet<string> taken)
    {
        ArgumentNullException.ThrowIfNull(slug);
        ArgumentNullException.ThrowIfNull(taken);
        string free = slug;
        for (int n = 2; !taken.Add(free); n++)
        {
            string suffix = $"-{n}";
            free = slug[..Math.Min(slug.Length, MaxLength - suffix.Length)] + suffix;
        }

        return free;
    }

    // The letters that Western and Central European names carry; others become hyphens. No tables of the system: they differ between machines.
    private static char Plain(char c)
    {
        int at = c < 128 ? -1 : Accented.IndexOf(c, StringComparison.Ordinal);
        return at >= 0 ? Bare[at] : c;
    }
}

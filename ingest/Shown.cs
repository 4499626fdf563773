namespace Pipeline.Ingest;

/// <summary>Names from outside, fit for one line of a terminal or a report.</summary>
public static class Shown
{
    /// <summary>The remedy for a name for which <see cref="IsUtf8"/> is false.</summary>
    internal const string NotUtf8 = "Its name is not UTF-8: rename it.";

    private const int MaxLength = 200;

    /// <summary>The text without control characters and direction marks, cut at 200 characters.</summary>
    public static string Line(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string line = string.Create(Math.Min(text.Length, MaxLength), text, static (span, source) =>
        {
            for (int i = 0; i < span.Length; i++)
            {
                char c = source[i];
                bool hidden = char.IsControl(c) || c is >= '\u200B' and <= '\u200F' or >= '\u2028' and <= '\u202E' or >= '\u2066' and <= '\u2069';
                span[i] = hidden ? '?' : c;
            }
        });
        return text.Length > MaxLength ? line + "…" : line;
    }

    /// <summary>Whether a path was UTF-8; what was not reads as replacement characters and is not found again under them.</summary>
    internal static bool IsUtf8(string path) => !path.Contains('\uFFFD', StringComparison.Ordinal);
}

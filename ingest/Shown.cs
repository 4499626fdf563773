namespace Pipeline.Ingest;

/// <summary>Names from outside, fit for one line of a terminal or a report.</summary>
public static class Shown
{
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
}

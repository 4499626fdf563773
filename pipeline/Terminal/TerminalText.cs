using System.Globalization;
using System.Text;

namespace Pipeline.Cli.Terminal;

/// <summary>Makes text from outside (file names, camera names, messages of libraries) safe to print.</summary>
public static class TerminalText
{
    /// <summary>
    /// The text on one line, with everything that could steer a terminal or turn the line round (control characters, escapes,
    /// bidirectional marks) shown as a replacement character.
    /// </summary>
    /// <param name="text">Any text; lone surrogates are replaced too.</param>
    public static string Clean(string text)
    {
        StringBuilder clean = new(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
        {
            UnicodeCategory category = Rune.GetUnicodeCategory(rune);
            bool steers = category is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned;
            clean.Append(rune.Value is '\n' or '\t' or '\r' ? " " : steers ? "\uFFFD" : rune.ToString());
        }

        return clean.ToString();
    }

    /// <summary>The text cut to a width, with an ellipsis at its end.</summary>
    /// <param name="text">Clean text.</param>
    /// <param name="width">Largest number of characters, at least 1.</param>
    public static string Cut(string text, int width) => text.Length <= width ? text : string.Concat(text.AsSpan(0, width - 1), "…");

    /// <summary>A number with its noun: <c>1 event</c>, <c>12 events</c>.</summary>
    /// <param name="count">How many.</param>
    /// <param name="one">The noun for one.</param>
    /// <param name="many">The noun for any other number; null: <paramref name="one"/> with an s.</param>
    public static string Count(long count, string one, string? many = null) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {(count == 1 ? one : many ?? one + "s")}");

    /// <summary>A time span as people say it: <c>0:42</c>, <c>12:05</c>, <c>3:12:05</c>, <c>2 d 03:12</c>.</summary>
    /// <param name="time">Not negative; fractions of a second are cut.</param>
    public static string Span(TimeSpan time) => time switch
    {
        { TotalDays: >= 1 } => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalDays} d {time.Hours:00}:{time.Minutes:00}"),
        { TotalHours: >= 1 } => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours}:{time.Minutes:00}:{time.Seconds:00}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalMinutes}:{time.Seconds:00}"),
    };
}

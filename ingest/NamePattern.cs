using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Pipeline.Ingest;

/// <summary>Date and time in a file name: the common forms, or one given in the letters of strftime.</summary>
public sealed partial class NamePattern
{
    private static readonly Dictionary<char, string> Fields = new()
    {
        ['Y'] = @"(?<year>\d{4})",
        ['m'] = @"(?<month>\d{2})",
        ['d'] = @"(?<day>\d{2})",
        ['H'] = @"(?<hour>\d{2})",
        ['M'] = @"(?<minute>\d{2})",
        ['S'] = @"(?<second>\d{2})",
        ['f'] = @"(?<fraction>\d{1,6})",
        ['s'] = @"(?<epoch>\d{9,11})",
        ['z'] = @"(?<offset>Z|[+-]\d{2}:?\d{2})",
        ['%'] = "%",
    };

    private readonly Regex _regex;

    private NamePattern(Regex regex) => _regex = regex;

    /// <summary>
    /// The common forms: <c>2024-05-01_12-30-00</c>, <c>20240501T123000Z</c>, <c>2024-05-01/12.30.00</c>, <c>20240501123000</c>,
    /// fractions after a point, offsets such as +0200, and seconds or milliseconds since 1970.
    /// </summary>
    public static NamePattern Common { get; } = new(CommonForms());

    /// <summary>Reads a pattern: <c>%Y %m %d %H %M %S %f %s %z %%</c>, <c>*</c> for anything, all else literally.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out NamePattern? pattern, [NotNullWhen(false)] out string? fault)
    {
        ArgumentNullException.ThrowIfNull(text);
        pattern = null;
        System.Text.StringBuilder regex = new();
        HashSet<char> seen = [];
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '*')
            {
                regex.Append(".*?");
            }
            else if (text[i] != '%')
            {
                regex.Append(Regex.Escape(text[i].ToString()));
            }
            else if (++i < text.Length && Fields.TryGetValue(text[i], out string? field) && (seen.Add(text[i]) || text[i] == '%'))
            {
                regex.Append(field);
            }
            else
            {
                fault = "%Y %m %d %H %M %S %f %s %z, each once, and * are understood";
                return false;
            }
        }

        if (!seen.Contains('s') && !"YmdHM".All(seen.Contains))
        {
            fault = "at least %Y %m %d %H %M, or %s, are needed";
            return false;
        }

        fault = null;
        pattern = new(new Regex(regex.ToString(), RegexOptions.CultureInvariant | RegexOptions.NonBacktracking));
        return true;
    }

    /// <summary>Finds the time; the last one where a path holds several.</summary>
    /// <param name="path">Path relative to the camera's folder, without extension.</param>
    /// <param name="zone">Zone of a time that names none.</param>
    /// <param name="time">The time, UTC.</param>
    /// <param name="place">Where in the path it stands.</param>
    public bool TryFind(string path, TimeZoneInfo zone, out DateTimeOffset time, out Range place)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(zone);
        foreach (Match match in _regex.Matches(path).Reverse())
        {
            if (TryRead(match, zone, out time))
            {
                place = match.Index..(match.Index + match.Length);
                return true;
            }
        }

        time = default;
        place = default;
        return false;
    }

    // Digits before or behind would make it a part of a longer number; the second set of groups is epoch time.
    [GeneratedRegex(
        @"(?<!\d)(?<year>(?:19|20)\d{2})[-_./]?(?<month>\d{2})[-_./]?(?<day>\d{2})[T_ /.\-]{0,3}(?<hour>\d{2})[-_.:h/]?(?<minute>\d{2})" +
        @"(?:[-_.:m]?(?<second>\d{2})s?(?:[.,](?<fraction>\d{1,6}))?)?(?<offset>Z|[+-]\d{2}:?\d{2})?(?!\d)|(?<!\d)(?<epoch>1\d{9}(?:\d{3})?)(?!\d)",
        RegexOptions.CultureInvariant)]
    private static partial Regex CommonForms();

    private static bool TryRead(Match match, TimeZoneInfo zone, out DateTimeOffset time)
    {
        time = default;
        if (match.Groups["epoch"] is { Success: true } epoch)
        {
            long number = long.Parse(epoch.ValueSpan, CultureInfo.InvariantCulture);
            time = epoch.Length > 11 ? DateTimeOffset.FromUnixTimeMilliseconds(number) : DateTimeOffset.FromUnixTimeSeconds(number);
            return true;
        }

        int Number(string name) =>
            match.Groups[name] is { Success: true } group ? int.Parse(group.ValueSpan, CultureInfo.InvariantCulture) : 0;
        (int year, int month, int day, int hour, int minute, int second) =
            (Number("year"), Number("month"), Number("day"), Number("hour"), Number("minute"), Number("second"));
        if (year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month) || hour > 23 || minute > 59 || second > 59)
        {
            return false;
        }

        string fraction = match.Groups["fraction"].Value;
        long ticks = fraction.Length == 0 ? 0 : long.Parse(fraction.PadRight(7, '0'), CultureInfo.InvariantCulture);
        DateTime local = new DateTime(year, month, day, hour, minute, second).AddTicks(ticks);
        time = CaptureTime.At(local, match.Groups["offset"].Value, zone);
        return true;
    }
}

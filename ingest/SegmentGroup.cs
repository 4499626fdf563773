using System.Text.RegularExpressions;

namespace Pipeline.Ingest;

/// <summary>Which video files of one folder are segments of one camera.</summary>
internal static partial class SegmentGroup
{
    /// <summary>
    /// The camera's name as far as the file tells: <c>front_2024-05-01_12-30-00</c> and <c>front_2024-05-01_13-30-00</c> are front,
    /// <c>clip_001</c> and <c>0002</c> belong together under no name; <c>cam1</c> and <c>cam2</c> are two.
    /// </summary>
    internal static string Of(string file)
    {
        string name = Path.GetFileNameWithoutExtension(file);
        if (NamePattern.Common.TryFind(name, TimeZoneInfo.Utc, out _, out Range place))
        {
            return (name[..place.Start] + name[place.End..]).Trim(' ', '_', '-', '.');
        }

        return Numbered().Match(name) is { Success: true } match ? match.Groups["name"].Value.Trim(' ', '_', '-', '.') : name;
    }

    [GeneratedRegex(@"^(?:(?<name>.*[ _.\-])?(?:clip|part|seg|segment|chunk|rec|recording|video|vid|file|out|output)[ _.\-]?)?\d+$", RegexOptions.IgnoreCase)]
    private static partial Regex Numbered();
}

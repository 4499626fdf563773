using System.Globalization;
using System.Text.RegularExpressions;

namespace Pipeline.Reid.Data;

/// <summary>
/// A folder laid out as MARS: <c>bbox_test/PPPP/PPPPCcTttttFfff.jpg</c> (or <c>bbox_train</c>), junk in <c>00-1</c>, distractors in <c>0000</c>, and,
/// where given, the tables in <c>info/</c>.
/// </summary>
/// <param name="Tracklets">By person, camera and number; with tables, in the order of the table.</param>
/// <param name="FromTables">The tracklets are those of the MARS tables, not only of the file names.</param>
/// <param name="Problems">What was passed over, one line each.</param>
public sealed partial record MarsFolder(IReadOnlyList<MarsTracklet> Tracklets, bool FromTables, IReadOnlyList<string> Problems)
{
    /// <summary>Reads a folder.</summary>
    /// <param name="root">The folder that holds <c>bbox_test</c> or <c>bbox_train</c>, or one of these two.</param>
    /// <param name="part"><c>test</c> or <c>train</c>; null takes test, else train.</param>
    /// <exception cref="InvalidDataException">No such layout, no pictures, or a damaged table.</exception>
    public static MarsFolder Read(string root, string? part = null)
    {
        ArgumentNullException.ThrowIfNull(root);
        string pictures = Pictures(root, part);
        List<string> problems = [];
        List<Named> names = [.. Names(pictures, problems)];
        if (names.Count == 0)
        {
            throw new InvalidDataException($"'{pictures}': no pictures named as in MARS (0001C1T0001F001.jpg). Name a folder in MARS layout.");
        }

        IReadOnlyList<MarsTracklet>? fromTables = FromInfo(pictures, names, problems);
        return new MarsFolder(fromTables ?? FromNames(names), fromTables is not null, problems);
    }

    /// <summary>Person, camera, tracklet and frame of a MARS file name; null when it is none.</summary>
    public static (int Pid, int Camera, int Number, int Frame)? ParseName(string fileName)
    {
        Match match = NamePattern().Match(fileName);
        if (!match.Success)
        {
            return null;
        }

        int Field(int group) => int.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture);
        return (match.Groups[1].Value == "00-1" ? -1 : Field(1), Field(2), Field(3), Field(4));
    }

    private static string Pictures(string root, string? part)
    {
        string self = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(root)));
        if (self is "bbox_test" or "bbox_train" && (part is null || self == "bbox_" + part) && Directory.Exists(root))
        {
            return root;
        }

        string[] parts = part is null ? ["test", "train"] : [part];
        return parts.Select(p => Path.Combine(root, "bbox_" + p)).FirstOrDefault(Directory.Exists)
            ?? throw new InvalidDataException(
                $"'{root}': no folder {string.Join(" or ", parts.Select(p => "bbox_" + p))} in it. Name the folder of a data set in MARS layout.");
    }

    private static IEnumerable<Named> Names(string pictures, List<string> problems)
    {
        foreach (string path in Directory.EnumerateFileSystemEntries(pictures, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            string name = Path.GetFileName(path);
            if (ParseName(name) is { } parsed)
            {
                yield return new Named(path, name, parsed.Pid, parsed.Camera, parsed.Number, parsed.Frame);
            }
            else if (!Directory.Exists(path))
            {
                problems.Add($"'{path}': not named as in MARS (0001C1T0001F001.jpg), left out. Rename or remove it.");
            }
        }
    }

    private static List<MarsTracklet> FromNames(List<Named> names) =>
    [
        .. names
            .GroupBy(n => (n.Pid, n.Camera, n.Number))
            .OrderBy(g => g.Key)
            .Select(g => Tracklet(g.OrderBy(n => n.Frame).ToArray(), query: false)),
    ];

    private static MarsTracklet Tracklet(Named[] names, bool query) => new(
        names[0].Pid, names[0].Camera, names[0].Number, [.. names.Select(n => n.Path)], [.. names.Select(n => n.Frame)], query);

    // The tables count pictures along a list of names: info/test_name.txt where it is there, else the names in order, when they fit row for row.
    private static MarsTracklet[]? FromInfo(string pictures, List<Named> names, List<string> problems)
    {
        string part = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(pictures)))["bbox_".Length..];
        string info = Path.Combine(pictures, "..", "info");
        string table = Path.Combine(info, $"tracks_{part}_info.mat");
        if (!File.Exists(table))
        {
            return null;
        }

        string list = Path.Combine(info, $"{part}_name.txt");
        Dictionary<string, Named> byName = names.ToDictionary(n => n.Name);
        string[] order = File.Exists(list)
            ? [.. File.ReadLines(list).Select(l => l.Trim()).Where(l => l.Length > 0)]
            : [.. names.Select(n => n.Name).Order(StringComparer.Ordinal)];
        string queries = Path.Combine(info, "query_IDX.mat");
        HashSet<int> asked = part == "test" && File.Exists(queries) ? [.. MarsTracks.ReadQueries(queries)] : [];
        IReadOnlyList<MarsTrack> tracks = MarsTracks.Read(table);
        MarsTracklet[] tracklets = new MarsTracklet[tracks.Count];
        for (int i = 0; i < tracks.Count; i++)
        {
            MarsTrack track = tracks[i];
            Named[] members = track.Last < order.Length
                ? [.. order[track.First..(track.Last + 1)].Select(name => byName.GetValueOrDefault(name)).OfType<Named>()]
                : [];
            if (members.Length != track.Last - track.First + 1 || members.Any(m => m.Pid != track.Pid || m.Camera != track.Camera))
            {
                problems.Add(
                    $"'{table}': row {i + 1} (person {track.Pid}, camera {track.Camera}) does not fit the pictures; tracklets are taken from the file names. Put {part}_name.txt of MARS beside it.");
                return null;
            }

            tracklets[i] = Tracklet(members, asked.Contains(i));
        }

        return tracklets;
    }

    [GeneratedRegex(@"^(00-1|\d{4})C(\d{1,2})T(\d{4})F(\d{3,6})\.(?:jpg|jpeg|png)$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex NamePattern();

    private sealed record Named(string Path, string Name, int Pid, int Camera, int Number, int Frame);
}

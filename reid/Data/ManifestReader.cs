using System.Globalization;

namespace Pipeline.Reid.Data;

/// <summary>
/// A list of labelled pictures: a CSV with the columns file (relative to the folder of the pictures), role (train, query, gallery), person and camera;
/// tracklet and frame (whole numbers) are taken where they are there, other columns are passed over.
/// </summary>
/// <remarks>
/// Names of persons and cameras may be any text and are numbered from 1 in ordinal order. Where every person's name is a whole number the numbers stay
/// as they are, so that -1 is junk and 0 a distractor; the same for cameras.
/// </remarks>
internal static class ManifestReader
{
    private static readonly string[] _roles = ["train", "query", "gallery"];

    /// <summary>Reads a manifest.</summary>
    /// <param name="folder">What the files are relative to.</param>
    /// <param name="path">The CSV.</param>
    /// <exception cref="InvalidDataException">A column is missing, a role unknown, a name empty, a number none, a picture listed twice in a role, or there are no rows.</exception>
    public static ReidDataSet Read(string folder, string path)
    {
        CsvTable table = CsvTable.Read(path);
        int[] columns = [table.Column("file"), table.Column("role"), table.Column("person"), table.Column("camera")];
        (int? tracklets, int? frames) = (table.Find("tracklet"), table.Find("frame"));
        if (table.Rows.Count == 0)
        {
            throw new InvalidDataException($"'{path}': titles, but no rows. List the pictures.");
        }

        Func<string, int> person = Numbers(table.Rows.Select(r => Name(path, r.Line, "person", r.Fields[columns[2]])));
        Func<string, int> camera = Numbers(table.Rows.Select(r => Name(path, r.Line, "camera", r.Fields[columns[3]])));
        Dictionary<string, List<LabelledPicture>> parts = _roles.ToDictionary(r => r, _ => new List<LabelledPicture>());
        HashSet<(string, string)> seen = [];
        foreach ((int line, string[] fields) in table.Rows)
        {
            string role = fields[columns[1]].Trim().ToLowerInvariant();
            if (!parts.TryGetValue(role, out List<LabelledPicture>? part))
            {
                throw new InvalidDataException($"'{path}:{line}': role is {string.Join(", ", _roles)}, got '{fields[columns[1]]}'. Correct it.");
            }

            string file = Name(path, line, "file", fields[columns[0]]);
            if (!seen.Add((role, file)))
            {
                throw new InvalidDataException($"'{path}:{line}': '{file}' is listed twice as {role}. Keep one.");
            }

            part.Add(new LabelledPicture(
                Path.Combine(folder, file),
                person(fields[columns[2]].Trim()),
                camera(fields[columns[3]].Trim()),
                Number(path, line, "tracklet", tracklets, fields),
                Number(path, line, "frame", frames, fields)));
        }

        return new ReidDataSet("manifest", parts["train"], parts["query"], parts["gallery"]);
    }

    /// <summary>Numbers for names: the names themselves when all are whole numbers, else 1 and up in ordinal order.</summary>
    internal static Func<string, int> Numbers(IEnumerable<string> names)
    {
        string[] distinct = [.. names.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        Dictionary<string, int> numbers = distinct.All(n => int.TryParse(n, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _))
            ? distinct.ToDictionary(n => n, n => int.Parse(n, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture), StringComparer.Ordinal)
            : distinct.Index().ToDictionary(n => n.Item, n => n.Index + 1, StringComparer.Ordinal);
        return name => numbers[name];
    }

    private static string Name(string path, int line, string column, string text) => text.Trim() is { Length: > 0 } name
        ? name
        : throw new InvalidDataException($"'{path}:{line}': no {column}. Fill it in or remove the line.");

    private static int Number(string path, int line, string column, int? at, string[] fields)
    {
        if (at is null || fields[at.Value].Length == 0)
        {
            return 0;
        }

        return int.TryParse(fields[at.Value], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number)
            ? number
            : throw new InvalidDataException($"'{path}:{line}': {column} is a whole number, got '{fields[at.Value]}'. Correct it.");
    }
}

using System.Globalization;
using System.Text.RegularExpressions;
using Pipeline.Reid.Data;

namespace Pipeline.Reid.Evaluation;

/// <summary>Finds the pictures of an evaluation: by a manifest, laid out as <c>person/camera/picture.jpg</c>, or queries and gallery of a published set.</summary>
public static partial class EvaluationFolder
{
    private static readonly string[] _columns = ["file", "role", "person", "camera"];

    /// <summary>Reads a folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="manifest">CSV with the columns file, role, person, camera; null takes <c>manifest.csv</c> in the folder, or the layout where there is none. Rows of role train are passed over.</param>
    /// <exception cref="InvalidDataException">Nothing can be made of it; the message says where and why.</exception>
    public static IReadOnlyList<EvaluationPicture> Read(string folder, string? manifest = null)
    {
        ArgumentNullException.ThrowIfNull(folder);
        if (!Directory.Exists(folder))
        {
            throw new InvalidDataException($"'{folder}': no such folder. Name the folder that holds the pictures.");
        }

        string inside = Path.Combine(folder, "manifest.csv");
        if ((manifest ?? (File.Exists(inside) ? inside : null)) is { } table)
        {
            EvaluationPicture[] listed = FromManifest(folder, table);
            return listed.Length > 0
                ? listed
                : throw new InvalidDataException($"'{table}' holds no pictures of role query, gallery or both. List some, or name another manifest with --manifest.");
        }

        ReidDataSet set = ReidDataSets.Open(folder);
        return set.Query.Count > 0 ? FromSet(set) : FromLayout(folder);
    }

    /// <summary>The view number of a file name such as <c>v3.jpg</c>; null when it has none.</summary>
    public static int? ViewOf(string path) =>
        ViewName().Match(Path.GetFileName(path)) is { Success: true } match ? match.Groups[1].ValueSpan[0] - '0' : null;

    private static EvaluationPicture[] FromManifest(string folder, string manifest)
    {
        CsvTable table = CsvTable.Read(manifest);
        int[] places = [.. _columns.Select(table.Column)];
        int? tracklets = table.Find("tracklet");
        List<EvaluationPicture> pictures = [];
        foreach ((int line, string[] fields) in table.Rows)
        {
            string[] row = [.. places.Select(place => fields[place].Trim())];
            if (row[0].Length == 0 || row[2].Length == 0 || row[3].Length == 0)
            {
                throw new InvalidDataException($"'{manifest}:{line}': file, person and camera are needed, got '{string.Join(',', fields)}'. Complete or remove the line.");
            }

            PictureRole? role = row[1] switch
            {
                "query" => PictureRole.Query,
                "gallery" => PictureRole.Gallery,
                "" or "both" => PictureRole.Both,
                "train" => null,
                _ => throw new InvalidDataException($"'{manifest}:{line}': role is query, gallery, both or train, got '{row[1]}'. Correct it."),
            };
            if (role is { } side)
            {
                int.TryParse(tracklets is { } at ? fields[at] : "", NumberStyles.None, CultureInfo.InvariantCulture, out int tracklet);
                pictures.Add(new EvaluationPicture(Path.Combine(folder, row[0]), side, row[2], row[3], ViewOf(row[0]), tracklet));
            }
        }

        return [.. pictures];
    }

    // Published sets: numbers for names, and what was made for training stays out.
    private static EvaluationPicture[] FromSet(ReidDataSet set) =>
    [
        .. set.Query.Select(picture => Of(picture, PictureRole.Query)), .. set.Gallery.Select(picture => Of(picture, PictureRole.Gallery)),
    ];

    private static EvaluationPicture Of(LabelledPicture picture, PictureRole role) => new(
        picture.Path,
        role,
        picture.Person.ToString(CultureInfo.InvariantCulture),
        picture.Camera.ToString(CultureInfo.InvariantCulture),
        null,
        picture.Tracklet);

    private static EvaluationPicture[] FromLayout(string folder) =>
    [
        .. PictureFolder.Below(folder)
            .Select(file => (File: file, Parts: Path.GetRelativePath(folder, file).Replace('\\', '/').Split('/')))
            .Where(file => file.Parts.Length == 3)
            .Select(file => new EvaluationPicture(file.File, PictureRole.Both, file.Parts[0], file.Parts[1], ViewOf(file.File))),
    ];

    [GeneratedRegex(@"^v([1-8])\.\w+$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex ViewName();
}

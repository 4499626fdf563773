using System.Globalization;
using System.Text.RegularExpressions;

namespace Pipeline.Reid.Evaluation;

/// <summary>Finds the pictures of an evaluation: by a manifest, or laid out as <c>person/camera/picture.jpg</c>.</summary>
public static partial class EvaluationFolder
{
    private static readonly string[] _columns = ["file", "role", "person", "camera"];
    private static readonly HashSet<string> _kinds = new([".jpg", ".jpeg", ".png", ".bmp", ".webp", ".tif", ".tiff"], StringComparer.OrdinalIgnoreCase);

    /// <summary>Reads a folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="manifest">CSV with the columns file, role, person, camera; null takes <c>manifest.csv</c> in the folder, or the layout where there is none.</param>
    /// <exception cref="InvalidDataException">Nothing can be made of it; the message says where and why.</exception>
    public static IReadOnlyList<EvaluationPicture> Read(string folder, string? manifest = null)
    {
        ArgumentNullException.ThrowIfNull(folder);
        if (!Directory.Exists(folder))
        {
            throw new InvalidDataException($"'{folder}': no such folder. Name the folder that holds the pictures.");
        }

        string inside = Path.Combine(folder, "manifest.csv");
        string? table = manifest ?? (File.Exists(inside) ? inside : null);
        EvaluationPicture[] pictures = table is null ? FromLayout(folder) : FromManifest(folder, table);
        return pictures.Length > 0
            ? pictures
            : throw new InvalidDataException(
                $"'{table ?? folder}' holds no pictures{(table is null ? " as person/camera/picture.jpg" : "")}. Name another folder, or a manifest with --manifest.");
    }

    /// <summary>The view number of a file name such as <c>v3.jpg</c>; null when it has none.</summary>
    public static int? ViewOf(string path) =>
        ViewName().Match(Path.GetFileName(path)) is { Success: true } match ? match.Groups[1].ValueSpan[0] - '0' : null;

    private static EvaluationPicture[] FromManifest(string folder, string manifest)
    {
        string[] lines;
        try
        {
            lines = File.ReadAllLines(manifest);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataException($"'{manifest}': cannot read the manifest: {e.Message.ReplaceLineEndings(" ")}", e);
        }

        string[] titles = lines.Length == 0 ? [] : [.. lines[0].Split(',').Select(title => title.Trim())];
        int[] places = [.. _columns.Select(column => Array.IndexOf(titles, column))];
        if (places.Contains(-1))
        {
            throw new InvalidDataException(
                $"'{manifest}': the first line needs the columns {string.Join(", ", _columns)}, got {(titles.Length == 0 ? "nothing" : string.Join(", ", titles))}.");
        }

        List<EvaluationPicture> pictures = [];
        for (int i = 1; i < lines.Length; i++)
        {
            string[] cells = [.. lines[i].Split(',').Select(cell => cell.Trim())];
            if (cells is [""])
            {
                continue;
            }

            string[] row = [.. places.Select(place => place < cells.Length ? cells[place] : "")];
            string where = string.Create(CultureInfo.InvariantCulture, $"'{manifest}' line {i + 1}");
            if (row[0].Length == 0 || row[2].Length == 0 || row[3].Length == 0)
            {
                throw new InvalidDataException($"{where}: file, person and camera are needed, got '{lines[i]}'. Complete or remove the line.");
            }

            PictureRole role = row[1] switch
            {
                "query" => PictureRole.Query,
                "gallery" => PictureRole.Gallery,
                "" or "both" => PictureRole.Both,
                _ => throw new InvalidDataException($"{where}: role is query, gallery or both, got '{row[1]}'. Correct it."),
            };
            pictures.Add(new EvaluationPicture(Path.Combine(folder, row[0]), role, row[2], row[3], ViewOf(row[0])));
        }

        return [.. pictures];
    }

    private static EvaluationPicture[] FromLayout(string folder) =>
    [
        .. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(file => _kinds.Contains(Path.GetExtension(file))).Order(StringComparer.Ordinal)
            .Select(file => (File: file, Parts: Path.GetRelativePath(folder, file).Replace('\\', '/').Split('/')))
            .Where(file => file.Parts.Length == 3)
            .Select(file => new EvaluationPicture(file.File, PictureRole.Both, file.Parts[0], file.Parts[1], ViewOf(file.File))),
    ];

    [GeneratedRegex(@"^v([1-8])\.\w+$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex ViewName();
}

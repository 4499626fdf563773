namespace Pipeline.Reid.Data;

/// <summary>
/// The plain layout <c>person/camera/*.jpg</c>: names of persons and cameras are any text, numbered from 1 in ordinal order; every picture is for training.
/// What is asked and where it is looked for only a manifest can say.
/// </summary>
internal static class PlainFolder
{
    private static readonly string[] _endings = [".jpg", ".jpeg", ".png", ".bmp"];

    /// <summary>Whether a file is taken for a picture, by its ending.</summary>
    public static bool IsPicture(string path) => _endings.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);

    /// <summary>Names of the folders within a folder, in ordinal order, hidden ones left out.</summary>
    public static IEnumerable<string> Folders(string folder) =>
        Directory.EnumerateDirectories(folder).Select(f => Path.GetFileName(f)!).Where(f => !f.StartsWith('.')).Order(StringComparer.Ordinal);

    /// <summary>All that is named as a picture in a folder, in ordinal order: what is none is said by who opens it.</summary>
    public static IEnumerable<string> Files(string folder) => Directory.EnumerateFileSystemEntries(folder).Where(IsPicture).Order(StringComparer.Ordinal);

    /// <summary>The folder itself where pictures lie two folders deep.</summary>
    public static string? Find(string folder) =>
        Folders(folder).Any(p => Folders(Path.Combine(folder, p)).Any(c => Files(Path.Combine(folder, p, c)).Any())) ? folder : null;

    /// <summary>Reads the layout.</summary>
    /// <exception cref="InvalidDataException">No pictures where the layout has them.</exception>
    public static ReidDataSet Read(string folder)
    {
        (string Person, string Camera)[] places =
            [.. Folders(folder).SelectMany(p => Folders(Path.Combine(folder, p)).Select(c => (p, c)))];
        string[] cameras = [.. places.Select(p => p.Camera).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        List<LabelledPicture> pictures = [];
        (string? last, int person) = (null, 0);
        foreach ((string name, string camera) in places)
        {
            string[] files = [.. Files(Path.Combine(folder, name, camera))];
            if (files.Length == 0)
            {
                continue;
            }

            person += name == last ? 0 : 1;
            last = name;
            int number = Array.BinarySearch(cameras, camera, StringComparer.Ordinal) + 1;
            pictures.AddRange(files.Select((file, i) => new LabelledPicture(file, person, number, 0, i)));
        }

        return pictures.Count > 0
            ? new ReidDataSet("plain", pictures, [], [])
            : throw new InvalidDataException(
                $"'{folder}': no pictures as person/camera/*.jpg in it. Name the folder of a data set, or another layout.");
    }
}

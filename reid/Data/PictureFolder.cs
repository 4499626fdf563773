namespace Pipeline.Reid.Data;

/// <summary>A folder of pictures, with all folders in it.</summary>
public static class PictureFolder
{
    private static readonly HashSet<string> _kinds = new([".jpg", ".jpeg", ".png", ".bmp", ".webp", ".tif", ".tiff"], StringComparer.OrdinalIgnoreCase);

    /// <summary>The endings that are taken for pictures, for messages.</summary>
    public static string Kinds => string.Join(", ", _kinds);

    /// <summary>All that is named as a picture, in ordinal order, folders and pipes too: what is no picture is said by <see cref="PictureIo.Read"/>.</summary>
    /// <param name="folder">The folder.</param>
    public static string[] Below(string folder) =>
        [.. Directory.EnumerateFileSystemEntries(folder, "*", SearchOption.AllDirectories).Where(path => _kinds.Contains(Path.GetExtension(path))).Order(StringComparer.Ordinal)];
}

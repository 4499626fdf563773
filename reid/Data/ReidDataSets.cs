namespace Pipeline.Reid.Data;

/// <summary>Opens data sets of labelled people.</summary>
public static class ReidDataSets
{
    /// <summary>Opens a data set.</summary>
    /// <param name="folder">The folder of the set.</param>
    /// <param name="layout"><c>auto</c> to recognise it (a <c>manifest.csv</c> in the folder goes first), or the layout's name: <c>manifest</c>, <c>plain</c>.</param>
    /// <param name="manifest">A CSV with the columns file, role, person, camera; files relative to the folder. Goes before the layout.</param>
    /// <exception cref="InvalidDataException">There is no such folder, no known layout, or the set is damaged beyond use.</exception>
    /// <exception cref="ArgumentException">The layout's name is not known.</exception>
    public static ReidDataSet Open(string folder, string layout = "auto", string? manifest = null)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(layout);
        if (!Directory.Exists(folder))
        {
            throw new InvalidDataException($"'{folder}': no such folder. Check the path of the data set.");
        }

        string inside = Path.Combine(folder, "manifest.csv");
        return (manifest, layout) switch
        {
            (not null, _) => ManifestReader.Read(folder, manifest),
            (null, "manifest") => ManifestReader.Read(folder, inside),
            (null, "auto") => File.Exists(inside) ? ManifestReader.Read(folder, inside) : PlainFolder.Read(folder),
            (null, "plain") => PlainFolder.Read(folder),
            _ => throw new ArgumentException($"auto, manifest or plain, got '{layout}'", nameof(layout)),
        };
    }
}

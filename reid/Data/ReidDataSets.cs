namespace Pipeline.Reid.Data;

/// <summary>Opens data sets of labelled people.</summary>
public static class ReidDataSets
{
    /// <summary>The names of the layouts that are known.</summary>
    public static IReadOnlyList<string> LayoutNames { get; } = [.. Layouts.All.Select(l => l.Name)];

    /// <summary>Opens a data set.</summary>
    /// <param name="folder">The folder of the set, or the one that holds it.</param>
    /// <param name="layout"><c>auto</c> to recognise it (a <c>manifest.csv</c> in the folder goes first), or one of <see cref="LayoutNames"/>.</param>
    /// <param name="manifest">A CSV with the columns file, role, person, camera; files relative to the folder. Goes before the layout.</param>
    /// <param name="split">Which split of sets that have several (iLIDS-VID, PRID2011), from 0. Default 0.</param>
    /// <exception cref="InvalidDataException">There is no such folder, no known layout, or the set is damaged beyond use.</exception>
    /// <exception cref="ArgumentException">The layout's name is not known.</exception>
    public static ReidDataSet Open(string folder, string layout = "auto", string? manifest = null, int split = 0)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(layout);
        if (!Directory.Exists(folder))
        {
            throw new InvalidDataException($"'{folder}': no such folder. Check the path of the data set.");
        }

        if (manifest is not null)
        {
            return ManifestReader.Read(folder, manifest);
        }

        if (layout != "auto" && !LayoutNames.Contains(layout))
        {
            throw new ArgumentException($"auto, {string.Join(", ", LayoutNames)}, got '{layout}'", nameof(layout));
        }

        foreach (Layout known in Layouts.All.Where(l => layout == "auto" || l.Name == layout))
        {
            if (known.Find(folder) is { } root)
            {
                ReidDataSet set = known.Read(root, split);
                // Who generates or cuts out a set of his own in a published layout is not held to the published counts.
                return set.Published is { } published && !published.Names(folder) && !published.Names(root) ? set with { Published = null } : set;
            }
        }

        string wanted = layout == "auto" ? "no known layout in it" : $"not in the layout '{layout}'";
        throw new InvalidDataException($"'{folder}': {wanted}. Known are {string.Join(", ", LayoutNames)}: name the folder of such a set.");
    }

    /// <summary>How many splits a set has: 10 for iLIDS-VID and PRID2011 with their split files, else 1.</summary>
    /// <param name="folder">The folder of the set, or the one that holds it.</param>
    /// <exception cref="InvalidDataException">The split file is damaged.</exception>
    public static int Splits(string folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        string? root = TwoCameraFolder.FindIlids(folder) ?? TwoCameraFolder.FindPrid(folder);
        return root is null ? 1 : Math.Max(1, TwoCameraFolder.Splits(root));
    }
}

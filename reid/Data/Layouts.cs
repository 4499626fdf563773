using System.Globalization;

namespace Pipeline.Reid.Data;

/// <summary>A layout of a data set on disk.</summary>
/// <param name="Name">What it is called on the command line.</param>
/// <param name="Find">The folder that holds the layout: the one given, or one within it; null when there is none.</param>
/// <param name="Read">Reads that folder; the number chooses among the splits of sets that have several, from 0.</param>
internal sealed record Layout(string Name, Func<string, string?> Find, Func<string, int, ReidDataSet> Read);

/// <summary>The known layouts, and what their readers share.</summary>
internal static class Layouts
{
    /// <summary>Share of pictures that may be without a usable name before a set is refused.</summary>
    public const double MostUnnamed = 0.01;

    /// <summary>All of them, in the order in which they are tried.</summary>
    public static IReadOnlyList<Layout> All { get; } =
    [
        new("manifest", folder => File.Exists(Path.Combine(folder, "manifest.csv")) ? folder : null,
            (folder, _) => ManifestReader.Read(folder, Path.Combine(folder, "manifest.csv"))),
        new("market", MarketFolder.Find, (folder, _) => MarketFolder.Read(folder)),
        new("msmt17", Msmt17Folder.Find, (folder, _) => Msmt17Folder.Read(folder)),
        new("cuhk03-detected", folder => Cuhk03Folder.Find(folder, "detected"), (folder, _) => Cuhk03Folder.Read(folder, "detected")),
        new("cuhk03-labeled", folder => Cuhk03Folder.Find(folder, "labeled"), (folder, _) => Cuhk03Folder.Read(folder, "labeled")),
        new("mars", MarsSet.Find, (folder, _) => MarsSet.Read(folder)),
        new("ilids", TwoCameraFolder.FindIlids, TwoCameraFolder.ReadIlids),
        new("prid", TwoCameraFolder.FindPrid, TwoCameraFolder.ReadPrid),
        new("plain", PlainFolder.Find, (folder, _) => PlainFolder.Read(folder)),
    ];

    /// <summary>The folder itself where it fits, else the first folder within it that does.</summary>
    public static string? FirstThatFits(string folder, Func<string, bool> fits)
    {
        if (!Directory.Exists(folder))
        {
            return null;
        }

        return fits(folder) ? folder : PlainFolder.Folders(folder).Select(f => Path.Combine(folder, f)).FirstOrDefault(fits);
    }

    /// <summary>Whether a folder holds folders of all these names.</summary>
    public static bool Holds(string folder, params string[] names) => names.All(n => Directory.Exists(Path.Combine(folder, n)));

    /// <summary>Refuses a set of which too much had to be passed over, naming the first of it.</summary>
    /// <exception cref="InvalidDataException">There is nothing left, or more than one in a hundred had to be passed over.</exception>
    public static void RefuseIfTooMany(string folder, string expected, IReadOnlyList<string> problems, int usable)
    {
        if (usable == 0 || problems.Count > MostUnnamed * (usable + problems.Count))
        {
            string shown = problems.Count == 0 ? "" : $" {problems.Count} were passed over, beginning with: {string.Join(" ", problems.Take(3))}";
            throw new InvalidDataException(
                $"'{folder}': {usable} pictures as {expected} has them; up to 1 % may be passed over.{shown} Name another layout, or mend the set.");
        }
    }

    /// <summary>A whole number of a name, or null.</summary>
    public static int? Number(ReadOnlySpan<char> text) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) ? number : null;
}

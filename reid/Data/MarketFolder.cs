using System.Text.RegularExpressions;

namespace Pipeline.Reid.Data;

/// <summary>
/// Market-1501 and all that took over its layout (DukeMTMC-reID, CUHK03-NP): <c>bounding_box_train</c>, <c>query</c>, <c>bounding_box_test</c> with
/// <c>PPPP_cC....jpg</c>. Person: the number before the first <c>_</c> (-1 junk, 0000 distractor); camera: the number after <c>c</c>.
/// </summary>
internal static partial class MarketFolder
{
    private static readonly string[] _parts = ["bounding_box_train", "query", "bounding_box_test"];

    /// <summary>The folder with the three parts.</summary>
    public static string? Find(string folder) => Layouts.FirstThatFits(folder, f => Layouts.Holds(f, _parts));

    /// <summary>Reads the three parts.</summary>
    /// <param name="root">The folder that holds them.</param>
    /// <param name="published">What the set must hold; null finds it by the folder's name.</param>
    /// <exception cref="InvalidDataException">A part is missing, or the names of more than one in a hundred pictures cannot be read.</exception>
    public static ReidDataSet Read(string root, PublishedCounts? published = null)
    {
        List<string> problems = [];
        List<LabelledPicture>[] parts = [.. _parts.Select(p => Part(Path.Combine(root, p), problems))];
        Layouts.RefuseIfTooMany(root, "Market-1501 (0002_c1s1_000451_03.jpg)", problems, parts.Sum(p => p.Count));
        PublishedCounts[] known = [PublishedCounts.Market1501, PublishedCounts.Duke];
        return new ReidDataSet("market", parts[0], parts[1], parts[2]) { Problems = problems, Published = published ?? known.FirstOrDefault(k => k.Names(root)) };
    }

    private static List<LabelledPicture> Part(string folder, List<string> problems)
    {
        List<LabelledPicture> pictures = [];
        foreach (string path in PlainFolder.Files(folder))
        {
            Match match = NamePattern().Match(Path.GetFileName(path));
            if (match.Success && Layouts.Number(match.Groups[1].ValueSpan) is >= -1 and int person && Layouts.Number(match.Groups[2].ValueSpan) is { } camera)
            {
                pictures.Add(new LabelledPicture(path, person, camera));
            }
            else
            {
                problems.Add($"'{path}': no person and camera in the name (0002_c1s1_000451_03.jpg).");
            }
        }

        return pictures;
    }

    [GeneratedRegex(@"^(-?\d+)_c(\d+)", RegexOptions.CultureInvariant)]
    private static partial Regex NamePattern();
}

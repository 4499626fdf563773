namespace Pipeline.Ingest;

/// <summary>One camera as found, before names and times are settled.</summary>
internal sealed record Candidate(string Name, string Root, IReadOnlyList<Found> Segments, string? Url = null)
{
    internal static Candidate OfStream(string name, string url) => new(name, "", [], url);
}

/// <summary>One segment as found.</summary>
internal sealed record Found(string Kind, IReadOnlyList<string> Files, DateTimeOffset? StartAt = null, double ImageFps = 0);

/// <summary>What is said while looking, and the looking itself: hidden names are passed over, what cannot be entered is a problem.</summary>
internal sealed class Findings
{
    private const int MaxDepth = 6;

    internal List<string> Notices { get; } = [];

    internal List<string> Problems { get; } = [];

    internal List<string> Folders(string folder) => List(folder, Directory.EnumerateDirectories);

    internal List<string> Files(string folder) => List(folder, Directory.EnumerateFiles);

    internal IEnumerable<string> FilesBelow(string folder, int depth = 0)
    {
        foreach (string file in Files(folder))
        {
            yield return file;
        }

        if (depth == MaxDepth) // a link that leads back up would never end
        {
            yield break;
        }

        foreach (string file in Folders(folder).SelectMany(child => FilesBelow(child, depth + 1)))
        {
            yield return file;
        }
    }

    private List<string> List(string folder, Func<string, IEnumerable<string>> entries)
    {
        try
        {
            return [.. entries(folder).Where(entry => !Path.GetFileName(entry).StartsWith('.')).Order(NaturalOrder.Instance)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Problems.Add($"'{Shown.Line(folder)}' cannot be listed: {Shown.Line(e.Message)} Give the right to read it, or move it away.");
            return [];
        }
    }
}

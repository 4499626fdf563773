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

    internal List<string> Folders(string folder) => [.. List(folder, Directory.EnumerateDirectories).Where(child => !LeadsBack(folder, child))];

    internal List<string> Files(string folder) => List(folder, Directory.EnumerateFiles);

    internal IEnumerable<string> FilesBelow(string folder, int depth = 0)
    {
        foreach (string file in Files(folder))
        {
            yield return file;
        }

        if (depth == MaxDepth)
        {
            yield break;
        }

        foreach (string child in Folders(folder))
        {
            bool some = false;
            foreach (string file in FilesBelow(child, depth + 1))
            {
                some = true;
                yield return file;
            }

            if (!some && CameraFolders.IsFootage(child))
            {
                Tell(Problems, $"'{Shown.Line(child)}' is a folder with the name of a file, and there is nothing in it. Put the file in its place, or remove it.");
            }
        }
    }

    // A link to a folder that it lies in would show the same footage again and again.
    private bool LeadsBack(string folder, string child)
    {
        try
        {
            if (new DirectoryInfo(child).ResolveLinkTarget(returnFinalTarget: true) is not { } target || !Below(RealPath(folder), RealPath(target.FullName)))
            {
                return false;
            }

            Tell(Notices, $"'{Shown.Line(child)}' is a link to a folder that it lies in, and is passed over");
        }
        catch (IOException e)
        {
            Tell(Problems, $"'{Shown.Line(child)}' cannot be followed: {Shown.Line(e.Message)} {(Shown.IsUtf8(child) ? "Remove the link, or correct it." : Shown.NotUtf8)}");
        }

        return true;
    }

    private static bool Below(string path, string folder) => (path + '/').StartsWith(folder.TrimEnd('/') + '/', StringComparison.Ordinal);

    // Links may lie anywhere on the way, so every part is resolved.
    private static string RealPath(string path)
    {
        string real = "/";
        foreach (string part in Path.GetFullPath(path).Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            string next = Path.Combine(real, part);
            real = new DirectoryInfo(next).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? next;
        }

        return real;
    }

    private static void Tell(List<string> lines, string line)
    {
        if (!lines.Contains(line)) // a folder is listed for each layout that it may have
        {
            lines.Add(line);
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
            Tell(Problems, $"'{Shown.Line(folder)}' cannot be listed: {Shown.Line(e.Message)} {(Shown.IsUtf8(folder) ? "Give the right to read it, or move it away." : Shown.NotUtf8)}");
            return [];
        }
    }
}

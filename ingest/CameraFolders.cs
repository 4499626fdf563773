using System.Globalization;
using System.Text.RegularExpressions;
using Pipeline.Files;

namespace Pipeline.Ingest;

/// <summary>Finds cameras and their segments in folders, files and addresses, and puts the segments into time order.</summary>
public static partial class CameraFolders
{
    private const string LookedFor =
        "looked for one sub-folder per camera with videos (mp4, mkv, avi, mov, ts, mpg, mpeg, m4v, webm) or pictures (jpg, png, bmp, webp), "
        + "for videos in the folder itself, for Frigate's YYYY-MM-DD/HH/camera/MM.SS.mp4 and for MOTChallenge's img1";

    private static readonly HashSet<string> Videos =
        new([".mp4", ".mkv", ".avi", ".mov", ".ts", ".mpg", ".mpeg", ".m4v", ".webm"], StringComparer.OrdinalIgnoreCase);

    private static readonly HashSet<string> Pictures = new([".jpg", ".jpeg", ".png", ".bmp", ".webp"], StringComparer.OrdinalIgnoreCase);

    /// <summary>Makes the plan for folders, files and addresses.</summary>
    /// <param name="sources">Folders, video files or addresses of streams; not mixed.</param>
    /// <param name="options">Settings; streams named there are added when there is no other source, or when the sources are streams.</param>
    /// <exception cref="InvalidDataException">A source is absent, or there is no camera in them.</exception>
    public static IngestPlan Discover(IReadOnlyList<string> sources, IngestOptions options)
    {
        ArgumentNullException.ThrowIfNull(sources);
        ArgumentNullException.ThrowIfNull(options);
        Findings findings = new();
        List<Candidate> candidates = [];
        foreach (string source in sources)
        {
            candidates.AddRange(StreamAddress.IsStream(source) ? [Candidate.OfStream(StreamAddress.Name(source), source)] : InPath(source, findings));
        }

        bool live = candidates.All(candidate => candidate.Url is not null);
        if (live)
        {
            candidates.AddRange(options.Cameras.Where(c => c.Value.Url is not null).Select(c => Candidate.OfStream(c.Value.Name ?? c.Key, c.Value.Url!)));
        }
        else if (candidates.Any(candidate => candidate.Url is not null))
        {
            throw new InvalidDataException("recordings and streams cannot be read in one run. Start one run for each.");
        }

        if (candidates.Count == 0)
        {
            string where = sources.Count == 0 ? "no source was given" : $"no camera in {string.Join(", ", sources.Select(s => $"'{Shown.Line(s)}'"))}";
            string problems = string.Concat(findings.Problems.Select(problem => " " + problem));
            throw new InvalidDataException($"{where}: {LookedFor}.{problems} Name the folder that holds the recordings.");
        }

        return PlanMaker.Make(candidates, options, findings);
    }

    internal static bool IsVideo(string file) => Videos.Contains(Path.GetExtension(file));

    internal static bool IsFootage(string file) => IsVideo(file) || IsPicture(file);

    internal static bool IsPicture(string file) => Pictures.Contains(Path.GetExtension(file));

    private static List<Candidate> InPath(string path, Findings findings)
    {
        if (File.Exists(path))
        {
            string full = Path.GetFullPath(path);
            return [new Candidate(Path.GetFileNameWithoutExtension(full), Path.GetDirectoryName(full)!, [new Found("file", [full])])];
        }

        if (!Directory.Exists(path))
        {
            throw new InvalidDataException(path.StartsWith('-')
                ? $"'{Shown.Line(path)}' is no option of this command, and neither a folder nor a file. See --help."
                : $"'{Shown.Line(path)}' is neither a folder nor a file. Check the path.");
        }

        string root = Path.GetFullPath(path);
        if (Directory.Exists(Path.Combine(root, "img1")))
        {
            return [Mot(root, findings)];
        }

        List<string> folders = findings.Folders(root);
        List<Candidate> candidates = [.. Frigate(root, folders, findings)];
        foreach (string folder in folders.Where(folder => !DayName().IsMatch(Path.GetFileName(folder)) || candidates.Count == 0))
        {
            int problems = findings.Problems.Count;
            Candidate? camera = Directory.Exists(Path.Combine(folder, "img1")) ? Mot(folder, findings) : OfFolder(folder, findings);
            if (camera is not null)
            {
                candidates.Add(camera);
            }
            else if (findings.Problems.Count == problems) // else it is said why nothing was found
            {
                findings.Notices.Add($"'{Shown.Line(folder)}' holds neither videos nor a sequence of pictures, and is no camera. Look after the recorder if it should be one.");
            }
        }

        candidates.AddRange(OfFiles(root, findings));
        return candidates;
    }

    // All videos under a camera's folder are its segments; without videos, pictures are one sequence a folder.
    private static Candidate? OfFolder(string folder, Findings findings)
    {
        List<string> files = [.. findings.FilesBelow(folder)];
        List<Found> segments = [.. files.Where(IsVideo).Select(file => new Found("file", [file]))];
        if (segments.Count == 0)
        {
            segments = [.. Sequences(files)];
        }

        return segments.Count == 0 ? null : new Candidate(Path.GetFileName(folder), folder, segments);
    }

    private static IEnumerable<Found> Sequences(IEnumerable<string> files) =>
        files.Where(IsPicture)
            .GroupBy(file => Path.GetDirectoryName(file)!, StringComparer.Ordinal)
            .Where(group => group.Count() > 1)
            .Select(group => new Found("images", [.. group.Order(NaturalOrder.Instance)]));

    private static IEnumerable<Candidate> OfFiles(string root, Findings findings)
    {
        List<string> files = findings.Files(root);
        List<string> videos = [.. files.Where(IsVideo)];
        foreach (IGrouping<string, string> group in videos.GroupBy(SegmentGroup.Of, StringComparer.Ordinal))
        {
            string unnamed = group.Count() == 1 ? Path.GetFileNameWithoutExtension(group.First()) : Path.GetFileName(root);
            string name = group.Key.Length > 0 ? group.Key : unnamed;
            yield return new Candidate(name, root, [.. group.Select(file => new Found("file", [file]))]);
        }

        if (videos.Count == 0)
        {
            foreach (Found sequence in Sequences(files))
            {
                yield return new Candidate(Path.GetFileName(root), root, [sequence]);
            }
        }
    }

    private static IEnumerable<Candidate> Frigate(string root, List<string> folders, Findings findings)
    {
        Dictionary<string, List<Found>> cameras = new(StringComparer.Ordinal);
        foreach (string day in folders.Where(folder => DayName().IsMatch(Path.GetFileName(folder))))
        {
            foreach (string hour in findings.Folders(day).Where(folder => HourName().IsMatch(Path.GetFileName(folder))))
            {
                foreach (string camera in findings.Folders(hour))
                {
                    foreach (string file in findings.Files(camera).Where(file => MinuteName().IsMatch(Path.GetFileName(file))))
                    {
                        string stamp = $"{Path.GetFileName(day)} {Path.GetFileName(hour)}.{Path.GetFileName(file)[..5]}";
                        if (DateTimeOffset.TryParseExact(
                            stamp, "yyyy-MM-dd HH.mm.ss", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset start))
                        {
                            string name = Path.GetFileName(camera);
                            (cameras.TryGetValue(name, out List<Found>? list) ? list : cameras[name] = []).Add(new("frigate", [file], start));
                        }
                    }
                }
            }
        }

        return cameras.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => new Candidate(pair.Key, root, pair.Value));
    }

    private static Candidate Mot(string folder, Findings findings)
    {
        double fps = 0;
        string info = Path.Combine(folder, "seqinfo.ini");
        if (File.Exists(info) && RegularFile.Fault(info) is null)
        {
            string? line = File.ReadLines(info).FirstOrDefault(line => line.StartsWith("frameRate", StringComparison.OrdinalIgnoreCase));
            _ = double.TryParse(line?.Split('=')[^1], NumberStyles.Float, CultureInfo.InvariantCulture, out fps);
        }

        if (fps is not (> 0 and <= 1000))
        {
            findings.Notices.Add($"'{Shown.Line(folder)}': seqinfo.ini gives no frameRate; image_fps is taken");
            fps = 0;
        }

        List<string> pictures = [.. findings.Files(Path.Combine(folder, "img1")).Where(IsPicture).Order(NaturalOrder.Instance)];
        return new Candidate(Path.GetFileName(folder), folder, pictures.Count == 0 ? [] : [new Found("mot", pictures, null, fps)]);
    }

    [GeneratedRegex(@"^\d{4}-\d\d-\d\d$")]
    private static partial Regex DayName();

    [GeneratedRegex(@"^\d\d$")]
    private static partial Regex HourName();

    [GeneratedRegex(@"^\d\d\.\d\d\.mp4$")]
    private static partial Regex MinuteName();
}

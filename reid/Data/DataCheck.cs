using OpenCvSharp;
using Pipeline.Files;

namespace Pipeline.Reid.Data;

/// <summary>
/// Holds a data set against what a data set should be: published counts, label ranges, cameras, persons in training and test, files that are pictures.
/// </summary>
public static class DataCheck
{
    private const int Shown = 20; // unreadable pictures named one by one

    /// <summary>Checks a set.</summary>
    /// <param name="folder">As for <see cref="ReidDataSets.Open"/>.</param>
    /// <param name="layout">As for <see cref="ReidDataSets.Open"/>.</param>
    /// <param name="manifest">As for <see cref="ReidDataSets.Open"/>.</param>
    /// <param name="split">As for <see cref="ReidDataSets.Open"/>.</param>
    /// <param name="decode">Decode every picture; else only see that every file is there and begins as a picture does.</param>
    /// <param name="progress">Told how many files were looked at.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="ArgumentException">The layout's name is not known.</exception>
    public static DataReport Of(
        string folder,
        string layout = "auto",
        string? manifest = null,
        int split = 0,
        bool decode = false,
        IProgress<int>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ReidDataSet set;
        try
        {
            set = ReidDataSets.Open(folder, layout, manifest, split);
        }
        catch (InvalidDataException e)
        {
            return new DataReport(null, null, [], [e.Message], []);
        }

        List<string> problems = [.. set.Problems];
        List<string> notes = [];
        (DataPart Part, PublishedPart? Published)[] parts =
        [
            (Part("train", set.Train), set.Published?.Train), (Part("query", set.Query), set.Published?.Query), (Part("gallery", set.Gallery), set.Published?.Gallery),
        ];
        foreach ((DataPart part, PublishedPart? published) in parts)
        {
            Counts(set.Published?.Set, part, published, problems);
        }

        Labels(set, problems);
        Training(set, problems, notes);
        Test(set, problems, notes);
        Files(set, decode, problems, progress, cancellationToken);
        return new DataReport(set.Name, set.Published?.Set, [.. parts.Select(p => p.Part)], problems, notes);
    }

    /// <summary>How the training part of a set that goes by a published name differs from what was published: half of it may be missing.</summary>
    /// <param name="set">The set.</param>
    internal static IReadOnlyList<string> WrongCounts(ReidDataSet set)
    {
        List<string> problems = [];
        Counts(set.Published?.Set, Part("train", set.Train), set.Published?.Train, problems);
        return problems;
    }

    private static DataPart Part(string name, IReadOnlyList<LabelledPicture> pictures) => new(
        name,
        pictures.Count,
        pictures.Select(p => p.Person).Where(p => p > 0).Distinct().Count(),
        pictures.Select(p => p.Camera).Distinct().Count(),
        pictures.Any(p => p.Tracklet != 0) ? pictures.Select(p => (p.Person, p.Camera, p.Tracklet)).Distinct().Count() : null,
        pictures.Count(p => p.Person == -1),
        pictures.Count(p => p.Person == 0));

    private static void Counts(string? set, DataPart part, PublishedPart? published, List<string> problems)
    {
        (string What, int? Wanted, int? Got)[] counts =
        [
            ("pictures", published?.Pictures, part.Pictures), ("persons", published?.Persons, part.Persons), ("tracklets", published?.Tracklets, part.Tracklets),
        ];
        problems.AddRange(counts.Where(c => c.Wanted is not null && c.Got != c.Wanted)
            .Select(c => FormattableString.Invariant($"{part.Part}: {set} has {c.Wanted} {c.What}, got {c.Got ?? 0}. Unpack the set again.")));
    }

    private static void Labels(ReidDataSet set, List<string> problems)
    {
        LabelledPicture[] all = [.. set.Train, .. set.Query, .. set.Gallery];
        problems.AddRange(all.Where(p => p.Person < -1).Take(3).Select(p => $"'{p.Path}': person {p.Person}; persons are -1 (junk), 0 (distractor) or above."));
        problems.AddRange(all.Where(p => p.Camera < 0).Take(3).Select(p => $"'{p.Path}': camera {p.Camera}; cameras are 0 or above."));
        int[] cameras = [.. all.Select(p => p.Camera).Distinct().Order()];
        if (set.Published is { } published && cameras.Length != published.Cameras)
        {
            problems.Add($"{published.Set} has {published.Cameras} cameras, got {cameras.Length}: {string.Join(", ", cameras)}. Unpack the set again.");
        }

        foreach ((string part, IReadOnlyList<LabelledPicture> pictures) in new[] { ("train", set.Train), ("query", set.Query) })
        {
            int nobody = pictures.Count(p => p.Person is -1 or 0);
            if (nobody > 0)
            {
                problems.Add($"{part}: {nobody} pictures of nobody (person -1 or 0). Only a gallery has these.");
            }
        }

        string[] twice = [.. new[] { set.Train, set.Query, set.Gallery }.SelectMany(part => part.GroupBy(p => p.Path).Where(g => g.Count() > 1)).Select(g => g.Key)];
        problems.AddRange(twice.Take(3).Select(p => $"'{p}': twice in one part."));
    }

    private static void Training(ReidDataSet set, List<string> problems, List<string> notes)
    {
        HashSet<int> learnt = [.. set.Train.Select(p => p.Person).Where(p => p > 0)];
        HashSet<int> tested = [.. set.Query.Concat(set.Gallery).Select(p => p.Person).Where(p => p > 0)];
        int[] both = [.. learnt.Intersect(tested).Order()];
        if (both.Length > 0)
        {
            problems.Add($"{both.Length} persons are both in training and in the test, beginning with {string.Join(", ", both.Take(5))}: scores would flatter. Take them out of one.");
        }

        HashSet<string> asked = [.. set.Query.Concat(set.Gallery).Select(p => p.Path)];
        int shared = set.Train.Count(p => asked.Contains(p.Path));
        if (shared > 0)
        {
            problems.Add($"{shared} pictures are both in training and in the test. Take them out of one.");
        }

        if (set.Train.Count > 0 && learnt.Count < 2)
        {
            problems.Add($"train: {learnt.Count} person; telling people apart cannot be learned from fewer than two. Give pictures of more people.");
        }
        else if (set.Train.Count > 0)
        {
            int one = set.Train.Where(p => p.Person > 0).GroupBy(p => p.Person).Count(g => g.Select(p => p.Camera).Distinct().Count() == 1);
            if (one > 0)
            {
                string what = one == learnt.Count ? "no person is seen by two cameras: nothing is learned of how cameras differ." : "";
                notes.Add($"train: {one} of {learnt.Count} persons are under one camera only. {what}".TrimEnd());
            }
        }
    }

    private static void Test(ReidDataSet set, List<string> problems, List<string> notes)
    {
        if (set.Query.Count == 0 && set.Gallery.Count == 0)
        {
            notes.Add("no query and no gallery: a manifest (file, role, person, camera) can say what is asked.");
            return;
        }

        if (set.Query.Count == 0 || set.Gallery.Count == 0)
        {
            problems.Add($"{(set.Query.Count == 0 ? "query" : "gallery")}: empty, so nothing can be measured. Give both.");
            return;
        }

        Dictionary<int, HashSet<int>> cameras = set.Gallery.Where(p => p.Person > 0).GroupBy(p => p.Person).ToDictionary(g => g.Key, g => g.Select(p => p.Camera).ToHashSet());
        int without = set.Query.Count(q => !(cameras.TryGetValue(q.Person, out HashSet<int>? seen) && seen.Any(c => c != q.Camera)));
        if (without == set.Query.Count)
        {
            bool single = set.Query.Concat(set.Gallery).Select(p => p.Camera).Distinct().Count() == 1;
            problems.Add(single
                ? "a single camera: no query has an answer under another one, so nothing can be measured. Give pictures of a second camera."
                : "no query has an answer under another camera, so nothing can be measured. Check persons and cameras.");
        }
        else if (without > 0)
        {
            notes.Add($"{without} of {set.Query.Count} queries have no answer under another camera: the protocol skips them.");
        }
    }

    private static void Files(ReidDataSet set, bool decode, List<string> problems, IProgress<int>? progress, CancellationToken cancellationToken)
    {
        string[] files = [.. set.Train.Concat(set.Query).Concat(set.Gallery).Select(p => p.Path).Distinct()];
        string?[] wrong = new string?[files.Length];
        int done = 0;
        Parallel.For(0, files.Length, new ParallelOptions { CancellationToken = cancellationToken, MaxDegreeOfParallelism = Environment.ProcessorCount }, i =>
        {
            wrong[i] = decode ? Decoded(files[i]) : Begun(files[i]);
            int number = Interlocked.Increment(ref done);
            if (number % 256 == 0 || number == files.Length)
            {
                progress?.Report(number);
            }
        });
        string[] lines = [.. wrong.OfType<string>()];
        problems.AddRange(lines.Take(Shown));
        if (lines.Length > Shown)
        {
            problems.Add($"{lines.Length - Shown} more pictures cannot be read.");
        }
    }

    private static string? Decoded(string path)
    {
        try
        {
            PictureIo.Read(path);
            return null;
        }
        catch (Exception e) when (e is InvalidDataException or OpenCVException)
        {
            return e.Message.ReplaceLineEndings(" ");
        }
    }

    private static string? Begun(string path)
    {
        try
        {
            if (RegularFile.Fault(path) is { } fault)
            {
                return $"'{path}' {fault}. {PictureIo.Instead}";
            }

            using Microsoft.Win32.SafeHandles.SafeFileHandle file = File.OpenHandle(path);
            Span<byte> first = stackalloc byte[8];
            int read = RandomAccess.Read(file, first, 0);
            return first[..read] switch
            {
                [0xFF, 0xD8, ..] or [0x89, (byte)'P', (byte)'N', (byte)'G', ..] or [(byte)'B', (byte)'M', ..] => null,
                _ => $"'{path}': begins neither as JPEG, nor PNG, nor BMP.",
            };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"'{path}': {e.Message.ReplaceLineEndings(" ")}";
        }
    }
}

namespace Pipeline.Reid.Data;

/// <summary>A whole data set in MARS layout: <c>bbox_train</c> for training, <c>bbox_test</c> for query (by <c>info/query_IDX.mat</c>) and gallery.</summary>
/// <remarks>
/// The gallery is all tracklets of the test that are no query, junk and distractors included: the protocol of Python code drops junk, the MATLAB protocol
/// adds the queries.
/// </remarks>
internal static class MarsSet
{
    private static readonly string[] _parts = ["train", "test"];

    /// <summary>The folder with one of the parts.</summary>
    public static string? Find(string folder) =>
        Layouts.FirstThatFits(folder, f => (Layouts.Holds(f, "bbox_test") || Layouts.Holds(f, "bbox_train")) && HasNames(f));

    /// <summary>Reads both parts, as far as they are there.</summary>
    /// <exception cref="InvalidDataException">A part cannot be read.</exception>
    public static ReidDataSet Read(string root)
    {
        List<string> problems = [];
        List<(MarsTracklet Tracklet, int Number)>[] parts = [.. _parts.Select(part => Part(root, part, problems))];
        List<LabelledPicture>[] pictures =
        [
            Pictures(parts[0]),
            Pictures(parts[1].Where(t => t.Tracklet.Query)),
            Pictures(parts[1].Where(t => !t.Tracklet.Query)),
        ];
        return new ReidDataSet("mars", pictures[0], pictures[1], pictures[2]) { Problems = problems, Published = PublishedCounts.Mars };
    }

    private static List<(MarsTracklet Tracklet, int Number)> Part(string root, string part, List<string> problems)
    {
        if (!Layouts.Holds(root, "bbox_" + part))
        {
            problems.Add($"'{root}': no folder bbox_{part}.");
            return [];
        }

        MarsFolder folder = MarsFolder.Read(root, part);
        problems.AddRange(folder.Problems);
        if (!folder.FromTables && part == "test")
        {
            problems.Add($"'{root}': no info/tracks_test_info.mat that fits, so nothing says what is asked: all of bbox_test is gallery.");
        }

        return [.. folder.Tracklets.Select((t, i) => (t, i + 1))];
    }

    private static List<LabelledPicture> Pictures(IEnumerable<(MarsTracklet Tracklet, int Number)> tracklets) =>
    [
        .. tracklets.SelectMany(t => t.Tracklet.Paths.Select((path, i) =>
            new LabelledPicture(path, t.Tracklet.Pid, t.Tracklet.Camera, t.Number, t.Tracklet.Frames[i]))),
    ];

    private static bool HasNames(string folder) => _parts.Select(p => Path.Combine(folder, "bbox_" + p)).Where(Directory.Exists)
        .Any(p => Directory.EnumerateFiles(p, "*", SearchOption.AllDirectories).Any(f => MarsFolder.ParseName(Path.GetFileName(f)) is not null));
}

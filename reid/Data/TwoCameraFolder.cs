using System.Text.Json;

namespace Pipeline.Reid.Data;

/// <summary>
/// The two sets of two cameras with one sequence a person and camera. iLIDS-VID: <c>sequences/cam{1,2}/personNNN/*.png</c>, ten splits in
/// <c>train_test_splits_ilidsvid.mat</c>. PRID2011: <c>multi_shot/cam_{a,b}/person_NNNN/*.png</c>, ten splits in <c>splits_prid2011.json</c>.
/// The first camera is asked, the second is the gallery.
/// </summary>
internal static class TwoCameraFolder
{
    /// <summary>The folder with <c>sequences</c>.</summary>
    public static string? FindIlids(string folder) =>
        Layouts.FirstThatFits(folder, f => Layouts.Holds(f, Path.Combine("sequences", "cam1"), Path.Combine("sequences", "cam2")));

    /// <summary>The folder with <c>multi_shot</c>.</summary>
    public static string? FindPrid(string folder) =>
        Layouts.FirstThatFits(folder, f => Layouts.Holds(f, Path.Combine("multi_shot", "cam_a"), Path.Combine("multi_shot", "cam_b")));

    /// <summary>Reads iLIDS-VID.</summary>
    /// <exception cref="InvalidDataException">There are no sequences, a name is none, or the split is not there.</exception>
    public static ReidDataSet ReadIlids(string root, int split)
    {
        List<string> problems = [];
        (Dictionary<string, string[]> first, Dictionary<string, string[]> second) =
            (Sequences(Path.Combine(root, "sequences", "cam1")), Sequences(Path.Combine(root, "sequences", "cam2")));
        string[] persons = Shared(first, second, problems);
        string? table = SplitFile(root, "train_test_splits_ilidsvid.mat", problems);
        HashSet<string>? test = table is null ? null : IlidsTest(table, split, persons);
        return Divide("ilids", persons, test is null ? null : [.. persons.Except(test)], test, first, second, problems) with { Published = PublishedCounts.IlidsVid };
    }

    /// <summary>Reads PRID2011: the persons that both cameras saw.</summary>
    /// <exception cref="InvalidDataException">There are no sequences, a name is none, or the split is not there.</exception>
    public static ReidDataSet ReadPrid(string root, int split)
    {
        List<string> problems = [];
        (Dictionary<string, string[]> first, Dictionary<string, string[]> second) =
            (Sequences(Path.Combine(root, "multi_shot", "cam_a")), Sequences(Path.Combine(root, "multi_shot", "cam_b")));
        string[] persons = Shared(first, second, null); // most are seen by one camera only: that is how the set is
        if (PublishedCounts.Prid2011.Names(root) && persons.Length != 200)
        {
            problems.Add($"'{root}': 200 persons under both cameras are published, got {persons.Length}.");
        }

        string? file = SplitFile(root, "splits_prid2011.json", problems);
        (HashSet<string> Train, HashSet<string> Test)? parts = file is null ? null : PridSplit(file, split, persons);
        return Divide("prid", persons, parts?.Train, parts?.Test, first, second, problems) with { Published = PublishedCounts.Prid2011 };
    }

    /// <summary>How many splits the file of a set has; 0 without one.</summary>
    public static int Splits(string root)
    {
        string? table = SplitFile(root, "train_test_splits_ilidsvid.mat", null);
        string? json = SplitFile(root, "splits_prid2011.json", null);
        return table is not null ? SplitTable(table).Rows : json is not null ? PridSplits(json).Count : 0;
    }

    private static ReidDataSet Divide(
        string name, string[] persons, HashSet<string>? train, HashSet<string>? test, Dictionary<string, string[]> first, Dictionary<string, string[]> second, List<string> problems)
    {
        Dictionary<string, int> numbers = persons.ToDictionary(p => p, PersonNumber);
        string[] learn = [.. persons.Where(p => train is null || train.Contains(p))];
        string[] ask = [.. persons.Where(p => test is not null && test.Contains(p))];
        return new ReidDataSet(
            name, [.. learn.SelectMany(p => Pictures(first, p, 1).Concat(Pictures(second, p, 2)))], [.. ask.SelectMany(p => Pictures(first, p, 1))], [.. ask.SelectMany(p => Pictures(second, p, 2))])
        {
            Problems = problems,
        };

        IEnumerable<LabelledPicture> Pictures(Dictionary<string, string[]> camera, string person, int number) =>
            camera[person].Select((path, i) => new LabelledPicture(path, numbers[person], number, 1, i + 1));
    }

    private static int PersonNumber(string name) => Layouts.Number(name.AsSpan("person".Length).TrimStart('_')) is > 0 and int number
        ? number
        : throw new InvalidDataException($"'{name}': a folder is named personNNN or person_NNNN, with a number from 1. Rename or remove it.");

    private static Dictionary<string, string[]> Sequences(string camera)
    {
        Dictionary<string, string[]> sequences = [];
        foreach (string person in PlainFolder.Folders(camera).Where(f => f.StartsWith("person", StringComparison.Ordinal)))
        {
            string[] pictures = [.. PlainFolder.Files(Path.Combine(camera, person))];
            if (pictures.Length > 0)
            {
                sequences.Add(person, pictures);
            }
        }

        return sequences.Count > 0
            ? sequences
            : throw new InvalidDataException($"'{camera}': no folders person... with pictures. Name the folder of iLIDS-VID or PRID2011.");
    }

    private static string[] Shared(Dictionary<string, string[]> first, Dictionary<string, string[]> second, List<string>? problems)
    {
        problems?.AddRange(first.Keys.Except(second.Keys).Select(p => $"'{p}': no pictures under the second camera."));
        problems?.AddRange(second.Keys.Except(first.Keys).Select(p => $"'{p}': no pictures under the first camera."));
        return [.. first.Keys.Intersect(second.Keys).Order(StringComparer.Ordinal)];
    }

    // The archive keeps it in a folder of its own; others put it beside the sequences.
    private static string? SplitFile(string root, string name, List<string>? problems)
    {
        string[] places = [root, Path.Combine(root, "train-test people splits"), Path.Combine(root, "..")];
        string? found = places.Select(p => Path.Combine(p, name)).FirstOrDefault(File.Exists);
        if (found is null)
        {
            problems?.Add($"'{root}': no {name}, so nothing says who is for the test: all is for training.");
        }

        return found;
    }

    private static MatMatrix SplitTable(string path) => MatFile.Read(path).GetValueOrDefault("ls_set")
        ?? throw new InvalidDataException($"'{path}': no variable 'ls_set'. Fetch train_test_splits_ilidsvid.mat again.");

    // The first half of a row is for the test; the numbers count, from 1, along the sorted list of persons.
    private static HashSet<string> IlidsTest(string path, int split, string[] persons)
    {
        MatMatrix table = SplitTable(path);
        CheckSplit(path, split, table.Rows);
        int[] row = [.. Enumerable.Range(0, table.Columns).Select(c => (int)table[split, c] - 1)];
        return row.Length == persons.Length && row.Order().SequenceEqual(Enumerable.Range(0, persons.Length))
            ? [.. row.Take(row.Length / 2).Select(i => persons[i])]
            : throw new InvalidDataException($"'{path}': split {split} numbers {row.Length} persons, but {persons.Length} are there. Unpack the whole set.");
    }

    private static (HashSet<string> Train, HashSet<string> Test) PridSplit(string path, int split, string[] persons)
    {
        List<(HashSet<string> Train, HashSet<string> Test)> splits = PridSplits(path);
        CheckSplit(path, split, splits.Count);
        string? missing = splits[split].Train.Concat(splits[split].Test).Except(persons).FirstOrDefault();
        return missing is null
            ? splits[split]
            : throw new InvalidDataException($"'{path}': split {split} names '{missing}', whom not both cameras have. Unpack the whole set.");
    }

    private static List<(HashSet<string> Train, HashSet<string> Test)> PridSplits(string path)
    {
        try
        {
            using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(path));
            return [.. json.RootElement.EnumerateArray().Select(s => (Names(s, "train"), Names(s, "test")))];
        }
        catch (Exception e) when (e is JsonException or IOException or InvalidOperationException or KeyNotFoundException)
        {
            throw new InvalidDataException($"'{path}': a list of objects with train and test, each a list of person_NNNN, is wanted: {e.Message.ReplaceLineEndings(" ")} Fetch it again.", e);
        }
    }

    private static HashSet<string> Names(JsonElement split, string part) => [.. split.GetProperty(part).EnumerateArray().Select(n => n.GetString() ?? "")];

    private static void CheckSplit(string path, int split, int splits)
    {
        if (split < 0 || split >= splits)
        {
            throw new InvalidDataException($"'{path}': splits 0 to {splits - 1} are there, got {split}. Name one of these.");
        }
    }
}

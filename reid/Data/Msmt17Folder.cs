using System.Text.RegularExpressions;

namespace Pipeline.Reid.Data;

/// <summary>
/// MSMT17: <c>list_{train,val,query,gallery}.txt</c> with lines <c>PPPP/PPPP_NNN_CC_....jpg pid</c> beside <c>train</c> and <c>test</c> (version 1)
/// or <c>mask_train_v2</c> and <c>mask_test_v2</c> (version 2, faces blurred). Training and validation list are both for training.
/// </summary>
/// <remarks>
/// The lists number the persons of training and of test from 0 each. Here training begins at 1 and test after the last of training, so that 0 stays free for
/// distractors and one number is one person.
/// </remarks>
internal static partial class Msmt17Folder
{
    /// <summary>The folder with the lists.</summary>
    public static string? Find(string folder) => Layouts.FirstThatFits(folder, f => Folders(f) is not null && File.Exists(Path.Combine(f, "list_train.txt")));

    /// <summary>Reads the four lists.</summary>
    /// <exception cref="InvalidDataException">A list is missing or damaged, or more than one in a hundred of its pictures are not there.</exception>
    public static ReidDataSet Read(string root)
    {
        (string train, string test) = Folders(root)!.Value; // found before
        List<string> problems = [];
        List<LabelledPicture> learn = [.. List(root, "train", train, 1, problems), .. List(root, "val", train, 1, problems)];
        int next = learn.Count == 0 ? 1 : learn.Max(p => p.Person) + 1;
        List<LabelledPicture> query = List(root, "query", test, next, problems);
        List<LabelledPicture> gallery = List(root, "gallery", test, next, problems);
        Layouts.RefuseIfTooMany(root, "MSMT17", problems, learn.Count + query.Count + gallery.Count);
        return new ReidDataSet("msmt17", learn, query, gallery) { Problems = problems, Published = PublishedCounts.Msmt17 };
    }

    private static (string Train, string Test)? Folders(string root) =>
        Layouts.Holds(root, "mask_train_v2", "mask_test_v2") ? ("mask_train_v2", "mask_test_v2")
        : Layouts.Holds(root, "train", "test") ? ("train", "test")
        : null;

    private static List<LabelledPicture> List(string root, string list, string folder, int first, List<string> problems)
    {
        string path = Path.Combine(root, $"list_{list}.txt");
        if (!File.Exists(path))
        {
            throw new InvalidDataException($"'{path}': not there. MSMT17 has list_train.txt, list_val.txt, list_query.txt and list_gallery.txt: put it there.");
        }

        HashSet<string> there = [];
        HashSet<string> looked = [];
        List<LabelledPicture> pictures = [];
        int line = 0;
        foreach (string text in File.ReadLines(path))
        {
            line++;
            if (text.Trim().Length == 0)
            {
                continue;
            }

            Match match = LinePattern().Match(text);
            if (!match.Success)
            {
                throw new InvalidDataException($"'{path}:{line}': a line is '0000/0000_000_01_0303morning_0015_0.jpg 0', got '{text}'. Fetch the list again.");
            }

            string file = Path.Combine(root, folder, match.Groups[1].Value);
            string holder = Path.GetDirectoryName(file)!;
            if (looked.Add(holder) && Directory.Exists(holder))
            {
                there.UnionWith(Directory.EnumerateFileSystemEntries(holder)); // once a folder: asking for each file takes minutes on network disks
            }

            if (there.Contains(file))
            {
                pictures.Add(new LabelledPicture(file, Layouts.Number(match.Groups[3].ValueSpan)!.Value + first, Layouts.Number(match.Groups[2].ValueSpan)!.Value));
            }
            else
            {
                problems.Add($"'{path}:{line}': '{match.Groups[1].Value}' is not in {folder}.");
            }
        }

        return pictures;
    }

    [GeneratedRegex(@"^\s*((?:[^/\s]+/)?[^/_\s]+_[^/_\s]+_(\d{1,4})_\S*)\s+(\d{1,7})\s*$", RegexOptions.CultureInvariant)]
    private static partial Regex LinePattern();
}

namespace Pipeline.Tracker.Evaluation;

/// <summary>
/// Finds which output belongs to which truth. Truth of NAME is <c>NAME/gt/gt.txt</c>, <c>NAME/gt.txt</c>, <c>NAME.gt.txt</c> or <c>NAME_gt.txt</c>,
/// or <c>NAME.txt</c> in a folder that has none of those; output of NAME is <c>NAME.txt</c>, or <c>NAME.mp4.txt</c> and the like, as a run calls that of a
/// recording, with <c>NAME.frames.txt</c> beside it where only some frames were analysed (<see cref="AnalysedFrames"/>).
/// </summary>
/// <param name="length">Number of frames of every sequence; null: <c>seqLength</c> of a <c>seqinfo.ini</c> beside the truth, else the truth's last frame.</param>
public sealed class MotSequenceReader(int? length = null)
{
    private const string Text = ".txt";
        private static readonly string[] s_truthEndings = ["/gt/gt.txt", "/gt.txt", ".gt.txt", "_gt.txt"];

    /// <summary>Reads a pair of files, or all pairs of two folders.</summary>
    /// <param name="truth">File or folder.</param>
    /// <param name="result">File or folder, as <paramref name="truth"/>.</param>
    /// <exception cref="InvalidDataException">Something is missing, damaged, or does not belong together.</exception>
    public MotSequences Read(string truth, string result)
    {
        if (File.Exists(truth) && File.Exists(result))
        {
            return new MotSequences([Pair(Path.GetFileNameWithoutExtension(result), truth, result)], []);
        }

        foreach (string path in (string[])[truth, result])
        {
            if (!Directory.Exists(path))
            {
                throw new InvalidDataException(File.Exists(path)
                    ? $"'{path}' is a file, the other one a folder. Name two files or two folders."
                    : $"'{path}' is not there. Name a MOTChallenge text file, or a folder of them.");
            }
        }

        return Pairs(truth, result);
    }

    private MotSequences Pairs(string truth, string result)
    {
        SortedDictionary<string, string> truths = TruthFiles(truth);
        SortedDictionary<string, string> results = [];
        foreach (string file in Relative(result).Where(file => !IsTruth(file) && !file.EndsWith(AnalysedFrames.Ending, StringComparison.Ordinal)))
        {
            string name = file[..^Text.Length];
            string recording = Path.ChangeExtension(name, null);
            name = !truths.ContainsKey(name) && truths.ContainsKey(recording) ? recording : name;
            if (!results.TryAdd(name, Path.Combine(result, file)))
            {
                throw new InvalidDataException($"'{result}': '{name}' has two files of output, got '{Path.GetRelativePath(result, results[name])}' and '{file}'. Leave one out.");
            }
        }

        if (truths.Count == 0)
        {
            throw new InvalidDataException($"'{truth}': there is no ground truth in it. NAME/gt/gt.txt, NAME.gt.txt or NAME.txt is needed for each sequence.");
        }

        string[] missing = [.. truths.Keys.Where(name => !results.ContainsKey(name))];
        if (missing.Length > 0)
        {
            throw new InvalidDataException(
                $"'{result}': {string.Join(", ", missing.Select(name => name + Text))} {(missing.Length == 1 ? "is" : "are")} missing, for which '{truth}' has truth. "
                + "Add what is missing (an empty file where nobody was found), or leave its truth out.");
        }

        return new MotSequences(
            [.. truths.Select(pair => Pair(pair.Key, pair.Value, results[pair.Key]))], [.. results.Keys.Where(name => !truths.ContainsKey(name))]);
    }

    private static SortedDictionary<string, string> TruthFiles(string folder)
    {
        string[] files = [.. Relative(folder)];
        string[] marked = [.. files.Where(IsTruth)];
        SortedDictionary<string, string> truths = new(StringComparer.Ordinal);
        foreach (string file in marked.Length > 0 ? marked : files)
        {
            string ending = s_truthEndings.FirstOrDefault(end => file.EndsWith(end, StringComparison.Ordinal)) ?? Text;
            string name = file[..^ending.Length];
            if (!truths.TryAdd(name, Path.Combine(folder, file)))
            {
                throw new InvalidDataException($"'{folder}': '{name}' has two files of truth, got '{Path.GetRelativePath(folder, truths[name])}' and '{file}'. Leave one out.");
            }
        }

        return truths;
    }

    private static bool IsTruth(string file) => s_truthEndings.Any(end => file.EndsWith(end, StringComparison.Ordinal));

    private static IEnumerable<string> Relative(string folder) => Directory.EnumerateFiles(folder, "*" + Text, SearchOption.AllDirectories)
        .Select(file => Path.GetRelativePath(folder, file).Replace(Path.DirectorySeparatorChar, '/')).Order(StringComparer.Ordinal);

    private MotSequence Pair(string name, string truthFile, string resultFile)
    {
        List<MotRow> truth = Rows(truthFile);
        List<MotRow> found = Rows(resultFile);
        int frames = length ?? SequenceInfo.Of(truthFile).Length ?? (truth.Count == 0 ? 0 : truth.Max(row => row.Frame));
        string analysed = Path.ChangeExtension(resultFile, null) + AnalysedFrames.Ending;
        IReadOnlyDictionary<int, DateTimeOffset?>? kept = File.Exists(analysed) ? AnalysedFrames.Read(analysed) : null;
        if (kept is not null)
        {
            truth.RemoveAll(row => !kept.ContainsKey(row.Frame));
            frames = kept.Keys.DefaultIfEmpty().Max();
        }

        int last = found.Count == 0 ? 0 : found.Max(row => row.Frame);
        if (last > frames)
        {
            throw new InvalidDataException(
                $"'{resultFile}' goes to frame {last}, its truth '{truthFile}' to frame {frames}. Check that they belong together; "
                + "where the recording goes on after its last person, give its number of frames with --length.");
        }

        return new MotSequence(name, truth, found, frames) { Analysed = kept };
    }

    private static List<MotRow> Rows(string file)
    {
        try
        {
            return MotText.Parse(File.ReadAllText(file));
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"'{file}': {e.Message}", e);
        }
    }
}

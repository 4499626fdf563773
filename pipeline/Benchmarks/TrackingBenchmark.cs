using System.CommandLine;
using Pipeline.Cli.Commands;
using Pipeline.Cli.Configuration;
using Pipeline.Cli.Terminal;
using Pipeline.Tracker;
using Pipeline.Tracker.Evaluation;

namespace Pipeline.Cli.Benchmarks;

/// <summary><c>pipeline benchmark tracking</c>.</summary>
/// <remarks>
/// Whether settings carry over to footage that nobody has seen: with several to choose from, each sequence is scored under those that do best
/// on all the others (leave one sequence out, with all its detectors). What was chosen that way is an honest number; the best of a row is not.
/// </remarks>
internal sealed class TrackingBenchmarkCommand : BenchmarkCommand
{
    private const string AsSet = "as set";
    private static readonly TimeSpan s_foresee = TimeSpan.FromMilliseconds(250); // as 'pipeline track'
    private readonly Argument<string> _folder = new("folder") { Description = "Folder with NAME/gt.txt, NAME/seqinfo.ini and NAME/det*.txt for each sequence, at any depth." };
    private readonly Option<string[]> _try = new("--try") { Description = "Other settings of the tracker to choose from, as KEY=VALUE with commas between; may be given often.", HelpName = "SETTINGS" };
    private readonly Option<string[]> _half = new("--second-half")
    {
        Description = "Name of detection files of which only the second half of the sequence counts, because their detector has learned from the first.", HelpName = "NAME",
    };

    private readonly Option<bool> _offline = new("--offline") { Description = "Scores tracks that were refined with the whole recording known, instead of those made on line." };

    /// <summary>Makes the command.</summary>
    public TrackingBenchmarkCommand()
        : base("tracking", "HOTA and IDF1 of the one-camera tracker on given detections; with --try, under the settings that do best on the other sequences.", "no short flag")
    {
        Add(_folder);
        Add(_try);
        Add(_half);
        Add(_offline);
    }

    /// <inheritdoc/>
    public override string Needs => "MOTChallenge sequences with truth and detections";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples { get; } =
    [
        "pipeline benchmark tracking sequences --second-half det_yolox_ablation.txt",
        "pipeline benchmark tracking sequences --try tracker.match_threshold=0.8 --try tracker.height_power=0,tracker.recovery=false",
    ];

    /// <inheritdoc/>
    protected override Task<DataTable> MeasureAsync(Call call, LoadedSettings<Settings> settings, CancellationToken cancellationToken)
    {
        (string Name, TrackerOptions Options)[] choices =
            [(AsSet, settings.Value.Tracker), .. (call.Get(_try) ?? []).Select(text => (text, Load(call, [.. Flags(text)]).Value.Tracker))];
        List<Result> results = [];
        string root = call.Get(_folder)!; // required
        IEnumerable<string> truths = Directory.Exists(root) ? Directory.EnumerateFiles(root, "gt.txt", SearchOption.AllDirectories) : [];
        foreach (string truth in truths.Order(StringComparer.Ordinal))
        {
            string folder = Path.GetDirectoryName(truth)!;
            foreach (string file in Directory.EnumerateFiles(folder, "det*.txt").Order(StringComparer.Ordinal))
            {
                cancellationToken.ThrowIfCancellationRequested();
                bool half = (call.Get(_half) ?? []).Contains(Path.GetFileName(file));
                results.Add(new Result(
                    Path.GetFileName(folder), Path.GetFileNameWithoutExtension(file), [.. choices.Select(choice => Score(truth, file, half, choice.Options, call.Get(_offline)))]));
            }
        }

        return results.Count == 0
            ? throw new InvalidDataException($"'{root}' has no folder with gt.txt and det*.txt. Name a folder of MOTChallenge sequences.")
            : Task.FromResult(Table(results, [.. choices.Select(choice => choice.Name)]));
    }

    private static IEnumerable<SettingFlag> Flags(string text) => text.Split(',').Select(pair => pair.Split('=', 2) is [{ Length: > 0 } key, string value]
        ? new SettingFlag(key, value, "--try")
        : throw new InvalidDataException($"--try '{text}': KEY=VALUE with commas between is needed, such as tracker.max_lost_ms=3000. Correct it."));

    private static TrackingScores Score(string truthFile, string file, bool half, TrackerOptions options, bool offline)
    {
        SequenceInfo info = SequenceInfo.Of(truthFile);
        IReadOnlyList<MotRow> truth = TrackCommand.Read(truthFile);
        int length = info.Length ?? truth.Max(row => row.Frame);
        int from = half ? (length / 2) + 1 : 0;
        MotRow[] detections = Cut(TrackCommand.Read(file), from);
        double rate = info.FrameRate ?? 30;
        IReadOnlyList<MotRow> tracks = offline ? MotTracking.TrackOffline(detections, rate, options) : MotTracking.Track(detections, rate, options, s_foresee);
        return TrackingScores.Of(ScoredSequence.Create(Cut(truth, from), tracks, length - from, ScoredSequence.RulesOf(truth)));
    }

    private static MotRow[] Cut(IReadOnlyList<MotRow> rows, int from) => [.. rows.Where(row => row.Frame > from).Select(row => row with { Frame = row.Frame - from })];

    private static DataTable Table(List<Result> results, string[] choices)
    {
        DataTable table = new("sequence", "detections", "HOTA", "IDF1", "held out HOTA", "held out IDF1", "chosen on the others");
        List<(Result Of, int Chosen)> rows = [.. results.Select(result => (result, Best(results.Where(other => other.Sequence != result.Sequence), choices.Length)))];
        foreach ((Result result, int chosen) in rows)
        {
            Add(result.Sequence, result.Detections, result.Scores[0], result.Scores[chosen], choices[chosen]);
        }

        foreach (IGrouping<string, (Result Of, int Chosen)> detector in rows.GroupBy(row => row.Of.Detections).Where(group => group.Count() > 1))
        {
            Add("pooled", detector.Key, TrackingScores.Combine([.. detector.Select(row => row.Of.Scores[0])]), TrackingScores.Combine([.. detector.Select(row => row.Of.Scores[row.Chosen])]), null);
        }

        return table;

        void Add(string sequence, string detections, TrackingScores asSet, TrackingScores heldOut, string? chosen) => table.Add(
            sequence, detections, 100 * asSet.Hota.Mean, 100 * asSet.Identity.Idf1, 100 * heldOut.Hota.Mean, 100 * heldOut.Identity.Idf1, chosen);
    }

    // By the mean of HOTA and IDF1; a tie goes to what was named first.
    private static int Best(IEnumerable<Result> others, int choices) =>
        Enumerable.Range(0, choices).MaxBy(choice => others.Sum(other => other.Scores[choice].Hota.Mean + other.Scores[choice].Identity.Idf1));

    private sealed record Result(string Sequence, string Detections, TrackingScores[] Scores);
}

using System.CommandLine;
using Pipeline.Cli.Summary;
using Pipeline.Cli.Terminal;
using Pipeline.Reid.Data;

namespace Pipeline.Cli.Commands;

/// <summary><c>pipeline data check</c>.</summary>
internal sealed class DataCheckCommand : PipelineCommand
{
    private readonly Argument<string> _folder = new("folder") { Description = "Folder of a data set of labelled people, or the one that holds it." };

    private readonly Option<string> _layout = new("--layout")
    {
        Description = $"How it is laid out: auto, {string.Join(", ", ReidDataSets.LayoutNames)}.", HelpName = "NAME", DefaultValueFactory = _ => "auto",
    };

    private readonly Option<string?> _manifest = new("--manifest")
    {
        Description = "CSV with columns file, role (train, query, gallery), person and camera; files relative to the folder.", HelpName = "FILE",
    };

    private readonly Option<int> _split = new("--split") { Description = "Which of the ten splits of iLIDS-VID or PRID2011, from 0.", HelpName = "N" };

    private readonly Option<bool> _decode = new("--decode") { Description = "Decode every picture, not only look at how each file begins." };

    /// <summary>Makes the command.</summary>
    public DataCheckCommand()
        : base("check", "Says what a data set holds and what is wrong with it: counts, labels, cameras, overlap of training and test, unreadable pictures.")
    {
        _layout.AcceptOnlyFromAmong(["auto", .. ReidDataSets.LayoutNames]);
        Add(_folder);
        Add(_layout);
        Add(_manifest);
        Add(_split);
        Add(_decode);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples { get; } =
    [
        "pipeline data check Market-1501-v15.09.15",
        "pipeline data check footage --layout plain      # footage/person/camera/*.jpg",
        "pipeline data check people --manifest people/manifest.csv --decode",
        "pipeline data check i-LIDS-VID --split 3 --json",
    ];

    /// <inheritdoc/>
    public override async Task<ExitCode> ExecuteAsync(Call call, CancellationToken cancellationToken)
    {
        (string folder, string layout, int split) = (call.Get(_folder)!, call.Get(_layout)!, call.Get(_split)); // required, or with a default
        int done = 0;
        SynchronousProgress progress = new(number => Volatile.Write(ref done, number));
        Task<DataReport> check = Task.Run(
            () => DataCheck.Of(folder, layout, call.Get(_manifest), split, call.Get(_decode), progress, cancellationToken), cancellationToken);
        await new WorkProgress(call).WatchAsync(() => Volatile.Read(ref done) is var n and > 0 ? $"{n} pictures looked at" : "reading the list of pictures", check);
        DataReport report = await check;
        if (call.Json)
        {
            await call.Output.WriteLineAsync(SummaryJson.Line(report));
        }
        else
        {
            await ShowAsync(call, report);
        }

        return report.Problems.Count == 0 ? ExitCode.Fine : ExitCode.Losses;
    }

    private static async Task ShowAsync(Call call, DataReport report)
    {
        if (report.Layout is not null)
        {
            DataTable table = new("part", "pictures", "persons", "cameras", "tracklets", "junk", "distractors");
            foreach (DataPart part in report.Parts)
            {
                table.Add(part.Part, part.Pictures, part.Persons, part.Cameras, part.Tracklets, part.Junk, part.Distractors);
            }

            await call.Output.WriteLineAsync($"layout {report.Layout}{(report.Set is null ? "" : $", held against the counts of {report.Set}")}");
            table.Write(call.Terminal);
        }

        foreach (string note in report.Notes)
        {
            await call.Output.WriteLineAsync(TerminalText.Clean($"note: {note}"));
        }

        foreach (string problem in report.Problems)
        {
            await call.Output.WriteLineAsync(TerminalText.Clean($"wrong: {problem}"));
        }

        if (report.Problems.Count == 0)
        {
            await call.Output.WriteLineAsync("Nothing is wrong with it.");
        }
    }

    /// <summary>Tells at once, on the thread that reports.</summary>
    private sealed class SynchronousProgress(Action<int> told) : IProgress<int>
    {
        public void Report(int value) => told(value);
    }
}

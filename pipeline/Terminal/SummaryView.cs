using System.Globalization;
using Pipeline.Cli.Summary;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Pipeline.Cli.Terminal;

/// <summary>The end of a run for people: who was seen where, what to know, what was lost, where the results are.</summary>
public static class SummaryView
{
    private const int MostIdentities = 40;
    private const int MostProblems = 12;

    /// <summary>Prints a summary.</summary>
    /// <param name="terminal">Where to.</param>
    /// <param name="summary">The run.</param>
    public static void Write(IAnsiConsole terminal, RunSummary summary)
    {
        int width = terminal.Profile.Width;
        terminal.WriteLine();
        terminal.Write(People(summary, width));
        if (summary.Identities.Count > MostIdentities)
        {
            terminal.MarkupLine($"[dim]and {summary.Identities.Count - MostIdentities} more: pipeline identities list, or the report[/]");
        }

        terminal.WriteLine();
        terminal.Write(new Markup(Sentence(summary) + "\n"));
        foreach (RunNotice notice in summary.Notices)
        {
            terminal.Write(Item("[teal]i[/]", notice.Text));
        }

        foreach (RunProblem problem in summary.Problems.Take(MostProblems))
        {
            terminal.Write(Item("[yellow]![/]", problem.Camera is null ? problem.Text : $"{problem.Camera}: {problem.Text}"));
        }

        if (summary.Problems.Count > MostProblems)
        {
            terminal.MarkupLine($"[dim]  and {summary.Problems.Count - MostProblems} more problems: summary.json[/]");
        }

        terminal.WriteLine();
        terminal.Write(Files(summary.Files));
    }

    private static IRenderable People(RunSummary summary, int width)
    {
        if (summary.Identities.Count == 0)
        {
            return new Markup("[bold]Nobody was recognised.[/]\n");
        }

        bool narrow = width < 76;
        Dictionary<string, CameraSummary> cameras = summary.Cameras.ToDictionary(c => c.Id, StringComparer.Ordinal);
        CaptureClock clock = new(summary);
        Table table = new Table().Border(narrow ? TableBorder.None : TableBorder.Simple);
        table.AddColumn(new TableColumn("[dim]person[/]").NoWrap()).AddColumn(new TableColumn("[dim]seen at[/]"));
        if (!narrow)
        {
            table.AddColumn(new TableColumn("[dim]similarity[/]").RightAligned().NoWrap());
        }

        foreach (IdentitySummary identity in summary.Identities.Take(MostIdentities))
        {
            bool first = true;
            foreach (IGrouping<string, SightingSummary> camera in identity.Sightings.GroupBy(s => s.Camera).OrderBy(g => g.Min(s => s.StartAt)).ThenBy(g => g.Key, StringComparer.Ordinal))
            {
                string title = first ? $"[bold]{Escape(TerminalText.Cut(TerminalText.Clean(identity.Title), narrow ? 14 : 24))}[/]{(identity.IsNew ? "" : " [dim]known[/]")}" : "";
                string name = cameras.TryGetValue(camera.Key, out CameraSummary? known) ? known.Name : camera.Key;
                string seen = $"[teal]{Escape(TerminalText.Clean(name))}[/] {Times([.. camera], clock)}";
                table.AddRow(narrow ? [new Markup(title), new Markup(seen)] : [new Markup(title), new Markup(seen), new Markup(Similarity([.. camera.Where(s => !identity.IsCorrected(s))]))]);
                first = false;
            }
        }

        return table;
    }

    private static string Times(IReadOnlyList<SightingSummary> sightings, CaptureClock clock)
    {
        const int most = 4;
        IEnumerable<string> times = sightings.Take(most).Select(clock.Span);
        return string.Join(", ", times) + (sightings.Count > most ? $" [dim]and {sightings.Count - most} more[/]" : "");
    }

    private static string Similarity(IReadOnlyList<SightingSummary> sightings)
    {
        IEnumerable<string> texts = sightings.Where(s => s.IsMatch && s.Similarity is not null).Take(4).Select(s => s.Similarity!.Value.ToString("0.00", CultureInfo.InvariantCulture));
        string text = string.Join(", ", texts);
        string uncertain = sightings.Any(s => s.Band == "uncertain") ? "[yellow]uncertain[/]" : "";
        return text.Length == 0 ? uncertain.Length == 0 ? "[dim]new[/]" : uncertain : $"{text}{(uncertain.Length == 0 ? "" : " " + uncertain)}";
    }

    private static string Sentence(RunSummary summary)
    {
        RunCounts counts = summary.Counts;
        string ended = summary.Outcome switch
        {
            RunOutcome.Finished => "",
            RunOutcome.Stopped when summary.Cameras.Any(camera => camera.TimeSource == "arrival") => "Stopped. ", // streams have no end
            RunOutcome.Stopped => "[yellow]Stopped before the end.[/] ",
            _ => "[red]Broke off before the end.[/] ",
        };
        string corrected = counts.Corrected == 0 ? "" : $", {TerminalText.Count(counts.Corrected, "decision")} corrected";
        string sent = counts.EventsSent is { } n ? $", {n} sent" : "";
        string before = summary.ReadBefore > TimeSpan.Zero ? $" ({TerminalText.Span(summary.ReadBefore)} of it read before)" : "";
        string pace = summary.TimesRealTime.ToString("0.0", CultureInfo.InvariantCulture);
        return $"{ended}{TerminalText.Count(summary.Identities.Count, "person", "people")} at {TerminalText.Count(summary.Cameras.Count, "camera")}: {TerminalText.Count(counts.Tracklets, "tracklet")}, {counts.NewIdentities} new, {counts.Matches} matched{corrected}; "
            + $"{TerminalText.Count(counts.Events, "event")}{sent}. {TerminalText.Span(summary.Footage)} of footage{before} in {TerminalText.Span(summary.Elapsed)}, {pace} x real time.";
    }

    private static Grid Files(RunFiles files)
    {
        Grid grid = new Grid().AddColumn(new GridColumn().NoWrap().PadLeft(0).PadRight(2)).AddColumn(new GridColumn().PadRight(0));
        foreach ((string name, string? path) in new[] { ("report", files.Report), ("events", files.Events), ("store", files.Store), ("crops", files.Crops), ("broker", files.Broker) })
        {
            if (path is not null)
            {
                grid.AddRow(new Markup($"[dim]{name}[/]"), new Text(TerminalText.Clean(path)).Overflow(Overflow.Fold));
            }
        }

        return grid;
    }

    private static Grid Item(string mark, string text) =>
        new Grid().AddColumn(new GridColumn().NoWrap().PadLeft(0).PadRight(1)).AddColumn(new GridColumn().PadRight(0)).AddRow(new Markup(mark), new Text(TerminalText.Clean(text)));

    private static string Escape(string text) => Markup.Escape(text);
}

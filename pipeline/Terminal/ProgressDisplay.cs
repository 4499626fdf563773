using Pipeline.Cli.Summary;
using Spectre.Console;

namespace Pipeline.Cli.Terminal;

/// <summary>Shows a run while it runs: a live picture on a terminal, lines every few seconds in a file or pipe, JSON lines for machines.</summary>
/// <param name="terminal">For people.</param>
/// <param name="output">Standard output.</param>
/// <param name="json">True for JSON lines.</param>
/// <param name="clock">Clock of the waiting between two looks.</param>
public sealed class ProgressDisplay(IAnsiConsole terminal, TextWriter output, bool json, TimeProvider clock)
{
    /// <summary>Time between two pictures on a terminal.</summary>
    public static readonly TimeSpan LivePeriod = TimeSpan.FromMilliseconds(250);

    /// <summary>Time between two lines elsewhere.</summary>
    public static readonly TimeSpan LinePeriod = TimeSpan.FromSeconds(5);

    /// <summary>Shows snapshots until the run has ended, the last one included. Does not throw what the run throws.</summary>
    /// <param name="read">Gives the snapshot of now; called from this task only.</param>
    /// <param name="run">The run that is watched.</param>
    public async Task WatchAsync(Func<ProgressSnapshot> read, Task run)
    {
        if (json)
        {
            await RepeatAsync(LinePeriod, run, () => output.WriteLine(SummaryJson.Line(new { type = "progress", progress = read() })));
        }
        else if (terminal.Profile.Capabilities is { Ansi: true, Interactive: true })
        {
            await terminal.Live(Draw(read())).AutoClear(true).StartAsync(live => RepeatAsync(LivePeriod, run, () => live.UpdateTarget(Draw(read()))));
            terminal.Write(Draw(read()));
        }
        else
        {
            ProgressLines lines = new();
            await RepeatAsync(LinePeriod, run, () => Print(lines.Next(read())));
        }
    }

    private Spectre.Console.Rendering.IRenderable Draw(ProgressSnapshot snapshot) =>
        ProgressTable.Draw(snapshot, terminal.Profile.Width, terminal.Profile.Height);

    private void Print(IReadOnlyList<string> lines)
    {
        foreach (string line in lines)
        {
            output.WriteLine(line);
        }
    }

    private async Task RepeatAsync(TimeSpan period, Task run, Action show)
    {
        while (!run.IsCompleted)
        {
            using CancellationTokenSource awake = new();
            await Task.WhenAny(run, Task.Delay(period, clock, awake.Token));
            await awake.CancelAsync();
            show();
        }
    }
}

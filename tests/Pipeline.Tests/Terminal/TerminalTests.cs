using Pipeline.Cli.Summary;
using Pipeline.Cli.Terminal;

namespace Pipeline.Tests.Cli;

public sealed class TerminalTests
{
    [Theory]
    [InlineData(60)]
    [InlineData(80)]
    [InlineData(120)]
    public void Progress_and_summary_fit_the_width_and_let_no_escape_through(int width)
    {
        string progress = TerminalSample.Print(width, ProgressTable.Draw(TerminalSample.Snapshot, width, 40));
        string summary = TerminalSample.Print(width, console => SummaryView.Write(console, SampleRun.Summary()));

        File.WriteAllText(Path.Combine(AppContext.BaseDirectory, $"sample-terminal-{width}.txt"), progress + summary);
        Assert.All((progress + summary).Split('\n'), line => Assert.True(line.TrimEnd().Length <= width, line));
        Assert.DoesNotContain('\u001b', progress + summary);
        Assert.Contains("[red]door", progress, StringComparison.Ordinal);
    }

    [Fact]
    public void Progress_tells_each_camera_its_pace_and_the_time_left()
    {
        string[] lines = TerminalSample.Print(120, ProgressTable.Draw(TerminalSample.Snapshot, 120, 40)).Split('\n');

        string dock = Assert.Single(lines, l => l.StartsWith("Loading dock", StringComparison.Ordinal));
        Assert.Contains("12 345", dock, StringComparison.Ordinal);
        Assert.Contains("5.0", dock, StringComparison.Ordinal); // 100 s of footage in 20 s
        Assert.Contains("0:30", dock, StringComparison.Ordinal); // 0.4 in 20 s leaves 0.6 for 30 s
        Assert.Contains("38%", dock, StringComparison.Ordinal);
        Assert.Contains("done", Assert.Single(lines, l => l.StartsWith("Back", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Fact]
    public void Progress_counts_the_cameras_that_the_terminal_is_too_low_for()
    {
        CameraProgress camera = TerminalSample.Snapshot.Cameras[0];
        ProgressSnapshot many = TerminalSample.Snapshot with { Cameras = [.. Enumerable.Range(10, 30).Select(i => camera with { Id = $"c{i}", Name = $"c{i}" })] };

        string text = TerminalSample.Print(80, ProgressTable.Draw(many, 80, 24));

        Assert.Contains("and 15 more cameras", text, StringComparison.Ordinal);
        Assert.True(text.Split('\n').Length <= 24);
    }

    [Fact]
    public void Lines_tell_each_piece_of_news_once()
    {
        ProgressLines lines = new();

        IReadOnlyList<string> first = lines.Next(TerminalSample.Snapshot);
        IReadOnlyList<string> second = lines.Next(TerminalSample.Snapshot);

        Assert.Equal(3, first.Count);
        Assert.StartsWith("! yard: cannot read", first[1], StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', string.Concat(first));
        Assert.Equal("0:20:  60 %, 1 of 5 cameras done, 13245 frames, 14.0 x real time, 0:13 left; 2 in view, 6 people, 4 matched, 10 events, 2 problems", Assert.Single(second));
    }

    [Fact]
    public async Task Display_writes_json_lines_for_machines_and_one_after_the_end()
    {
        using StringWriter output = new();
        ProgressDisplay display = new(Spectre.Console.AnsiConsole.Console, output, json: true, TimeProvider.System);
        TaskCompletionSource run = new();

        Task watching = display.WatchAsync(() => TerminalSample.Snapshot, run.Task);
        run.SetException(new IOException("disk full"));
        await watching.WaitAsync(TimeSpan.FromSeconds(30));

        string line = Assert.Single(output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries));
        using System.Text.Json.JsonDocument json = System.Text.Json.JsonDocument.Parse(line);
        Assert.Equal("progress", json.RootElement.GetProperty("type").GetString());
        Assert.Equal(20000, json.RootElement.GetProperty("progress").GetProperty("elapsed_ms").GetInt64());
        Assert.Equal("finished", json.RootElement.GetProperty("progress").GetProperty("cameras")[0].GetProperty("activity").GetString());
    }

    [Fact]
    public void Summary_tells_who_was_where_and_what_to_know()
    {
        string text = TerminalSample.Print(120, console => SummaryView.Write(console, SampleRun.Summary()));

        Assert.Contains("Entrance 08:15:59-08:16:08", text, StringComparison.Ordinal);
        Assert.Contains("Back 0:12-0:21", text, StringComparison.Ordinal);
        Assert.Contains("No re-id network is in use", text, StringComparison.Ordinal);
        Assert.Contains("runs/saturday/report.html", text, StringComparison.Ordinal);
        Assert.Contains("19 tracklets, 7 new, 9 matched; 23 events, 23 sent", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Summary_of_nobody_and_of_a_broken_run_says_so()
    {
        RunSummary summary = SampleRun.Summary(0) with { Outcome = RunOutcome.Stopped, Cameras = [] };

        string text = TerminalSample.Print(80, console => SummaryView.Write(console, summary));

        Assert.Contains("Nobody was recognised.", text, StringComparison.Ordinal);
        Assert.Contains("Stopped before the end.", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a\u001b[31mb\nc\td", "a\uFFFD[31mb c d")]
    [InlineData("\u202Efdp.exe", "\uFFFDfdp.exe")]
    [InlineData("Füße 出口", "Füße 出口")]
    public void Clean_leaves_nothing_that_steers_a_terminal(string text, string clean)
    {
        Assert.Equal(clean, TerminalText.Clean(text));
    }

    [Fact]
    public void Clean_replaces_half_a_character()
    {
        Assert.Equal("x\uFFFDy", TerminalText.Clean("x\uD800y"));
    }
}

using Pipeline.Cli.Terminal;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Pipeline.Tests.Cli;

/// <summary>Consoles of a fixed width that write into text, and a made-up moment of a run.</summary>
public static class TerminalSample
{
    public static ProgressSnapshot Snapshot { get; } = new(
        TimeSpan.FromSeconds(20),
        [
            new CameraProgress("back", "Back", CameraActivity.Finished, 300, TimeSpan.FromSeconds(60), SampleRun.Start, 1, 0, 0.71, 1),
            new CameraProgress("dock", "Loading dock, north side, gate 4", CameraActivity.Running, 12345, TimeSpan.FromSeconds(100), SampleRun.Start, 0.4, 2, 0.38, 0),
            new CameraProgress("door", "[red]door[/]\u001b[2J", CameraActivity.Running, 600, TimeSpan.FromSeconds(120), SampleRun.Start, 0.6, 0, null, 0),
            new CameraProgress("entrance", "Entrance", CameraActivity.Waiting, 0, TimeSpan.Zero, null, 0, 0, null, 0),
            new CameraProgress("yard", "Yard", CameraActivity.Failed, 0, TimeSpan.Zero, null, 1, 0, null, 1),
        ],
        6,
        6,
        4,
        10,
        3,
        [
            new ProgressNews(41, "match: Person 2 at Loading dock, similarity 0.83, last seen at Entrance 9 s before"),
            new ProgressNews(42, $"yard: cannot read '{SampleRun.Hostile}': no video stream. Check that it plays.", IsProblem: true),
        ]);

    public static string Print(int width, Action<IAnsiConsole> print)
    {
        using StringWriter text = new();
        print(Console(text, width));
        return text.ToString();
    }

    public static string Print(int width, IRenderable picture) => Print(width, console => console.Write(picture));

    private static IAnsiConsole Console(TextWriter text, int width)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(text),
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
        });
        console.Profile.Width = width;
        console.Profile.Height = 40;
        console.Profile.Capabilities.Unicode = true;
        return console;
    }
}

using Spectre.Console;

namespace Pipeline.Cli.Terminal;

/// <summary>The console that people read: colours and live pictures on a terminal, plain text in a file or pipe.</summary>
public static class TerminalConsole
{
    // Lines in a file are read in an editor or a log viewer, which wrap by themselves where they must.
    private const int FileWidth = 120;

    /// <summary>Makes the console for standard output.</summary>
    /// <param name="output">Standard output.</param>
    public static IAnsiConsole Create(TextWriter output)
    {
        bool isFile = System.Console.IsOutputRedirected;
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(output),
            Ansi = isFile ? AnsiSupport.No : AnsiSupport.Detect,
            ColorSystem = isFile ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
            Interactive = isFile ? InteractionSupport.No : InteractionSupport.Detect,
        });
        if (isFile)
        {
            console.Profile.Width = FileWidth;
            console.Profile.Capabilities.Unicode = true;
        }

        return console;
    }
}

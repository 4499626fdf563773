using Pipeline.Cli.Commands;
using Spectre.Console;

namespace Pipeline.Tests.Cli;

/// <summary>Runs the program in this process, in a folder of its own that goes with it.</summary>
internal sealed class CommandRun : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("pipeline-commands-");

    /// <summary>A path in the folder.</summary>
    public string In(params string[] parts) => Path.Combine([_folder.FullName, .. parts]);

    /// <summary>Runs a command line.</summary>
    public static async Task<(ExitCode Code, string Output, string Error)> RunAsync(params string[] arguments)
    {
        using StringWriter output = new();
        using StringWriter error = new();
        IAnsiConsole terminal = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(output), Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Interactive = InteractionSupport.No,
        });
        terminal.Profile.Width = 160;
        ExitCode code = await CommandLine.RunAsync(CommandLine.Build(), arguments, terminal, output, error, new Dictionary<string, string>(), CancellationToken.None);
        return (code, output.ToString(), error.ToString());
    }

    /// <inheritdoc/>
    public void Dispose() => _folder.Delete(recursive: true);
}

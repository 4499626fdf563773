using System.Text.Json;
using Pipeline.Cli.Configuration;
using Pipeline.Cli.Doctor;
using Spectre.Console;

namespace Pipeline.Cli.Commands;

/// <summary><c>pipeline doctor</c>.</summary>
internal sealed class DoctorCommand() : SettingsCommand("doctor", "Checks that this machine has what a run needs, and says what to do where it has not.")
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples { get; } =
    [
        "pipeline doctor",
        "pipeline doctor --config site.yaml     # also the broker and the store that it names",
    ];

    /// <inheritdoc/>
    public override async Task<ExitCode> ExecuteAsync(Call call, CancellationToken cancellationToken)
    {
        LoadedSettings<Settings> settings = Load(call);
        List<CheckResult> results = [];
        foreach (Func<LoadedSettings<Settings>, CheckResult> check in DoctorChecks.All)
        {
            cancellationToken.ThrowIfCancellationRequested();
            results.Add(check(settings));
            await ShowAsync(call, results[^1]);
        }

        return results.Any(r => r.Level == CheckLevel.Fail) ? ExitCode.CouldNotRun : ExitCode.Fine;
    }

    private static async Task ShowAsync(Call call, CheckResult result)
    {
        if (call.Json)
        {
            string level = result.Level.ToString().ToLowerInvariant();
            await call.Output.WriteLineAsync(JsonSerializer.Serialize(new { level, name = result.Name, found = result.Found, remedy = result.Remedy }));
            return;
        }

        string mark = result.Level switch { CheckLevel.Fine => "[green]ok  [/]", CheckLevel.Warn => "[yellow]warn[/]", _ => "[red]fail[/]" };
        Grid line = new Grid().AddColumn(new GridColumn().NoWrap().PadLeft(0).PadRight(2)).AddColumn(new GridColumn().NoWrap().Width(14).PadRight(2)).AddColumn(new GridColumn().PadRight(0));
        string found = Markup.Escape(Terminal.TerminalText.Clean(result.Found));
        string remedy = result.Remedy is null ? "" : $"\n[bold]{Markup.Escape(Terminal.TerminalText.Clean(result.Remedy))}[/]";
        line.AddRow(new Markup(mark), new Text(result.Name), new Markup(found + remedy));
        call.Terminal.Write(line);
    }
}

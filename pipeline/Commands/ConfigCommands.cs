using System.CommandLine;
using System.Text.Json;
using Pipeline.Cli.Configuration;
using Spectre.Console;

namespace Pipeline.Cli.Commands;

/// <summary><c>pipeline config check</c>.</summary>
internal sealed class ConfigCheckCommand() : SettingsCommand("check", "Checks file, environment and flags, and names everything wrong in them at once.")
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples { get; } = ["pipeline config check --config site.yaml"];

    /// <inheritdoc/>
    public override async Task<ExitCode> ExecuteAsync(Call call, CancellationToken cancellationToken)
    {
        LoadedSettings<Settings> settings = Load(call);
        int given = settings.InForce().Count(s => s.Origin.Layer != SettingLayer.Default);
        foreach (string notice in settings.Notices)
        {
            await call.Error.WriteLineAsync($"pipeline: {notice}");
        }

        await call.Output.WriteLineAsync(call.Json
            ? JsonSerializer.Serialize(new { file = settings.File, given })
            : $"OK: {settings.File ?? "no file"}, {given} settings given, the others at their defaults.");
        return ExitCode.Fine;
    }
}

/// <summary><c>pipeline config show</c>.</summary>
internal sealed class ConfigShowCommand() : SettingsCommand("show", "Shows every setting in force and where each came from, as YAML; secrets are hidden.")
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples { get; } =
    [
        "pipeline config show --config site.yaml",
        "pipeline config show --threads 4 --json     # for machines",
    ];

    /// <inheritdoc/>
    public override async Task<ExitCode> ExecuteAsync(Call call, CancellationToken cancellationToken)
    {
        LoadedSettings<Settings> settings = Load(call);
        if (call.Json)
        {
            foreach (SettingInForce setting in settings.InForce())
            {
                await call.Output.WriteLineAsync(JsonSerializer.Serialize(
                    new { key = setting.Key, value = setting.Value, from = setting.Origin.Where }));
            }

            return ExitCode.Fine;
        }

        IReadOnlyList<SettingsLine> lines = SettingsText.InForce(settings.InForce());
        int column = Math.Min(48, lines.Max(l => l.Text.Length) + 2);
        foreach (SettingsLine line in lines)
        {
            string comment = line.Comment.Length == 0 ? "" : $"{new string(' ', Math.Max(1, column - line.Text.Length))}# {line.Comment}";
            string style = line.Comment.Length == 0 ? "bold" : line.IsDefault ? "dim" : "green";
            call.Terminal.Write(new Paragraph(line.Text, Style.Parse(style)).Append(comment, Style.Parse("dim")).Append("\n").Overflow(Overflow.Fold));
        }

        return ExitCode.Fine;
    }
}

/// <summary><c>pipeline config template</c>.</summary>
internal sealed class ConfigTemplateCommand() : PipelineCommand("template", "Writes a settings file with every key, its explanation and default, commented out.")
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples { get; } = ["pipeline config template > pipeline.yaml"];

    /// <inheritdoc/>
    public override async Task<ExitCode> ExecuteAsync(Call call, CancellationToken cancellationToken)
    {
        await call.Output.WriteAsync(SettingsText.Template(typeof(Settings)));
        return ExitCode.Fine;
    }
}

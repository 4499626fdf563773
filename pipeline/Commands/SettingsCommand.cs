using System.CommandLine;
using Pipeline.Cli.Configuration;

namespace Pipeline.Cli.Commands;

/// <summary>A command that takes settings: <c>--config</c>, the short flags it names, and every key as <c>--section.key</c>.</summary>
internal abstract class SettingsCommand : PipelineCommand
{
    private readonly Option<string?> _config = new("--config") { Description = "Settings file (YAML); default pipeline.yaml here, if there is one.", HelpName = "FILE" };
    private readonly Option<string[]> _set = new("--set") { Description = "Any setting; --tracker.max_lost_ms 2000 is the same. All keys: pipeline config template.", HelpName = "KEY=VALUE" };
    private readonly List<(ShortFlag Flag, Option Option)> _flags = [];

    /// <summary>Makes a command.</summary>
    /// <param name="name">Name, one word.</param>
    /// <param name="description">One sentence.</param>
    /// <param name="flags">Names of the short flags it takes (<see cref="ShortFlag.All"/>); none given: all of them.</param>
    protected SettingsCommand(string name, string description, params IReadOnlyList<string> flags)
        : base(name, description)
    {
        foreach (ShortFlag flag in ShortFlag.All.Where(f => flags.Count == 0 || flags.Contains(f.Name)))
        {
            Option option = flag.ValueName is null
                ? new Option<bool>(flag.Name) { Description = flag.Help }
                : new Option<string[]>(flag.Name) { Description = flag.Help, HelpName = flag.ValueName, Arity = ArgumentArity.OneOrMore };
            _flags.Add((flag, option));
            Add(option);
        }

        Add(_config);
        Add(_set);
    }

    /// <summary>Reads and checks the settings of this call.</summary>
    /// <param name="call">The call.</param>
    /// <param name="given">Settings that the command itself gives, as if they were flags; what the user gave wins.</param>
    /// <exception cref="SettingsException">Something in them is wrong.</exception>
    protected LoadedSettings<Settings> Load(Call call, params IReadOnlyList<SettingFlag> given)
    {
        SettingFlag[] typed = [.. FlagsOf(call)];
        return SettingsLoader.Load<Settings>(new SettingsSources(
            FileOf(call), call.Environment, [.. given.Where(own => !typed.Any(flag => flag.Key == own.Key)), .. typed]));
    }

    /// <summary>Reads and checks the settings of this call with others in place of what the user gave.</summary>
    /// <param name="call">The call.</param>
    /// <param name="instead">These win.</param>
    /// <exception cref="SettingsException">Something in them is wrong.</exception>
    protected LoadedSettings<Settings> LoadWith(Call call, IReadOnlyList<SettingFlag> instead) => SettingsLoader.Load<Settings>(new SettingsSources(
        FileOf(call), call.Environment, [.. FlagsOf(call).Where(typed => !instead.Any(flag => flag.Key == typed.Key)), .. instead]));

    /// <summary>The settings file when none is named; null for none.</summary>
    protected virtual string? UnnamedFile
    {
        get
        {
            const string here = "pipeline.yaml";
            return File.Exists(here) ? here : null;
        }
    }

    private string? FileOf(Call call) => call.Get(_config) ?? call.Environment.GetValueOrDefault("REID_CONFIG") ?? UnnamedFile;

    private IEnumerable<SettingFlag> FlagsOf(Call call)
    {
        foreach ((ShortFlag flag, Option option) in _flags.Where(f => call.Has(f.Option)))
        {
            string[] texts = option is Option<bool> on ? call.Get(on) ? [flag.SwitchText] : [] : call.Get((Option<string[]>)option) ?? [];
            foreach (string text in texts)
            {
                yield return new SettingFlag(flag.Key, text, flag.Name);
            }
        }

        foreach (string set in call.Get(_set) ?? [])
        {
            int equals = set.IndexOf('=', StringComparison.Ordinal);
            yield return equals > 0
                ? new SettingFlag(set[..equals], set[(equals + 1)..], $"--{set[..equals]}")
                : throw new SettingsException([$"--set {SettingText.Quote(set)}: KEY=VALUE is needed, such as --set run.threads=4."]);
        }
    }
}

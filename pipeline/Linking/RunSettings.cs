using System.Text.Json;
using Pipeline.Cli.Configuration;
using Pipeline.Store;

namespace Pipeline.Cli.Linking;

/// <summary>How a run was linked, as settings that the user's own overrule: so that only what he changes is different.</summary>
internal static class RunSettings
{
    /// <summary>The settings of a run that linking depends on.</summary>
    /// <param name="run">The run; null for none.</param>
    public static SettingFlag[] Of(RunRecord? run)
    {
        Dictionary<string, string> settings = run is null ? [] : JsonSerializer.Deserialize<Dictionary<string, string>>(run.Settings) ?? [];
        return
        [
            .. settings
                .Where(setting => setting.Value is not ("" or "null" or "[]" or "{}")
                    && (setting.Key == "ingest.clocks" || setting.Key.StartsWith("linker.", StringComparison.Ordinal)))
                .OrderBy(setting => setting.Key, StringComparer.Ordinal)
                .Select(setting => new SettingFlag(setting.Key, setting.Value, "the run")),
        ];
    }
}

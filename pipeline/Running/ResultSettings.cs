using System.Text.Json;
using Pipeline.Cli.Configuration;

namespace Pipeline.Cli.Running;

/// <summary>The settings that results depend on: a run can only be resumed with the same.</summary>
internal static class ResultSettings
{
    private static readonly string[] Sections = ["ingest.", "detector.", "tracker.", "reid.", "linker."];

    // How fast and how much at once: results are the same.
    private static readonly HashSet<string> Free = ["ingest.decoder_threads", "ingest.read_ahead", "detector.batch", "reid.batch"];

    /// <summary>The settings as text, for the store.</summary>
    /// <param name="settings">Settings in force.</param>
    /// <param name="calibration">Id of the calibration in force; null for none.</param>
    /// <param name="device"><c>cpu</c> or <c>cuda</c>: the last bits of a network's sums differ.</param>
    public static string Of(LoadedSettings<Settings> settings, string? calibration, string device)
    {
        Dictionary<string, string> texts = settings.InForce()
            .Where(s => Sections.Any(section => s.Key.StartsWith(section, StringComparison.Ordinal)) && !Free.Contains(s.Key)).ToDictionary(s => s.Key, s => s.Value);
        texts["run.device"] = device; // what it is, not what was asked for
        texts["reid.calibration"] = calibration ?? "none"; // what it says, not where it lies
        return JsonSerializer.Serialize(texts);
    }

    /// <summary>Refuses to go on with a run under other settings.</summary>
    /// <param name="before">Text of the run.</param>
    /// <param name="now">Text of now.</param>
    /// <exception cref="InvalidDataException">They differ; the message names every key with both values.</exception>
    public static void RequireSame(string before, string now)
    {
        Dictionary<string, string> old = JsonSerializer.Deserialize<Dictionary<string, string>>(before) ?? [];
        Dictionary<string, string> current = JsonSerializer.Deserialize<Dictionary<string, string>>(now) ?? [];
        string[] changed =
        [
            .. old.Keys.Union(current.Keys).Order(StringComparer.Ordinal)
                .Where(key => old.GetValueOrDefault(key) != current.GetValueOrDefault(key))
                .Select(key => $"{key} was {old.GetValueOrDefault(key) ?? "not there"}, got {current.GetValueOrDefault(key) ?? "none"}"),
        ];
        if (changed.Length > 0)
        {
            throw new InvalidDataException($"a run is resumed with the settings it began with: {string.Join("; ", changed)}. Take them back, or start a new run without --resume.");
        }
    }
}

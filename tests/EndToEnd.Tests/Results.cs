using System.Text.Json;
using System.Text.Json.Nodes;

namespace Pipeline.Tests.EndToEnd;

/// <summary>What a run has left in its output folder.</summary>
internal static class Results
{
    /// <summary>The events, without what may differ from run to run.</summary>
    internal static string[] Events(string output) => [.. File.ReadLines(Path.Combine(output, "events.jsonl")).Select(line =>
    {
        JsonObject json = JsonNode.Parse(line)!.AsObject();
        Assert.True(json.Remove("published_at") && json.Remove("stream_id"));
        return json.ToJsonString();
    })];

    internal static string[] EventIds(string output) => [.. Events(output).Select(line => JsonNode.Parse(line)!["event_id"]!.GetValue<string>())];

    /// <summary>Every crop with its content.</summary>
    internal static string[] Crops(string output) =>
    [
        .. Directory.EnumerateFiles(Path.Combine(output, "crops"), "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(file => $"{Path.GetRelativePath(output, file)} {Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(file)))}"),
    ];

    internal static JsonElement Summary(string output)
    {
        using JsonDocument json = JsonDocument.Parse(File.ReadAllText(Path.Combine(output, "summary.json")));
        return json.RootElement.Clone();
    }
}

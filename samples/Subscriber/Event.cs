using System.Text.Json;

namespace Pipeline.Samples.Subscriber;

/// <summary>What this sample shows of an event; fields it does not know are ignored, as the contract asks.</summary>
internal sealed class Event(JsonElement json)
{
    public string Id { get; } = json.GetProperty("event_id").GetString()!;

    public long Sequence { get; } = json.GetProperty("sequence").GetInt64();

    /// <inheritdoc/>
    public override string ToString() => _line;

    private readonly string _line = Line(json);

    private static string Line(JsonElement json)
    {
        JsonElement? to = Part(json, "to");
        JsonElement? crop = to is { } sighting ? Part(sighting, "crop") : null;
        string similarity = Part(json, "decision") is { } decision && Part(decision, "similarity") is { } value ? $"{value.GetDouble():0.000}" : "-";
        return $"{json.GetProperty("sequence"),6}  {json.GetProperty("occurred_at")}  {json.GetProperty("type"),-12}  {Text(json, "camera"),-12}  "
            + $"{Text(json, "identity_id")}  similarity {similarity}  {Text(crop, "topic", Path(crop))}";
    }

    // Where the pipeline keeps it, under the folder of its run.
    private static string Path(JsonElement? crop) => Text(crop, "sha256") is [char a, char b, ..] hash ? $"crops/{a}{b}/{hash}.jpg" : "no crop";

    private static JsonElement? Part(JsonElement json, string name) =>
        json.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private static string Text(JsonElement? json, string name, string otherwise = "-") =>
        json is { } owner && Part(owner, name) is { } value ? value.ToString() : otherwise;
}

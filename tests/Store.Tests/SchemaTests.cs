using System.Text.Json.Nodes;
using Pipeline.Store;

namespace Pipeline.Tests.Store;

public sealed class SchemaTests
{
    private static readonly JsonSchema Event = new(MessageSchemas.Read("event"));

    public static TheoryData<string> Examples { get; } =
        [.. Directory.GetFiles(TestData.Golden("mqtt"), "*.json").Select(path => Path.GetFileNameWithoutExtension(path)).Order()];

    [Fact]
    public void Every_message_has_a_schema_and_every_type_of_event_an_example()
    {
        Assert.Equal(["camera-status", "erasure", "event", "identity", "stats", "status"], MessageSchemas.Names);
        Assert.Equal(11, Examples.Count);
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public void The_examples_of_the_contract_are_valid(string example)
    {
        JsonSchema schema = new(MessageSchemas.Read(example.StartsWith("event-", StringComparison.Ordinal) ? "event" : example));

        Assert.Empty(schema.Problems(File.ReadAllBytes(TestData.Golden("mqtt", example + ".json"))));
    }

    [Theory]
    [InlineData("sequence", "\"one\"", "$.sequence: expected integer, got one")]
    [InlineData("event_id", "\"6e1c0a52-0d6f-4f0e-8a35-2f1b7d9c4e11\"", "does not match")] // version 4
    [InlineData("occurred_at", "\"2026-11-21T08:15:29Z\"", "does not match")] // no milliseconds
    [InlineData("camera", "\"Front Door\"", "$.camera: fits not exactly one of")]
    [InlineData("type", "\"sighting\"", "$.type: expected one of")]
    [InlineData("identity_id", "null", "$.identity_id: expected string, got ")]
    [InlineData("to.box.x", "1.5", "$.to: fits not exactly one of")]
    [InlineData("to.source.ref", "\"/home/me/dock.mp4\"", "$.to: fits not exactly one of")]
    [InlineData("to.source.ref", "\"rtsp://user:secret@cam/1\"", "$.to: fits not exactly one of")]
    [InlineData("decision.band", "\"maybe\"", "$.decision.band: expected one of")]
    [InlineData("decision.similarity", "1.01", "$.decision.similarity: 1.01 is over 1")]
    [InlineData("decision.calibrated", "false", "$.decision.probability: expected null, got 0.94")]
    [InlineData("decision", null, "$: decision is missing")]
    [InlineData("from", null, "$: from is missing")]
    public void A_match_that_breaks_the_contract_is_not_valid(string path, string? value, string problem)
    {
        JsonNode node = JsonNode.Parse(File.ReadAllText(TestData.Golden("mqtt", "event-match.json")))!;
        string[] steps = path.Split('.');
        JsonObject parent = steps[..^1].Aggregate(node, (at, step) => at[step]!).AsObject();
        parent.Remove(steps[^1]);
        if (value is not null)
        {
            parent[steps[^1]] = JsonNode.Parse(value);
        }

        IReadOnlyList<string> problems = Event.Problems(System.Text.Encoding.UTF8.GetBytes(node.ToJsonString()));

        Assert.Contains(problems, p => p.Contains(problem, StringComparison.Ordinal));
    }

    [Fact]
    public void Fields_and_open_words_that_a_later_minor_version_adds_are_valid()
    {
        JsonNode node = JsonNode.Parse(File.ReadAllText(TestData.Golden("mqtt", "event-match.json")))!;
        node["schema_version"] = "1.7";
        node["mood"] = "cheerful";
        node["decision"]!["candidates"]![0]!["verdict"] = "too_tall";

        Assert.Empty(Event.Problems(System.Text.Encoding.UTF8.GetBytes(node.ToJsonString())));
    }
}

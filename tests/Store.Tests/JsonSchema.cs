using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Pipeline.Tests.Store;

/// <summary>
/// A small validator of JSON Schema draft 2020-12: the keywords that our schemas use, no others. An unknown keyword is an error, so that a
/// schema never asks for something that is not checked.
/// </summary>
internal sealed class JsonSchema
{
    private static readonly string[] Ignored = ["$schema", "$defs", "title", "description", "format", "then"];
    private readonly JsonElement _root;

    public JsonSchema(string text) => _root = JsonDocument.Parse(text).RootElement;

    /// <summary>Every violation, as "where: what"; empty when valid.</summary>
    public IReadOnlyList<string> Problems(JsonElement value) => [.. Check(_root, value, "$")];

    public IReadOnlyList<string> Problems(ReadOnlyMemory<byte> json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        return Problems(document.RootElement);
    }

    private IEnumerable<string> Check(JsonElement schema, JsonElement value, string at) => schema.ValueKind switch
    {
        JsonValueKind.True => [],
        JsonValueKind.False => [$"{at}: not allowed here"],
        _ => schema.EnumerateObject().Where(keyword => !Ignored.Contains(keyword.Name)).SelectMany(keyword => Check(schema, keyword, value, at)),
    };

    private IEnumerable<string> Check(JsonElement schema, JsonProperty keyword, JsonElement value, string at)
    {
        JsonElement rule = keyword.Value;
        bool isObject = value.ValueKind == JsonValueKind.Object;
        bool isArray = value.ValueKind == JsonValueKind.Array;
        bool isText = value.ValueKind == JsonValueKind.String;
        bool isNumber = value.ValueKind == JsonValueKind.Number;
        return keyword.Name switch
        {
            "$ref" => Check(_root.GetProperty("$defs").GetProperty(rule.GetString()!["#/$defs/".Length..]), value, at),
            "type" => Unless(Types(rule).Any(type => Is(type, value)), $"{at}: expected {rule}, got {value}"),
            "required" => isObject
                ? rule.EnumerateArray().Where(name => !value.TryGetProperty(name.GetString()!, out _)).Select(name => $"{at}: {name} is missing")
                : [],
            "properties" => isObject
                ? rule.EnumerateObject().SelectMany(p => value.TryGetProperty(p.Name, out JsonElement member) ? Check(p.Value, member, $"{at}.{p.Name}") : [])
                : [],
            "additionalProperties" => isObject
                ? value.EnumerateObject().Where(p => !schema.TryGetProperty("properties", out JsonElement known) || !known.TryGetProperty(p.Name, out _))
                    .SelectMany(p => Check(rule, p.Value, $"{at}.{p.Name}"))
                : [],
            "items" => isArray ? value.EnumerateArray().SelectMany((item, i) => Check(rule, item, $"{at}[{i}]")) : [],
            "minItems" => Unless(!isArray || value.GetArrayLength() >= rule.GetInt32(), $"{at}: fewer than {rule} items"),
            "maxItems" => Unless(!isArray || value.GetArrayLength() <= rule.GetInt32(), $"{at}: more than {rule} items"),
            "enum" => Unless(rule.EnumerateArray().Any(one => JsonElement.DeepEquals(one, value)), $"{at}: expected one of {rule}, got {value}"),
            "const" => Unless(JsonElement.DeepEquals(rule, value), $"{at}: expected {rule}, got {value}"),
            "pattern" => Unless(!isText || Regex.IsMatch(value.GetString()!, rule.GetString()!, RegexOptions.CultureInvariant), $"{at}: {value} does not match {rule}"),
            "maxLength" => Unless(!isText || new StringInfo(value.GetString()!).LengthInTextElements <= rule.GetInt32(), $"{at}: longer than {rule}"),
            "minLength" => Unless(!isText || value.GetString()!.Length >= rule.GetInt32(), $"{at}: shorter than {rule}"),
            "minimum" => Unless(!isNumber || value.GetDouble() >= rule.GetDouble(), $"{at}: {value} is under {rule}"),
            "maximum" => Unless(!isNumber || value.GetDouble() <= rule.GetDouble(), $"{at}: {value} is over {rule}"),
            "allOf" => rule.EnumerateArray().SelectMany(part => Check(part, value, at)),
            "oneOf" => Unless(rule.EnumerateArray().Count(part => !Check(part, value, at).Any()) == 1, $"{at}: fits not exactly one of {rule}"),
            "if" => Check(rule, value, at).Any() ? [] : Check(schema.GetProperty("then"), value, at),
            _ => throw new NotSupportedException($"the validator does not know the keyword '{keyword.Name}'"),
        };
    }

    private static IEnumerable<string> Unless(bool valid, string problem) => valid ? [] : [problem];

    private static IEnumerable<string> Types(JsonElement rule) =>
        rule.ValueKind == JsonValueKind.Array ? rule.EnumerateArray().Select(type => type.GetString()!) : [rule.GetString()!];

    private static bool Is(string type, JsonElement value) => type switch
    {
        "object" => value.ValueKind == JsonValueKind.Object,
        "array" => value.ValueKind == JsonValueKind.Array,
        "string" => value.ValueKind == JsonValueKind.String,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "null" => value.ValueKind == JsonValueKind.Null,
        "number" => value.ValueKind == JsonValueKind.Number,
        "integer" => value.ValueKind == JsonValueKind.Number && double.IsInteger(value.GetDouble()),
        _ => throw new NotSupportedException($"the validator does not know the type '{type}'"),
    };
}

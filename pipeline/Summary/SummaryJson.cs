using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Pipeline.Cli.Summary;

/// <summary>How records of this program are written for machines: snake_case, times as in mqtt.md 1, durations as whole <c>_ms</c>.</summary>
public static class SummaryJson
{
    /// <summary>For a file that people may open.</summary>
    private static readonly JsonSerializerOptions Indented = Make(indented: true);

    /// <summary>For one object a line.</summary>
    private static readonly JsonSerializerOptions OneLine = Make(indented: false);

    /// <summary>The object on one line.</summary>
    /// <typeparam name="T">A record of this program.</typeparam>
    /// <param name="value">The object.</param>
    public static string Line<T>(T value) => JsonSerializer.Serialize(value, OneLine);

    /// <summary>The object over several lines.</summary>
    /// <typeparam name="T">A record of this program.</typeparam>
    /// <param name="value">The object.</param>
    public static string Text<T>(T value) => JsonSerializer.Serialize(value, Indented);

    /// <summary>Reads an object that this class wrote.</summary>
    /// <typeparam name="T">A record of this program.</typeparam>
    /// <param name="text">JSON.</param>
    /// <exception cref="JsonException">It is something else.</exception>
    public static T Read<T>(string text) => JsonSerializer.Deserialize<T>(text, Indented) ?? throw new JsonException("an object was expected, got null");

    /// <summary>Writes <c>summary.json</c>; a reader never sees half of it. Mode 0600: it tells who was where.</summary>
    /// <param name="summary">The run.</param>
    /// <param name="file">The file.</param>
    public static void Write(RunSummary summary, string file) => PrivateFile.Write(file, writer => writer.Write(Text(summary) + "\n"));

    private static JsonSerializerOptions Make(bool indented) => new()
    {
        WriteIndented = indented,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.Never,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { NameDurations } },
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower), new Milliseconds(), new Time() },
    };

    private static void NameDurations(JsonTypeInfo type)
    {
        foreach (JsonPropertyInfo property in type.Properties.Where(p => (Nullable.GetUnderlyingType(p.PropertyType) ?? p.PropertyType) == typeof(TimeSpan)))
        {
            property.Name += "_ms";
        }
    }

    private sealed class Milliseconds : JsonConverter<TimeSpan>
    {
        public override TimeSpan Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => TimeSpan.FromMilliseconds(reader.GetInt64());

        public override void Write(Utf8JsonWriter writer, TimeSpan value, JsonSerializerOptions options) => writer.WriteNumberValue((long)value.TotalMilliseconds);
    }

    private sealed class Time : JsonConverter<DateTimeOffset>
    {
        public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDateTimeOffset();

        public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture));
    }
}

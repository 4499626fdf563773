using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Pipeline.Store;

/// <summary>Events to bytes and back; the same event always gives the same bytes.</summary>
public static class EventJson
{
    /// <summary>The version of mqtt.md that these messages follow.</summary>
    public const string SchemaVersion = "1.0";

    /// <summary>The largest event, bytes (mqtt.md 12).</summary>
    public const int MaxBytes = 65_536;

    private const int MostTrackletIds = 200;

    private static readonly EventJsonContext Context = new(new JsonSerializerOptions(EventJsonContext.Default.Options)
    {
        // UTF-8 as it is: names in any script stay readable, and the payload is never put into HTML.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    /// <summary>An event as one line of UTF-8 JSON, without a line end.</summary>
    /// <param name="payload">The event. Its candidates, then its tracklet ids, are cut when it would be over <see cref="MaxBytes"/>.</param>
    /// <exception cref="ArgumentException">It is too large even without them.</exception>
    public static byte[] Serialize(EventPayload payload)
    {
        ArgumentNullException.ThrowIfNull(payload);
        if (payload.TrackletIds?.Count > MostTrackletIds)
        {
            payload = payload with { TrackletIds = [.. payload.TrackletIds.Take(MostTrackletIds)] };
        }

        byte[] bytes = JsonSerializer.SerializeToUtf8Bytes(payload, Context.EventPayload);
        while (bytes.Length > MaxBytes)
        {
            payload = Smaller(payload)
                ?? throw new ArgumentException($"event {payload.EventId} has {bytes.Length} bytes, {MaxBytes} are allowed", nameof(payload));
            bytes = JsonSerializer.SerializeToUtf8Bytes(payload, Context.EventPayload);
        }

        return bytes;
    }

    /// <summary>The event of its bytes.</summary>
    /// <param name="payload">UTF-8 JSON. Unknown properties are ignored.</param>
    /// <exception cref="InvalidDataException">It is no event.</exception>
    public static EventPayload Deserialize(ReadOnlySpan<byte> payload)
    {
        try
        {
            return JsonSerializer.Deserialize(payload, Context.EventPayload)
                ?? throw new InvalidDataException("an event is a JSON object, got null");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"not an event: {e.Message}", e);
        }
    }

    /// <summary>An erasure notice as one line of UTF-8 JSON.</summary>
    /// <param name="notice">The notice.</param>
    internal static byte[] Serialize(ErasureNotice notice) => JsonSerializer.SerializeToUtf8Bytes(notice, Context.ErasureNotice);

    private static EventPayload? Smaller(EventPayload payload) => payload switch
    {
        { Decision: { Candidates.Count: > 0 } decision } =>
            payload with { Decision = decision with { Candidates = [.. decision.Candidates.SkipLast(1)] } },
        { TrackletIds.Count: > 0 } => payload with { TrackletIds = [.. payload.TrackletIds.SkipLast(1)] },
        _ => null,
    };
}

/// <summary>Serialisers made at compile time.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, Converters = [typeof(MillisecondTime)])]
[JsonSerializable(typeof(EventPayload))]
[JsonSerializable(typeof(ErasureNotice))]
internal sealed partial class EventJsonContext : JsonSerializerContext;

/// <summary>RFC 3339 UTC with milliseconds, cut and not rounded, so that no time lies in the future of its frame.</summary>
internal sealed class MillisecondTime : JsonConverter<DateTimeOffset>
{
    /// <inheritdoc/>
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.GetDateTimeOffset();

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture));
}

using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using MQTTnet;
using MQTTnet.Protocol;
using Pipeline.Store.Mqtt;

namespace Pipeline.Cli.Running;

/// <summary>A subscriber to a run's events, so that a newcomer sees what arrives at the other end.</summary>
internal sealed class EventListener : IAsyncDisposable
{
    private readonly IMqttClient _client = new MqttClientFactory().CreateMqttClient();
    private readonly ConcurrentQueue<string> _lines = [];
    private readonly HashSet<Guid> _seen = []; // a broker may deliver an event twice, never with another id (mqtt.md 11)
    private readonly string _topic;

    private EventListener(string topic)
    {
        _topic = topic;
        _client.ApplicationMessageReceivedAsync += received =>
        {
            using JsonDocument payload = JsonDocument.Parse(received.ApplicationMessage.Payload);
            if (_seen.Add(payload.RootElement.GetProperty("event_id").GetGuid()))
            {
                _lines.Enqueue(Line(payload.RootElement));
            }

            return Task.CompletedTask;
        };
    }

    /// <summary>Connects and subscribes.</summary>
    /// <param name="broker">The broker.</param>
    /// <param name="topics">Names of the site.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<EventListener> StartAsync(LocalBroker broker, Topics topics, CancellationToken cancellationToken)
    {
        EventListener listener = new(topics.Events);
        await listener._client.ConnectAsync(new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", broker.Port).Build(), cancellationToken);
        await listener._client.SubscribeAsync(topics.Events, MqttQualityOfServiceLevel.AtLeastOnce, cancellationToken);
        return listener;
    }

    /// <summary>Prints what arrived.</summary>
    /// <param name="output">Where to.</param>
    public void Write(TextWriter output)
    {
        output.WriteLine();
        output.WriteLine($"{_lines.Count} events as a subscriber of {_topic} received them:");
        foreach (string line in _lines)
        {
            output.WriteLine("  " + line);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_client.IsConnected)
        {
            await _client.DisconnectAsync(new MqttClientDisconnectOptions());
        }

        _client.Dispose();
    }

    private static string Line(JsonElement payload)
    {
        string type = payload.GetProperty("type").GetString()!;
        string identity = payload.GetProperty("identity_id").GetString() ?? "-";
        string camera = payload.GetProperty("camera").GetString() ?? "-";
        string line = $"{payload.GetProperty("sequence").GetInt64(),4}  {type,-12}  {camera,-8}  {payload.GetProperty("occurred_at").GetString()}  identity ...{identity[^8..]}";
        if (!payload.TryGetProperty("decision", out JsonElement decision) || decision.ValueKind != JsonValueKind.Object
            || decision.GetProperty("similarity") is not { ValueKind: JsonValueKind.Number } similarity)
        {
            return line;
        }

        string from = payload.GetProperty("from") is { ValueKind: JsonValueKind.Object } sighting ? $"  from {sighting.GetProperty("camera").GetString()}" : "";
        return string.Create(CultureInfo.InvariantCulture, $"{line}  {similarity.GetDouble():0.00} {decision.GetProperty("band").GetString()}{from}");
    }
}

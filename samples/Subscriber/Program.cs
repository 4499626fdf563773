// Prints every event of a site once: dotnet run --project samples/Subscriber -- [mqtt://host:port] [prefix/site]
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using MQTTnet;
using MQTTnet.Protocol;
using Pipeline.Samples.Subscriber;

Uri broker = new(args.Length > 0 ? args[0] : "mqtt://127.0.0.1:1883");
string root = args.Length > 1 ? args[1] : "reid/site";
using CancellationTokenSource stop = new();
Console.CancelKeyPress += (_, e) =>
{
    e.Cancel = true;
    stop.Cancel();
};

SeenIds seen = new(10_000); // the broker may send an event twice, never with another id (mqtt.md 11)
long last = 0;
using IMqttClient client = new MqttClientFactory().CreateMqttClient();
client.ApplicationMessageReceivedAsync += received =>
{
    if (!received.ApplicationMessage.Topic.EndsWith("/events", StringComparison.Ordinal))
    {
        Console.WriteLine($"{received.ApplicationMessage.Topic}: {received.ApplicationMessage.ConvertPayloadToString()}");
        return Task.CompletedTask;
    }

    using JsonDocument json = JsonDocument.Parse(received.ApplicationMessage.Payload);
    Event what = new(json.RootElement);
    if (seen.Add(what.Id))
    {
        Console.WriteLine(last != 0 && what.Sequence > last + 1 ? $"{what}   (events {last + 1} to {what.Sequence - 1} are missing)" : what);
        last = what.Sequence;
    }

    return Task.CompletedTask;
};

TaskCompletionSource lost = new();
client.DisconnectedAsync += _ =>
{
    lost.TrySetResult();
    return Task.CompletedTask;
};

// A fixed client id, no clean start and an expiry: the broker keeps what comes while this program is away.
MqttClientConnectResult result = await client.ConnectAsync(new MqttClientOptionsBuilder()
    .WithTcpServer(broker.Host, broker.Port > 0 ? broker.Port : null)
    .WithTlsOptions(tls => tls.UseTls(broker.Scheme == "mqtts").WithRevocationMode(X509RevocationMode.NoCheck))
    .WithClientId("reid-sample-subscriber").WithCleanStart(false).WithSessionExpiryInterval(24 * 3600)
    .Build());
if (result.ResultCode != MqttClientConnectResultCode.Success)
{
    Console.Error.WriteLine($"{broker.Host} refused: {result.ResultCode}");
    return 1;
}

await client.SubscribeAsync($"{root}/availability", MqttQualityOfServiceLevel.AtLeastOnce);
await client.SubscribeAsync($"{root}/events", MqttQualityOfServiceLevel.AtLeastOnce);
await Task.WhenAny(lost.Task, Task.Delay(Timeout.Infinite, stop.Token));
return lost.Task.IsCompleted ? 1 : 0;

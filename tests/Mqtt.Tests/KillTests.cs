using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using MQTTnet;
using MQTTnet.Protocol;
using Pipeline.Store.Mqtt;

namespace Pipeline.Tests.Mqtt;

public sealed class KillTests : IDisposable
{
    private const int Kills = 20;

    private readonly string _folder = Directory.CreateTempSubdirectory("mqtt-kill-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [SkippableFact]
    public async Task The_will_says_offline_when_the_publisher_is_killed()
    {
        await using LocalBroker broker = await Mosquitto.StartAsync();
        using Inbox inbox = await Inbox.OpenAsync(broker.Port, "reid/site/availability");
        using Process publisher = Publish(broker.Port);
        await inbox.WaitForAsync("reid/site/availability", "online");

        publisher.Kill();

        await inbox.WaitForAsync("reid/site/availability", "offline");
    }

    /// <summary>
    /// Publisher, broker and link are killed at random moments. What a broker in memory forgets when it is killed is not the publisher's
    /// affair, so the subscriber leaves it nothing to forget: at QoS 0 a message is in the subscriber's socket before the publisher
    /// gets its acknowledgement, and after a kill the subscriber is back before the publisher's link is.
    /// </summary>
    [SkippableFact]
    public async Task Across_twenty_kills_every_event_comes_once_and_in_sequence_after_dropping_ids_that_were_seen()
    {
        Random random = new(20261121);
        LocalBroker broker = await Mosquitto.StartAsync();
        using Link link = new(broker.Port);
        using Inbox inbox = await Inbox.OpenAsync(broker.Port, "reid/site/events", MqttQualityOfServiceLevel.AtMostOnce);
        Process publisher = Publish(link.Port);
        try
        {
            for (int kill = 0; kill < Kills; kill++)
            {
                int moment = inbox.All.Count + random.Next(5, 100); // in events
                await inbox.WaitAsync(all => all.Count >= moment);
                switch (kill % 3)
                {
                    case 0:
                        publisher.Kill();
                        await publisher.WaitForExitAsync();
                        publisher.Dispose();
                        publisher = Publish(link.Port);
                        break;
                    case 1:
                        broker.Kill();
                        link.Close();
                        await broker.DisposeAsync();
                        broker = await Mosquitto.StartAsync(broker.Port);
                        await inbox.ReconnectAsync(broker.Port, "reid/site/events", MqttQualityOfServiceLevel.AtMostOnce);
                        link.Open();
                        break;
                    default:
                        link.Close();
                        link.Open();
                        break;
                }
            }

            await File.WriteAllTextAsync(Path.Combine(_folder, "stop"), "");
            await publisher.WaitForExitAsync().WaitAsync(Program.Limit);
            Assert.Equal(0, publisher.ExitCode);
            long made = FileOutbox.CountIn(_folder);
            await inbox.WaitAsync(all => all.Select(Sequence).DefaultIfEmpty().Max() == made);

            IGrouping<string, MqttApplicationMessage>[] events = [.. inbox.All.GroupBy(EventId)];
            Assert.Equal(Enumerable.Range(1, (int)made).Select(at => (long)at), events.Select(same => Sequence(same.First())));
            Assert.All(events, same => Assert.Single(same.Select(message => Convert.ToHexString(Inbox.Bytes(message))).Distinct()));
            Assert.DoesNotContain(inbox.All, message => message.Retain);
        }
        finally
        {
            if (!publisher.HasExited)
            {
                publisher.Kill();
            }

            publisher.Dispose();
            await broker.DisposeAsync();
        }
    }

    private static long Sequence(MqttApplicationMessage message)
    {
        using JsonDocument json = JsonDocument.Parse(message.Payload);
        return json.RootElement.GetProperty("sequence").GetInt64();
    }

    private static string EventId(MqttApplicationMessage message)
    {
        using JsonDocument json = JsonDocument.Parse(message.Payload);
        return json.RootElement.GetProperty("event_id").GetString()!;
    }

    private Process Publish(int port) => Process.Start(
        Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet",
        [typeof(Program).Assembly.Location, _folder, port.ToString(CultureInfo.InvariantCulture)]);
}

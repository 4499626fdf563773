using System.Buffers;
using MQTTnet;
using MQTTnet.Protocol;

namespace Pipeline.Tests.Mqtt;

/// <summary>A subscriber that keeps everything it gets.</summary>
internal sealed class Inbox : IDisposable
{
    internal static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly Lock _gate = new();
    private readonly List<MqttApplicationMessage> _messages = [];
    private readonly List<(Func<IReadOnlyList<MqttApplicationMessage>, bool> Enough, TaskCompletionSource Done)> _waits = [];
    private IMqttClient? _client;
    private TaskCompletionSource _gone = new();

    internal static async Task<Inbox> OpenAsync(int port, string filter = "#", MqttQualityOfServiceLevel level = MqttQualityOfServiceLevel.AtLeastOnce)
    {
        Inbox inbox = new();
        await inbox.ConnectAsync(port, filter, level);
        return inbox;
    }

    /// <summary>Reads what a broker that died had still sent, then connects to the one that came in its place.</summary>
    internal async Task ReconnectAsync(int port, string filter, MqttQualityOfServiceLevel level)
    {
        await _gone.Task.WaitAsync(Limit);
        _client!.Dispose();
        await ConnectAsync(port, filter, level);
    }

    private async Task ConnectAsync(int port, string filter, MqttQualityOfServiceLevel level)
    {
        TaskCompletionSource gone = _gone = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _client = new MqttClientFactory().CreateMqttClient();
        _client.ApplicationMessageReceivedAsync += args =>
        {
            Keep(args.ApplicationMessage);
            return Task.CompletedTask;
        };
        _client.DisconnectedAsync += _ =>
        {
            gone.TrySetResult();
            return Task.CompletedTask;
        };
        MqttClientConnectResult result = await _client.ConnectAsync(new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", port)
            .WithTlsOptions(tls => tls.UseTls(false)).WithTimeout(Limit).Build());
        Assert.Equal(MqttClientConnectResultCode.Success, result.ResultCode);
        await _client.SubscribeAsync(filter, level);
    }

    internal IReadOnlyList<MqttApplicationMessage> All
    {
        get
        {
            lock (_gate)
            {
                return [.. _messages];
            }
        }
    }

    internal static byte[] Bytes(MqttApplicationMessage message) => message.Payload.ToArray();

    /// <summary>Newest payload of each topic, as text.</summary>
    internal Dictionary<string, string> Newest() =>
        All.GroupBy(message => message.Topic).ToDictionary(group => group.Key, group => group.Last().ConvertPayloadToString() ?? "");

    internal async Task WaitAsync(Func<IReadOnlyList<MqttApplicationMessage>, bool> enough)
    {
        TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (enough(_messages))
            {
                return;
            }

            _waits.Add((enough, done));
        }

        try
        {
            await done.Task.WaitAsync(Limit);
        }
        catch (TimeoutException)
        {
            Assert.Fail("waited in vain; got: " + string.Join("\n", All.Select(message => $"{message.Topic} {message.ConvertPayloadToString()}")));
        }
    }

    internal Task WaitForAsync(string topic, string payload) =>
        WaitAsync(all => all.Any(message => message.Topic == topic && message.ConvertPayloadToString() == payload));

    public void Dispose() => _client?.Dispose();

    private void Keep(MqttApplicationMessage message)
    {
        lock (_gate)
        {
            _messages.Add(message);
            foreach ((_, TaskCompletionSource done) in _waits.Where(wait => wait.Enough(_messages)))
            {
                done.TrySetResult();
            }
        }
    }
}

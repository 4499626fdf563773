using System.Collections.Concurrent;
using System.Threading.Channels;
using Pipeline.Store;
using Pipeline.Store.Mqtt;

namespace Pipeline.Tests.Mqtt;

/// <summary>A publisher under test, with everything it said.</summary>
internal sealed class Running : IAsyncDisposable
{
    private readonly Channel<string> _notices = Channel.CreateUnbounded<string>();

    private Running(MqttPublisher publisher)
    {
        Publisher = publisher;
        publisher.Notice += line =>
        {
            Said.Enqueue(line);
            _notices.Writer.TryWrite(line);
        };
    }

    internal MqttPublisher Publisher { get; }

    internal ConcurrentQueue<string> Said { get; } = [];

    internal static SiteStatus Site { get; } = new()
    {
        State = SiteState.Running,
        Version = "1.4.0",
        StartedAt = DateTimeOffset.UnixEpoch,
        Mode = RunMode.Recorded,
        ModelId = "colour@none",
    };

    internal static CameraStatus Camera(string id, CameraState state) =>
        new() { Camera = id, CameraName = id, State = state, Source = new CameraSource("folder") };

    internal static async Task<Running> StartAsync(
        MqttOptions options, IOutbox outbox, Func<OutboxRow, CropPicture?>? crops = null, TimeProvider? time = null, Action<MqttPublisher>? first = null)
    {
        Running running = new(new MqttPublisher(options, Program.Site, outbox, null, crops, time));
        first?.Invoke(running.Publisher);
        await running.Publisher.StartAsync();
        return running;
    }

    /// <summary>The next thing it says that holds the text; what it says before is passed over.</summary>
    internal async Task<string> HearsAsync(string text)
    {
        using CancellationTokenSource limit = new(Inbox.Limit);
        try
        {
            while (true)
            {
                string line = await _notices.Reader.ReadAsync(limit.Token);
                if (line.Contains(text, StringComparison.Ordinal))
                {
                    return line;
                }
            }
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"waited in vain for '{text}'; it said: {string.Join("\n", Said)}");
        }
    }

    internal async Task<long> StopAsync() => await Publisher.StopAsync(Inbox.Limit).WaitAsync(Inbox.Limit);

    public ValueTask DisposeAsync() => Publisher.DisposeAsync();
}

internal static class Mosquitto
{
    /// <summary>A broker of the test's own. Skips the test where mosquitto is not installed.</summary>
    internal static Task<LocalBroker> StartAsync(int? port = null, params string[] settings)
    {
        Skip.If(LocalBroker.Program is null, "needs mosquitto, which is not installed");
        return LocalBroker.StartAsync(port, settings);
    }
}

using System.Globalization;
using Pipeline.Store.Mqtt;

namespace Pipeline.Tests.Mqtt;

/// <summary>The publisher that tests kill: makes rows and publishes them until the file "stop" appears, then stops cleanly.</summary>
internal static class Program
{
    internal static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    internal const string Site = "site";

    private static async Task<int> Main(string[] args)
    {
        if (args is not [string folder, string port])
        {
            await Console.Error.WriteLineAsync("usage: Mqtt.Tests FOLDER PORT (for the tests; to run them: dotnet test)");
            return 2;
        }

        using FileOutbox outbox = new(folder);
        await using MqttPublisher publisher = new(Options(int.Parse(port, CultureInfo.InvariantCulture)), Site, outbox);
        await publisher.StartAsync();
        using PeriodicTimer pace = new(TimeSpan.FromMilliseconds(4));
        string stop = Path.Combine(folder, "stop");
        while (await pace.WaitForNextTickAsync() && !File.Exists(stop))
        {
            outbox.AddOne();
        }

        return await publisher.StopAsync(Limit) == 0 ? 0 : 1;
    }

    internal static MqttOptions Options(int port) => new()
    {
        Broker = $"mqtt://127.0.0.1:{port}",
        AllowPlaintext = true,
        ReconnectMin = TimeSpan.FromMilliseconds(20),
        ReconnectMax = TimeSpan.FromMilliseconds(200),
    };
}

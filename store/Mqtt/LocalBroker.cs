using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Pipeline.Store.Mqtt;

/// <summary>
/// A mosquitto of our own: a child process on 127.0.0.1, plain text and anonymous, with nothing kept on disk; it ends with the run.
/// For the sample and for tests; a site has a broker of its own, with TLS and accounts.
/// </summary>
public sealed class LocalBroker : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(10);

    // Its standard input is our pipe: when we end, however we end, the pipe closes and the broker with it. A session of its own
    // keeps Ctrl-C from it, so that the last messages still find it.
    private const string EndsWithUs = "exec 3<&0; (read _ <&3; kill $$) & exec setsid \"$0\" -c \"$1\"";

    private readonly Process _process;
    private readonly DirectoryInfo _folder;

    private LocalBroker(Process process, DirectoryInfo folder, int port)
    {
        _process = process;
        _folder = folder;
        Port = port;
    }

    /// <summary>Its port on 127.0.0.1.</summary>
    public int Port { get; }

    /// <summary>Its URL, for <see cref="MqttOptions.Broker"/> together with <see cref="MqttOptions.AllowPlaintext"/>.</summary>
    public string Url => $"mqtt://127.0.0.1:{Port}";

    /// <summary>Where the program is; null where it is not installed.</summary>
    public static string? Program { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
        .Concat(["/usr/sbin", "/usr/local/sbin"]).Where(folder => folder.Length > 0)
        .Select(folder => Path.Combine(folder, "mosquitto")).FirstOrDefault(File.Exists);

    /// <summary>Starts one and waits until it answers.</summary>
    /// <param name="port">Port; null for a free one.</param>
    /// <param name="settings">Lines of mosquitto.conf beside listener and <c>allow_anonymous</c>; an <c>allow_anonymous</c> of their own wins.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="InvalidDataException">mosquitto is not installed, or does not start; the message says which.</exception>
    public static async Task<LocalBroker> StartAsync(int? port = null, IReadOnlyList<string>? settings = null, CancellationToken cancellationToken = default)
    {
        string program = Program
            ?? throw new InvalidDataException("mosquitto is not installed, so there is no local broker. Install Debian's package mosquitto, name a broker with --mqtt, or use --no-mqtt.");
        int at = port ?? FreePort();
        DirectoryInfo folder = Directory.CreateTempSubdirectory("reid-broker-");
        string file = Path.Combine(folder.FullName, "mosquitto.conf");
        bool anonymous = settings?.Any(line => line.StartsWith("allow_anonymous", StringComparison.Ordinal)) != true;
        await File.WriteAllLinesAsync(
            file,
            [$"listener {at} 127.0.0.1", .. anonymous ? ["allow_anonymous true"] : Array.Empty<string>(), "log_type error", "log_type warning", .. settings ?? []],
            cancellationToken);
        ProcessStartInfo start = new("/bin/sh", ["-c", EndsWithUs, program, file])
        {
            RedirectStandardInput = true,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        Process process = Process.Start(start)!;
        LocalBroker broker = new(process, folder, at);
        try
        {
            await broker.AnswersAsync(cancellationToken);
            return broker;
        }
        catch
        {
            await broker.DisposeAsync();
            throw;
        }
    }

    /// <summary>Kills it at once (SIGKILL), as a crash would.</summary>
    public void Kill() => _process.Kill();

    /// <summary>Ends it and removes its files.</summary>
    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task AnswersAsync(CancellationToken cancellationToken)
    {
        // Its log must be read, else it waits for ever once the pipe is full.
        Task<string> log = _process.StandardError.ReadToEndAsync(CancellationToken.None);
        _ = _process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        long since = Stopwatch.GetTimestamp();
        while (true)
        {
            if (_process.HasExited)
            {
                throw new InvalidDataException($"mosquitto ended at once on port {Port}: {(await log).Trim().ReplaceLineEndings(" ")}");
            }

            try
            {
                using TcpClient probe = new();
                await probe.ConnectAsync(IPAddress.Loopback, Port, cancellationToken);
                return;
            }
            catch (SocketException) when (Stopwatch.GetElapsedTime(since) < StartLimit)
            {
                await Task.Delay(20, cancellationToken); // it has no other way to say that it listens
            }
        }
    }
}

namespace Pipeline.Store.Mqtt;

/// <summary>Whether the newest crop of each camera is sent as a picture.</summary>
public enum SnapshotMode
{
    /// <summary>Not sent.</summary>
    Off,

    /// <summary>Sent; a later subscriber waits for the next.</summary>
    Send,

    /// <summary>Sent, and kept by the broker for later subscribers.</summary>
    Retain,
}

/// <summary>Settings of the MQTT publisher: which broker, under which names, and what goes out.</summary>
public sealed record MqttOptions
{
    /// <summary>Whether anything is published; false keeps events in the log although a broker is named. Default true.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>The broker: <c>mqtts://host[:8883]</c>, <c>mqtt://host[:1883]</c> or <c>host[:port]</c> (TLS); without user name and password. Default none.</summary>
    public string? Broker { get; init; }

    /// <summary>Allows <c>mqtt://</c> without TLS, to a loopback or private address only. Default false.</summary>
    public bool AllowPlaintext { get; init; }

    /// <summary>PEM file of the authorities to trust in place of the system's. Default none.</summary>
    public string? CaFile { get; init; }

    /// <summary>PEM file of the client's certificate. Default none.</summary>
    public string? CertificateFile { get; init; }

    /// <summary>PEM file of its private key. Default none: the certificate's file holds it.</summary>
    public string? KeyFile { get; init; }

    /// <summary>User name at the broker. Default none.</summary>
    public string? UserName { get; init; }

    /// <summary>File whose first line is the password. Default none.</summary>
    public string? PasswordFile { get; init; }

    /// <summary>Environment variable that holds the password. Default none.</summary>
    public string? PasswordEnv { get; init; }

    /// <summary>First part of every topic, <c>[a-z0-9][a-z0-9_-]{0,63}</c>. Default "reid".</summary>
    public string Prefix { get; init; } = "reid";

    /// <summary>Unacknowledged messages at most; the broker's own limit, if lower, wins. 1 to 1000, default 8.</summary>
    public int InFlight { get; init; } = 8;

    /// <summary>How long the broker keeps an event for a subscriber that is away, from when the event was made; never above the retention. 1 minute to 30 days, default 24 h.</summary>
    public TimeSpan EventExpiry { get; init; } = TimeSpan.FromHours(24);

    /// <summary>Sends each event to its camera's topic too. Default false.</summary>
    public bool FanOut { get; init; }

    /// <summary>Whether the newest crop of each camera is sent. Default off.</summary>
    public SnapshotMode Snapshots { get; init; }

    /// <summary>Whether each event's crop is sent, ahead of it. Default false.</summary>
    public bool Crops { get; init; }

    /// <summary>Between two messages of statistics, and of each camera's status when nothing changed. 1 s to 1 h, default 60 s.</summary>
    public TimeSpan StatsInterval { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>A ping goes out after this long without a packet; a dead link is noticed within twice that. 5 s to 1 h, default 30 s.</summary>
    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Longest wait for the broker to answer a connection attempt. 1 s to 5 minutes, default 10 s.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>First wait before trying again. 10 ms to 1 minute, default 1 s.</summary>
    public TimeSpan ReconnectMin { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Longest wait before trying again. From <see cref="ReconnectMin"/> to 1 h, default 60 s.</summary>
    public TimeSpan ReconnectMax { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Host and port of <see cref="Broker"/>, for checks; null when there is none.</summary>
    /// <returns>A valid setting's; call <see cref="Problems"/> first.</returns>
    public (string Host, int Port)? Address()
    {
        BrokerAddress? address = Broker is null ? null : BrokerAddress.Parse(Broker);
        return address is null ? null : (address.Host, address.Port);
    }

    /// <summary>Every rule these values break, each as key and "allowed, got"; empty when they are valid.</summary>
    public IEnumerable<(string Key, string Problem)> Problems()
    {
        if (Broker is not null && BrokerAddress.Problem(Broker, AllowPlaintext) is { } problem)
        {
            yield return ("mqtt.broker", problem);
        }

        if (PasswordFile is not null && PasswordEnv is not null)
        {
            yield return ("mqtt.password_file", "one of password_file and password_env, got both");
        }

        if (UserName is null && (PasswordFile ?? PasswordEnv) is not null)
        {
            yield return ("mqtt.user_name", "a user name is needed beside the password, got none");
        }

        if (KeyFile is not null && CertificateFile is null)
        {
            yield return ("mqtt.certificate_file", "a certificate is needed beside key_file, got none");
        }

        foreach ((string key, string? file) in new[] { ("ca_file", CaFile), ("certificate_file", CertificateFile), ("key_file", KeyFile), ("password_file", PasswordFile) })
        {
            if (file is not null && !File.Exists(file))
            {
                yield return ($"mqtt.{key}", $"an existing file, got '{file}'");
            }
        }

        if (!Topics.IsName(Prefix))
        {
            yield return ("mqtt.prefix", $"1 to 64 of a-z, 0-9, _ and -, the first a letter or digit, got '{Prefix}'");
        }

        if (InFlight is < 1 or > 1000)
        {
            yield return ("mqtt.in_flight", $"1 to 1000, got {InFlight}");
        }

        foreach ((string key, TimeSpan value, TimeSpan least, TimeSpan most) in Spans())
        {
            if (value < least || value > most)
            {
                yield return ($"mqtt.{key}_ms", $"{least.TotalMilliseconds:0} to {most.TotalMilliseconds:0}, got {value.TotalMilliseconds:0}");
            }
        }
    }

    /// <summary>The password from its file or variable; null when none is set.</summary>
    /// <exception cref="InvalidDataException">The file cannot be read, or the variable is not set.</exception>
    internal string? ReadPassword()
    {
        if (PasswordEnv is not null)
        {
            return Environment.GetEnvironmentVariable(PasswordEnv)
                ?? throw new InvalidDataException($"mqtt.password_env: the environment variable '{PasswordEnv}' is not set. Set it, or use mqtt.password_file.");
        }

        try
        {
            return PasswordFile is null ? null : File.ReadLines(PasswordFile).FirstOrDefault() ?? "";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataException($"mqtt.password_file: cannot read '{PasswordFile}': {e.Message} Correct the path or its permissions.", e);
        }
    }

    private IEnumerable<(string Key, TimeSpan Value, TimeSpan Least, TimeSpan Most)> Spans()
    {
        yield return ("event_expiry", EventExpiry, TimeSpan.FromMinutes(1), TimeSpan.FromDays(30));
        yield return ("stats_interval", StatsInterval, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));
        yield return ("keep_alive", KeepAlive, TimeSpan.FromSeconds(5), TimeSpan.FromHours(1));
        yield return ("connect_timeout", ConnectTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5));
        yield return ("reconnect_min", ReconnectMin, TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(1));
        yield return ("reconnect_max", ReconnectMax, ReconnectMin, TimeSpan.FromHours(1));
    }
}

using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using MQTTnet;
using MQTTnet.Exceptions;
using MQTTnet.Formatter;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace Pipeline.Store.Mqtt;

/// <summary>One connection to the broker, with the limits that the broker set for it (mqtt.md 10).</summary>
internal sealed class Session : IDisposable
{
    // MQTT 5 has 0x84 for it; a broker of 3.x answers with return code 1, which MQTT 5 does not have.
    private const int RefusedVersion311 = 1;
    private const int OurMaximumPacketSize = 1024 * 1024;

    private readonly IMqttClient _client;
    private readonly SemaphoreSlim _window;
    private readonly TaskCompletionSource<MqttClientDisconnectReason> _lost = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private Session(IMqttClient client, MqttProtocolVersion version, MqttClientConnectResult limits, int inFlight)
    {
        _client = client;
        Five = version == MqttProtocolVersion.V500;
        HighestLevel = Five ? limits.MaximumQoS : MqttQualityOfServiceLevel.ExactlyOnce;
        RetainAvailable = limits.RetainAvailable;
        Width = limits.ReceiveMaximum is > 0 and ushort most && most < inFlight ? most : inFlight;
        MaximumPacketSize = limits.MaximumPacketSize is > 0 and uint size && size < OurMaximumPacketSize ? (int)size : OurMaximumPacketSize;
        _window = new SemaphoreSlim(Width);
        client.DisconnectedAsync += args =>
        {
            _lost.TrySetResult(args.Reason);
            return Task.CompletedTask;
        };
    }

    /// <summary>MQTT 5, not 3.1.1.</summary>
    internal bool Five { get; }

    /// <summary>Highest level that the broker takes.</summary>
    internal MqttQualityOfServiceLevel HighestLevel { get; }

    /// <summary>Whether the broker keeps retained messages.</summary>
    internal bool RetainAvailable { get; }

    /// <summary>Unacknowledged messages at most.</summary>
    internal int Width { get; }

    /// <summary>Largest packet.</summary>
    internal int MaximumPacketSize { get; }

    /// <summary>Completes when the connection is lost, with the broker's reason.</summary>
    internal Task<MqttClientDisconnectReason> Lost => _lost.Task;

    /// <summary>Connects, going down to what the broker can do: 3.1.1, a will at QoS 0, a will that is not retained.</summary>
    /// <exception cref="BrokerException">The broker refused.</exception>
    /// <exception cref="MqttCommunicationException">It could not be reached.</exception>
    internal static async Task<Session> OpenAsync(
        MqttOptions options, BrokerAddress address, string? password, Topics topics, int attempt, CancellationToken cancellationToken)
    {
        string host = await address.HostAsync(attempt, cancellationToken);
        MqttProtocolVersion version = MqttProtocolVersion.V500;
        MqttQualityOfServiceLevel willLevel = MqttQualityOfServiceLevel.AtLeastOnce;
        bool willRetain = true;
        while (true)
        {
            IMqttClient client = new MqttClientFactory().CreateMqttClient();
            try
            {
                MqttClientOptions how = Options(options, address, host, password, topics, version, willLevel, willRetain);
                using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
                limit.CancelAfter(options.ConnectTimeout);
                MqttClientConnectResult result = await client.ConnectAsync(how, limit.Token);
                switch (result.ResultCode)
                {
                    case MqttClientConnectResultCode.Success:
                        Session session = new(client, version, result, options.InFlight);
                        client = null!; // the session's from here
                        return session;
                    case MqttClientConnectResultCode.UnsupportedProtocolVersion or (MqttClientConnectResultCode)RefusedVersion311 when version == MqttProtocolVersion.V500:
                        version = MqttProtocolVersion.V311;
                        break;
                    case MqttClientConnectResultCode.QoSNotSupported when willLevel != MqttQualityOfServiceLevel.AtMostOnce:
                        willLevel = MqttQualityOfServiceLevel.AtMostOnce;
                        break;
                    case MqttClientConnectResultCode.RetainNotSupported when willRetain:
                        willRetain = false;
                        break;
                    default:
                        throw new BrokerException(Refusal(result, options, topics));
                }
            }
            catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
            {
                throw new BrokerException($"no answer within {options.ConnectTimeout.TotalSeconds:0} s", e);
            }
            finally
            {
                client?.Dispose();
            }
        }
    }

    /// <summary>A message within the connection's limits: what the version does not know is left out, level and retention are lowered.</summary>
    internal MqttApplicationMessage Message(
        string topic, byte[] payload, MqttQualityOfServiceLevel level, bool retain, string? contentType, TimeSpan? expiry = null, IEnumerable<MqttUserProperty>? userProperties = null)
    {
        MqttApplicationMessage message = new MqttApplicationMessageBuilder().WithTopic(topic).WithPayload(payload)
            .WithQualityOfServiceLevel(level > HighestLevel ? HighestLevel : level).WithRetainFlag(retain && RetainAvailable).Build();
        if (Five)
        {
            message.ContentType = contentType;
            message.PayloadFormatIndicator =
                contentType == "image/jpeg" ? MqttPayloadFormatIndicator.Unspecified : MqttPayloadFormatIndicator.CharacterData;
            message.MessageExpiryInterval = expiry is { } left ? (uint)Math.Max(1, left.TotalSeconds) : 0;
            message.UserProperties = userProperties?.ToList();
        }

        return message;
    }

    /// <summary>Upper bound of the packet's size (MQTT 5 section 3.3).</summary>
    internal static int PacketSize(MqttApplicationMessage message)
    {
        const int fixedParts = 5 + 2 + 2 + 4 + 2 + 5; // header, topic's length, identifier, properties' length, format, expiry
        int properties = message.UserProperties?.Sum(p => 5 + Encoding.UTF8.GetByteCount(p.Name) + Encoding.UTF8.GetByteCount(p.Value)) ?? 0;
        int type = message.ContentType is null ? 0 : 3 + message.ContentType.Length;
        return fixedParts + Encoding.UTF8.GetByteCount(message.Topic) + properties + type + (int)message.Payload.Length;
    }

    /// <summary>Waits for room in the window. The message must be published right after, before anything else is awaited: that keeps the order.</summary>
    internal Task ReserveAsync(CancellationToken cancellationToken) => _window.WaitAsync(cancellationToken);

    /// <summary>Sends into the room that was reserved, and gives it back at the acknowledgement.</summary>
    internal async Task<MqttClientPublishResult> PublishReservedAsync(MqttApplicationMessage message)
    {
        try
        {
            return await _client.PublishAsync(message, CancellationToken.None); // ends with the connection
        }
        finally
        {
            _window.Release();
        }
    }

    /// <summary>Waits for room, sends, waits for the acknowledgement; QoS 0 has none and takes no room.</summary>
    internal async Task<MqttClientPublishResult> PublishAsync(MqttApplicationMessage message, CancellationToken cancellationToken)
    {
        if (message.QualityOfServiceLevel == MqttQualityOfServiceLevel.AtMostOnce)
        {
            return await _client.PublishAsync(message, cancellationToken);
        }

        await ReserveAsync(cancellationToken);
        return await PublishReservedAsync(message).WaitAsync(cancellationToken);
    }

    /// <summary>Says good-bye: DISCONNECT 0x00, so that no will is sent.</summary>
    internal Task CloseAsync(CancellationToken cancellationToken) =>
        _client.DisconnectAsync(new MqttClientDisconnectOptions { Reason = MqttClientDisconnectOptionsReason.NormalDisconnection }, cancellationToken);

    public void Dispose() => _client.Dispose();

    private static MqttClientOptions Options(
        MqttOptions options, BrokerAddress address, string host, string? password, Topics topics, MqttProtocolVersion version,
        MqttQualityOfServiceLevel willLevel, bool willRetain)
    {
        MqttClientOptionsBuilder builder = new MqttClientOptionsBuilder()
            .WithTcpServer(host, address.Port)
            .WithProtocolVersion(version)
            .WithClientId(topics.ClientId)
            .WithCleanStart(false)
            .WithKeepAlivePeriod(options.KeepAlive)
            .WithTimeout(options.ConnectTimeout)
            .WithWillTopic(topics.Availability)
            .WithWillPayload("offline")
            .WithWillQualityOfServiceLevel(willLevel)
            .WithWillRetain(willRetain)
            .WithTlsOptions(tls => Tls(tls, options, address));
        if (version == MqttProtocolVersion.V500)
        {
            builder = builder.WithSessionExpiryInterval(24 * 3600).WithWillDelayInterval(0);
        }

        return (options.UserName is { } name ? builder.WithCredentials(name, password) : builder).Build();
    }

    private static void Tls(MqttClientTlsOptionsBuilder tls, MqttOptions options, BrokerAddress address)
    {
        tls.UseTls(address.Tls);
        if (!address.Tls)
        {
            return;
        }

        tls.WithRevocationMode(X509RevocationMode.NoCheck); // private authorities, the usual case here, publish no lists
        try
        {
            if (options.CaFile is not null)
            {
                X509Certificate2Collection authorities = [];
                authorities.ImportFromPemFile(options.CaFile);
                tls.WithTrustChain(authorities);
            }

            if (options.CertificateFile is not null)
            {
                tls.WithClientCertificates(new X509Certificate2Collection(X509Certificate2.CreateFromPemFile(options.CertificateFile, options.KeyFile)));
            }
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new BrokerException($"the certificates of mqtt.ca_file, mqtt.certificate_file and mqtt.key_file cannot be used: {e.Message}", e);
        }
    }

    private static string Refusal(MqttClientConnectResult result, MqttOptions options, Topics topics)
    {
        string remedy = result.ResultCode switch
        {
            MqttClientConnectResultCode.BadUserNameOrPassword or MqttClientConnectResultCode.NotAuthorized =>
                options.UserName is null ? ": it wants a user name; set mqtt.user_name and mqtt.password_env or mqtt.password_file"
                : $": check mqtt.user_name ('{options.UserName}') and its password",
            MqttClientConnectResultCode.ClientIdentifierNotValid => $": it does not take the client id '{topics.ClientId}'",
            _ => "",
        };
        string words = string.IsNullOrEmpty(result.ReasonString) ? "" : $" ({result.ReasonString})";
        return $"the broker refused with {result.ResultCode}{words}{remedy}";
    }
}

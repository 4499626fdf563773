using MQTTnet.Formatter;
using MQTTnet.Protocol;

namespace MQTTnet;

/// <summary>Where and how to connect; made by <see cref="MqttClientOptionsBuilder"/>.</summary>
public sealed class MqttClientOptions
{
    /// <summary>Forget what an earlier connection of this client id left at the server.</summary>
    public bool CleanSession { get; set; } = true;

    /// <summary>Who the client is to the server.</summary>
    public string ClientId { get; set; } = Guid.NewGuid().ToString("N");

    /// <summary>A ping goes out after this long without a packet; zero for none. libmosquitto takes whole seconds, 5 at least.</summary>
    public TimeSpan KeepAlivePeriod { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Version to speak.</summary>
    public MqttProtocolVersion ProtocolVersion { get; set; } = MqttProtocolVersion.V500;

    /// <summary>Seconds the server keeps the session after the connection ended; MQTT 5 only.</summary>
    public uint SessionExpiryInterval { get; set; }

    /// <summary>Longest wait for an answer.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(100);

    /// <summary>Seconds between the end of the connection and the will; MQTT 5 only.</summary>
    public uint WillDelayInterval { get; set; }

    /// <summary>What the will says.</summary>
    public byte[]? WillPayload { get; set; }

    /// <summary>Its delivery.</summary>
    public MqttQualityOfServiceLevel WillQualityOfServiceLevel { get; set; }

    /// <summary>Whether the server keeps it.</summary>
    public bool WillRetain { get; set; }

    /// <summary>Where the will goes; null for none.</summary>
    public string? WillTopic { get; set; }

    internal string Host { get; set; } = "";

    internal int Port { get; set; }

    internal string? UserName { get; set; }

    internal string? Password { get; set; }

    internal MqttClientTlsOptions? Tls { get; set; }
}

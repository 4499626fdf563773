using System.Net.Sockets;
using System.Text;
using MQTTnet.Formatter;
using MQTTnet.Protocol;

namespace MQTTnet;

/// <summary>Makes the options step by step.</summary>
public sealed class MqttClientOptionsBuilder
{
    private readonly MqttClientOptions _options = new();
    private int? _port;

    /// <summary>The options. The usual port when none was given: 8883 with TLS, 1883 without.</summary>
    /// <exception cref="InvalidOperationException">No server was given.</exception>
    public MqttClientOptions Build()
    {
        if (_options.Host.Length == 0)
        {
            throw new InvalidOperationException("A channel must be set.");
        }

        _options.Port = _port ?? (_options.Tls?.UseTls == true ? 8883 : 1883);
        return _options;
    }

    /// <summary>MQTT 5's name for forgetting the earlier session.</summary>
    /// <param name="value">True to forget.</param>
    public MqttClientOptionsBuilder WithCleanStart(bool value = true)
    {
        _options.CleanSession = value;
        return this;
    }

    /// <summary>Sets who the client is.</summary>
    /// <param name="value">Unique at the server.</param>
    public MqttClientOptionsBuilder WithClientId(string value)
    {
        _options.ClientId = value;
        return this;
    }

    /// <summary>Sets user name and password.</summary>
    /// <param name="username">Name.</param>
    /// <param name="password">Password; null for none.</param>
    public MqttClientOptionsBuilder WithCredentials(string username, string? password)
    {
        _options.UserName = username;
        _options.Password = password;
        return this;
    }

    /// <summary>Sets after how long without a packet a ping goes out.</summary>
    /// <param name="value">Zero for none.</param>
    public MqttClientOptionsBuilder WithKeepAlivePeriod(TimeSpan value)
    {
        _options.KeepAlivePeriod = value;
        return this;
    }

    /// <summary>Sets the version to speak.</summary>
    /// <param name="value">3.1.1 or 5.0.</param>
    public MqttClientOptionsBuilder WithProtocolVersion(MqttProtocolVersion value)
    {
        if (value == MqttProtocolVersion.Unknown)
        {
            throw new ArgumentException("Protocol version is invalid.", nameof(value));
        }

        _options.ProtocolVersion = value;
        return this;
    }

    /// <summary>Sets how long the server keeps the session after the connection; MQTT 5 only.</summary>
    /// <param name="sessionExpiryInterval">Seconds.</param>
    public MqttClientOptionsBuilder WithSessionExpiryInterval(uint sessionExpiryInterval)
    {
        _options.SessionExpiryInterval = sessionExpiryInterval;
        return this;
    }

    /// <summary>Sets the server.</summary>
    /// <param name="host">Name or address.</param>
    /// <param name="port">Null for the usual one.</param>
    /// <param name="addressFamily">Only <see cref="AddressFamily.Unspecified"/> here: the system's order of addresses.</param>
    public MqttClientOptionsBuilder WithTcpServer(string host, int? port = null, AddressFamily addressFamily = AddressFamily.Unspecified)
    {
        ArgumentNullException.ThrowIfNull(host);
        if (addressFamily != AddressFamily.Unspecified)
        {
            throw new NotSupportedException("libmosquitto takes the address family from the host's address.");
        }

        _options.Host = host;
        _port = port;
        return this;
    }

    /// <summary>Sets the longest wait for an answer.</summary>
    /// <param name="value">Default 100 s.</param>
    public MqttClientOptionsBuilder WithTimeout(TimeSpan value)
    {
        _options.Timeout = value;
        return this;
    }

    /// <summary>Sets how the connection is encrypted.</summary>
    /// <param name="configure">Fills the options in.</param>
    public MqttClientOptionsBuilder WithTlsOptions(Action<MqttClientTlsOptionsBuilder> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        MqttClientTlsOptionsBuilder builder = new();
        configure(builder);
        _options.Tls = builder.Build();
        return this;
    }

    /// <summary>Sets the seconds between the end of the connection and the will; MQTT 5 only.</summary>
    /// <param name="willDelayInterval">0 for at once.</param>
    public MqttClientOptionsBuilder WithWillDelayInterval(uint willDelayInterval)
    {
        _options.WillDelayInterval = willDelayInterval;
        return this;
    }

    /// <summary>Sets what the will says, as UTF-8.</summary>
    /// <param name="willPayload">Text.</param>
    public MqttClientOptionsBuilder WithWillPayload(string willPayload)
    {
        _options.WillPayload = string.IsNullOrEmpty(willPayload) ? null : Encoding.UTF8.GetBytes(willPayload);
        return this;
    }

    /// <summary>Sets the will's delivery.</summary>
    /// <param name="willQualityOfServiceLevel">Level.</param>
    public MqttClientOptionsBuilder WithWillQualityOfServiceLevel(MqttQualityOfServiceLevel willQualityOfServiceLevel)
    {
        _options.WillQualityOfServiceLevel = willQualityOfServiceLevel;
        return this;
    }

    /// <summary>Says whether the server keeps the will.</summary>
    /// <param name="willRetain">True to keep.</param>
    public MqttClientOptionsBuilder WithWillRetain(bool willRetain = true)
    {
        _options.WillRetain = willRetain;
        return this;
    }

    /// <summary>Sets where the will goes.</summary>
    /// <param name="willTopic">Topic.</param>
    public MqttClientOptionsBuilder WithWillTopic(string willTopic)
    {
        _options.WillTopic = willTopic;
        return this;
    }
}

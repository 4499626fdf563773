using System.Security.Cryptography.X509Certificates;

namespace MQTTnet;

/// <summary>How a connection is encrypted; made by <see cref="MqttClientTlsOptionsBuilder"/>. TLS 1.2 or later; the server's name is checked.</summary>
public sealed class MqttClientTlsOptions
{
    /// <summary>Whether it is.</summary>
    public bool UseTls { get; set; }

    /// <summary>Whether revoked certificates are looked up. libmosquitto cannot: only <see cref="X509RevocationMode.NoCheck"/> connects.</summary>
    public X509RevocationMode RevocationMode { get; set; } = X509RevocationMode.Online;

    internal X509Certificate2Collection? ClientCertificates { get; set; }

    internal X509Certificate2Collection? TrustChain { get; set; }
}

/// <summary>Makes the options step by step.</summary>
public sealed class MqttClientTlsOptionsBuilder
{
    private readonly MqttClientTlsOptions _options = new() { UseTls = true };

    /// <summary>The options.</summary>
    public MqttClientTlsOptions Build() => _options;

    /// <summary>Turns TLS on or off.</summary>
    /// <param name="useTls">True for on.</param>
    public MqttClientTlsOptionsBuilder UseTls(bool useTls = true)
    {
        _options.UseTls = useTls;
        return this;
    }

    /// <summary>Sets the client's own certificate, with its private key.</summary>
    /// <param name="certificates">The first is used.</param>
    public MqttClientTlsOptionsBuilder WithClientCertificates(X509Certificate2Collection certificates)
    {
        ArgumentNullException.ThrowIfNull(certificates);
        _options.ClientCertificates = certificates;
        return this;
    }

    /// <summary>Says whether revoked certificates are looked up.</summary>
    /// <param name="revocationMode">Only <see cref="X509RevocationMode.NoCheck"/> connects here.</param>
    public MqttClientTlsOptionsBuilder WithRevocationMode(X509RevocationMode revocationMode)
    {
        _options.RevocationMode = revocationMode;
        return this;
    }

    /// <summary>Sets the authorities to trust in place of the system's.</summary>
    /// <param name="chain">Their certificates.</param>
    public MqttClientTlsOptionsBuilder WithTrustChain(X509Certificate2Collection chain)
    {
        _options.TrustChain = chain;
        return this;
    }
}

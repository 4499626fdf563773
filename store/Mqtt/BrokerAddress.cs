using System.Net;
using System.Net.Sockets;

namespace Pipeline.Store.Mqtt;

/// <summary>Where the broker is, out of the setting.</summary>
/// <param name="Host">Name or address.</param>
/// <param name="Port">Port.</param>
/// <param name="Tls">Whether the connection is encrypted.</param>
internal sealed record BrokerAddress(string Host, int Port, bool Tls)
{
    /// <summary>What is wrong with a setting, as "allowed, got" and without any password in it; null when nothing is.</summary>
    internal static string? Problem(string broker, bool allowPlaintext)
    {
        if (!Uri.TryCreate(WithScheme(broker), UriKind.Absolute, out Uri? uri) || uri.Host.Length == 0)
        {
            return $"mqtts://host[:port] or mqtt://host[:port], got '{Secrets.Mask(broker)}'";
        }

        if (uri.UserInfo.Length > 0)
        {
            return $"no user name or password in the URL, got '{Secrets.Mask(broker)}': use mqtt.user_name with mqtt.password_env or mqtt.password_file";
        }

        if (uri.Scheme is not ("mqtt" or "mqtts") || uri.PathAndQuery is not ("" or "/"))
        {
            return $"mqtts://host[:port] or mqtt://host[:port], got '{Secrets.Mask(broker)}'";
        }

        if (uri.Scheme == "mqtts")
        {
            return null;
        }

        return !allowPlaintext ? $"mqtts://, or mqtt.allow_plaintext: true for a broker of your own network, got '{broker}'"
            : IPAddress.TryParse(uri.Host.Trim('[', ']'), out IPAddress? address) && !IsNear(address) ? NotNear(uri.Host)
            : null;
    }

    /// <summary>Reads a setting that has no <see cref="Problem"/>.</summary>
    internal static BrokerAddress Parse(string broker)
    {
        Uri uri = new(WithScheme(broker));
        bool tls = uri.Scheme == "mqtts";
        return new BrokerAddress(uri.Host.Trim('[', ']'), uri.Port > 0 ? uri.Port : tls ? 8883 : 1883, tls);
    }

    /// <summary>
    /// The host to connect to. Without TLS it is an address that was checked to be loopback or private, so that no later look-up
    /// leads elsewhere; a name with several takes the next at each attempt.
    /// </summary>
    /// <exception cref="BrokerException">Without TLS: the host is neither loopback nor private, or not known.</exception>
    internal async Task<string> HostAsync(int attempt, CancellationToken cancellationToken)
    {
        if (Tls || IPAddress.TryParse(Host, out _))
        {
            return Host;
        }

        try
        {
            IPAddress[] addresses = [.. (await Dns.GetHostAddressesAsync(Host, cancellationToken)).OrderBy(address => address.AddressFamily)];
            return addresses.All(IsNear) ? addresses[attempt % addresses.Length].ToString() : throw new BrokerException(NotNear(Host));
        }
        catch (SocketException e)
        {
            throw new BrokerException($"the host name is not known: {e.Message}", e);
        }
    }

    /// <inheritdoc/>
    public override string ToString() => $"{(Tls ? "mqtts" : "mqtt")}://{(Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host)}:{Port}";

    private static string WithScheme(string broker) => broker.Contains("://", StringComparison.Ordinal) ? broker : $"mqtts://{broker}";

    private static string NotNear(string host) => $"plain text only to a loopback or private address, got {host}: use mqtts://";

    // RFC 1122 loopback; RFC 1918, RFC 4193 private; RFC 3927, RFC 4291 link-local.
    private static bool IsNear(IPAddress address)
    {
        IPAddress plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        byte[] bytes = plain.GetAddressBytes();
        return IPAddress.IsLoopback(plain) || (plain.AddressFamily == AddressFamily.InterNetwork
            ? bytes is [10, ..] or [172, >= 16 and <= 31, ..] or [192, 168, ..] or [169, 254, ..]
            : plain.IsIPv6LinkLocal || plain.IsIPv6UniqueLocal);
    }
}

/// <summary>The broker cannot be used as it is; the message says why, in one line and without secrets.</summary>
internal sealed class BrokerException(string message, Exception? inner = null) : Exception(message, inner);

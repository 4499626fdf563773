using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace MQTTnet;

/// <summary>What the server said to CONNECT.</summary>
public sealed class MqttClientConnectResult
{
    /// <summary>The server still knew the session.</summary>
    public bool IsSessionPresent { get; internal set; }

    /// <summary>Largest packet the server takes; 0 or null when it sets no limit; MQTT 5 only.</summary>
    public uint? MaximumPacketSize { get; internal set; }

    /// <summary>Highest level the server takes. Only MQTT 5 tells it: with 3.1.1 the value says nothing.</summary>
    public MqttQualityOfServiceLevel MaximumQoS { get; internal set; }

    /// <summary>The server's own words, if any; MQTT 5 only.</summary>
    public string? ReasonString { get; internal set; }

    /// <summary>How many QoS 1 and 2 messages may be unacknowledged at once; 0 or null when the server sets no limit; MQTT 5 only.</summary>
    public ushort? ReceiveMaximum { get; internal set; }

    /// <summary>Whether the server let the client in.</summary>
    public MqttClientConnectResultCode ResultCode { get; internal set; }

    /// <summary>Whether the server keeps retained messages; always true with 3.1.1.</summary>
    public bool RetainAvailable { get; internal set; }
}

/// <summary>What the server said to a message.</summary>
/// <param name="packetIdentifier">Identifier that was used; null at QoS 0.</param>
/// <param name="reasonCode">PUBACK's code.</param>
/// <param name="reasonString">The server's own words, if any.</param>
/// <param name="userProperties">Names and values beside the answer.</param>
public sealed class MqttClientPublishResult(
    ushort? packetIdentifier, MqttClientPublishReasonCode reasonCode, string? reasonString, IReadOnlyCollection<MqttUserProperty> userProperties)
{
    /// <summary>The server has the message, whether or not anybody listens.</summary>
    public bool IsSuccess => ReasonCode is MqttClientPublishReasonCode.Success or MqttClientPublishReasonCode.NoMatchingSubscribers;

    /// <summary>Identifier that was used; null at QoS 0.</summary>
    public ushort? PacketIdentifier { get; } = packetIdentifier;

    /// <summary>PUBACK's code; success at QoS 0 and with 3.1.1, which have none.</summary>
    public MqttClientPublishReasonCode ReasonCode { get; } = reasonCode;

    /// <summary>The server's own words, if any.</summary>
    public string? ReasonString { get; } = reasonString;

    /// <summary>Names and values beside the answer.</summary>
    public IReadOnlyCollection<MqttUserProperty> UserProperties { get; } = userProperties;
}

/// <summary>What the server said to one filter.</summary>
public sealed class MqttClientSubscribeResultItem
{
    internal MqttClientSubscribeResultItem(MqttClientSubscribeResultCode resultCode) => ResultCode = resultCode;

    /// <summary>The level granted, or why not.</summary>
    public MqttClientSubscribeResultCode ResultCode { get; }
}

/// <summary>What the server said to SUBSCRIBE.</summary>
public sealed class MqttClientSubscribeResult
{
    internal MqttClientSubscribeResult(IReadOnlyCollection<MqttClientSubscribeResultItem> items) => Items = items;

    /// <summary>One answer a filter, in their order.</summary>
    public IReadOnlyCollection<MqttClientSubscribeResultItem> Items { get; }
}

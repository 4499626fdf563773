using System.Buffers;
using MQTTnet.Packets;
using MQTTnet.Protocol;

#pragma warning disable CA2227, CA1002 // upstream's shape

namespace MQTTnet;

/// <summary>One message, sent or received.</summary>
public sealed class MqttApplicationMessage
{
    /// <summary>Media type; MQTT 5 only.</summary>
    public string? ContentType { get; set; }

    /// <summary>Seconds the server may keep the message for a subscriber that is away; 0 for no limit; MQTT 5 only.</summary>
    public uint MessageExpiryInterval { get; set; }

    /// <summary>The bytes.</summary>
    public ReadOnlySequence<byte> Payload { get; set; } = ReadOnlySequence<byte>.Empty;

    /// <summary>Bytes or text; MQTT 5 only.</summary>
    public MqttPayloadFormatIndicator PayloadFormatIndicator { get; set; }

    /// <summary>What its delivery guarantees.</summary>
    public MqttQualityOfServiceLevel QualityOfServiceLevel { get; set; }

    /// <summary>Sent: the server keeps it for those who subscribe later. Received: it was kept.</summary>
    public bool Retain { get; set; }

    /// <summary>Where it goes.</summary>
    public string Topic { get; set; } = "";

    /// <summary>Names and values beside it, null for none; MQTT 5 only.</summary>
    public List<MqttUserProperty>? UserProperties { get; set; }
}

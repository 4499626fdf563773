using System.Buffers;
using System.Text;
using MQTTnet.Exceptions;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace MQTTnet;

/// <summary>Makes a message step by step.</summary>
public sealed class MqttApplicationMessageBuilder
{
    private readonly MqttApplicationMessage _message = new();

    /// <summary>The message.</summary>
    /// <exception cref="MqttProtocolViolationException">No topic was given.</exception>
    public MqttApplicationMessage Build() =>
        string.IsNullOrEmpty(_message.Topic) ? throw new MqttProtocolViolationException("Topic or TopicAlias is not set.") : _message;

    /// <summary>Sets the media type; MQTT 5 only.</summary>
    /// <param name="contentType">For example <c>application/json</c>.</param>
    public MqttApplicationMessageBuilder WithContentType(string? contentType)
    {
        _message.ContentType = contentType;
        return this;
    }

    /// <summary>Sets how many seconds the server may keep it for a subscriber that is away; MQTT 5 only.</summary>
    /// <param name="messageExpiryInterval">Seconds; 0 for no limit.</param>
    public MqttApplicationMessageBuilder WithMessageExpiryInterval(uint messageExpiryInterval)
    {
        _message.MessageExpiryInterval = messageExpiryInterval;
        return this;
    }

    /// <summary>Sets the payload; the array is not copied.</summary>
    /// <param name="payload">Bytes; null for none.</param>
    public MqttApplicationMessageBuilder WithPayload(byte[]? payload)
    {
        _message.Payload = payload is null or { Length: 0 } ? ReadOnlySequence<byte>.Empty : new ReadOnlySequence<byte>(payload);
        return this;
    }

    /// <summary>Sets the payload, as UTF-8.</summary>
    /// <param name="payload">Text; null for none.</param>
    public MqttApplicationMessageBuilder WithPayload(string? payload) => WithPayload(payload is null ? null : Encoding.UTF8.GetBytes(payload));

    /// <summary>Says whether the payload is text; MQTT 5 only.</summary>
    /// <param name="payloadFormatIndicator">Bytes or text.</param>
    public MqttApplicationMessageBuilder WithPayloadFormatIndicator(MqttPayloadFormatIndicator payloadFormatIndicator)
    {
        _message.PayloadFormatIndicator = payloadFormatIndicator;
        return this;
    }

    /// <summary>Sets what the delivery guarantees.</summary>
    /// <param name="qualityOfServiceLevel">Default <see cref="MqttQualityOfServiceLevel.AtMostOnce"/>.</param>
    public MqttApplicationMessageBuilder WithQualityOfServiceLevel(MqttQualityOfServiceLevel qualityOfServiceLevel)
    {
        _message.QualityOfServiceLevel = qualityOfServiceLevel;
        return this;
    }

    /// <summary>Says whether the server keeps it for those who subscribe later.</summary>
    /// <param name="value">True to keep.</param>
    public MqttApplicationMessageBuilder WithRetainFlag(bool value = true)
    {
        _message.Retain = value;
        return this;
    }

    /// <summary>Sets where it goes.</summary>
    /// <param name="topic">Without wildcards.</param>
    public MqttApplicationMessageBuilder WithTopic(string topic)
    {
        _message.Topic = topic;
        return this;
    }

    /// <summary>Adds a name and value beside the message; MQTT 5 only.</summary>
    /// <param name="name">Name.</param>
    /// <param name="value">Value.</param>
    public MqttApplicationMessageBuilder WithUserProperty(string name, string value)
    {
        (_message.UserProperties ??= []).Add(new MqttUserProperty(name, value));
        return this;
    }
}

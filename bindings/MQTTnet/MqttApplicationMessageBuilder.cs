using System.Buffers;
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

    /// <summary>Sets the payload; the array is not copied.</summary>
    /// <param name="payload">Bytes; null for none.</param>
    public MqttApplicationMessageBuilder WithPayload(byte[]? payload)
    {
        _message.Payload = payload is null or { Length: 0 } ? ReadOnlySequence<byte>.Empty : new ReadOnlySequence<byte>(payload);
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
}

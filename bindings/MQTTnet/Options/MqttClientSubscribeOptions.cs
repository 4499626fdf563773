using MQTTnet.Protocol;

namespace MQTTnet;

/// <summary>What to subscribe to; made by <see cref="MqttClientSubscribeOptionsBuilder"/>.</summary>
public sealed class MqttClientSubscribeOptions
{
    internal List<(string Topic, MqttQualityOfServiceLevel Level)> Filters { get; } = [];
}

/// <summary>Makes the options step by step.</summary>
public sealed class MqttClientSubscribeOptionsBuilder
{
    private readonly MqttClientSubscribeOptions _options = new();

    /// <summary>The options.</summary>
    public MqttClientSubscribeOptions Build() => _options;

    /// <summary>Adds a filter.</summary>
    /// <param name="topic">The filter, wildcards allowed.</param>
    /// <param name="qualityOfServiceLevel">Highest level wanted.</param>
    public MqttClientSubscribeOptionsBuilder WithTopicFilter(
        string topic, MqttQualityOfServiceLevel qualityOfServiceLevel = MqttQualityOfServiceLevel.AtMostOnce)
    {
        _options.Filters.Add((topic, qualityOfServiceLevel));
        return this;
    }
}

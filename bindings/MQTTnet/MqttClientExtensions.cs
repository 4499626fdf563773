using MQTTnet.Protocol;

namespace MQTTnet;

/// <summary>Shorter forms of the client's calls.</summary>
public static class MqttClientExtensions
{
    /// <summary>Subscribes to one filter.</summary>
    /// <param name="mqttClient">The client.</param>
    /// <param name="topic">The filter, wildcards allowed.</param>
    /// <param name="qualityOfServiceLevel">Highest level wanted.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static Task<MqttClientSubscribeResult> SubscribeAsync(
        this IMqttClient mqttClient,
        string topic,
        MqttQualityOfServiceLevel qualityOfServiceLevel = MqttQualityOfServiceLevel.AtMostOnce,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(mqttClient);
        return mqttClient.SubscribeAsync(
            new MqttClientSubscribeOptionsBuilder().WithTopicFilter(topic, qualityOfServiceLevel).Build(), cancellationToken);
    }
}

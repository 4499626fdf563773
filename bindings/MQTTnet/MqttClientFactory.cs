namespace MQTTnet;

/// <summary>Makes clients.</summary>
public class MqttClientFactory
{
    /// <summary>A client that is not connected yet.</summary>
    public IMqttClient CreateMqttClient() => new MqttClient();
}

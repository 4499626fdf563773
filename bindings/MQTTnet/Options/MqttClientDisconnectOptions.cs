namespace MQTTnet;

/// <summary>What a DISCONNECT says.</summary>
public sealed class MqttClientDisconnectOptions
{
    /// <summary>Its code; MQTT 5 only.</summary>
    public MqttClientDisconnectOptionsReason Reason { get; set; }
}

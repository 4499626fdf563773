namespace MQTTnet.Packets;

/// <summary>One name and value that MQTT 5 carries beside a message.</summary>
/// <param name="name">Name; may come more than once.</param>
/// <param name="value">Value.</param>
public sealed class MqttUserProperty(string name, string value)
{
    /// <summary>Its name.</summary>
    public string Name { get; } = name ?? throw new ArgumentNullException(nameof(name));

    /// <summary>Its value.</summary>
    public string Value { get; } = value ?? throw new ArgumentNullException(nameof(value));
}

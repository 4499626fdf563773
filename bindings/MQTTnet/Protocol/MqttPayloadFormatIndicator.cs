namespace MQTTnet.Protocol;

/// <summary>What a payload says of itself in MQTT 5.</summary>
public enum MqttPayloadFormatIndicator
{
    /// <summary>Bytes.</summary>
    Unspecified = 0,

    /// <summary>UTF-8 text.</summary>
    CharacterData = 1,
}

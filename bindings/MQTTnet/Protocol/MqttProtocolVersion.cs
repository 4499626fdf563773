namespace MQTTnet.Formatter;

/// <summary>Version of the protocol, as CONNECT carries it.</summary>
public enum MqttProtocolVersion
{
    /// <summary>None chosen.</summary>
    Unknown = 0,

    /// <summary>MQTT 3.1.</summary>
    V310 = 3,

    /// <summary>MQTT 3.1.1.</summary>
    V311 = 4,

    /// <summary>MQTT 5.0.</summary>
    V500 = 5,
}

namespace MQTTnet.Protocol;

/// <summary>What the delivery of a message guarantees.</summary>
public enum MqttQualityOfServiceLevel
{
    /// <summary>Not acknowledged; may be lost.</summary>
    AtMostOnce = 0,

    /// <summary>Acknowledged; may come twice.</summary>
    AtLeastOnce = 1,

    /// <summary>Two acknowledgements; comes once.</summary>
    ExactlyOnce = 2,
}

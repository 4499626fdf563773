#pragma warning disable CA1032 // the constructors are upstream's

namespace MQTTnet.Exceptions
{
    /// <summary>The talk with the server failed.</summary>
    /// <param name="message">What happened.</param>
    /// <param name="innerException">Why.</param>
    public class MqttCommunicationException(string message, Exception? innerException = null) : Exception(message, innerException);

    /// <summary>The server did not answer in time.</summary>
    public sealed class MqttCommunicationTimedOutException() : MqttCommunicationException("The operation has timed out.");

    /// <summary>The connection ended while something waited for an answer.</summary>
    /// <param name="innerException">Why it ended.</param>
    public sealed class MqttClientDisconnectedException(Exception? innerException)
        : MqttCommunicationException("The MQTT client is disconnected.", innerException);

    /// <summary>There is no connection.</summary>
    public class MqttClientNotConnectedException() : MqttCommunicationException("The MQTT client is not connected.");

    /// <summary>Something against the rules of MQTT was asked for or received.</summary>
    /// <param name="message">What.</param>
    public class MqttProtocolViolationException(string message) : Exception(message);
}

namespace MQTTnet.Adapter
{
    /// <summary>The server was reached, and ended the connection before it answered.</summary>
    /// <param name="message">What happened.</param>
    /// <param name="innerException">Why.</param>
    public sealed class MqttConnectingFailedException(string message, Exception? innerException)
        : Exceptions.MqttCommunicationException(message, innerException);
}

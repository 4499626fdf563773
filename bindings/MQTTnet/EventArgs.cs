namespace MQTTnet;

/// <summary>The connection ended, or could not be made.</summary>
public sealed class MqttClientDisconnectedEventArgs : EventArgs
{
    internal MqttClientDisconnectedEventArgs(
        bool clientWasConnected, MqttClientConnectResult? connectResult, MqttClientDisconnectReason reason, Exception? exception)
    {
        ClientWasConnected = clientWasConnected;
        ConnectResult = connectResult;
        Reason = reason;
        Exception = exception;
    }

    /// <summary>False when it could not be made.</summary>
    public bool ClientWasConnected { get; }

    /// <summary>What the server said when it refused; else null.</summary>
    public MqttClientConnectResult? ConnectResult { get; }

    /// <summary>What broke; null when a DISCONNECT ended it.</summary>
    public Exception? Exception { get; }

    /// <summary>Code of the DISCONNECT, of either side.</summary>
    public MqttClientDisconnectReason Reason { get; }
}

/// <summary>A message came.</summary>
public sealed class MqttApplicationMessageReceivedEventArgs : EventArgs
{
    internal MqttApplicationMessageReceivedEventArgs(string clientId, MqttApplicationMessage applicationMessage)
    {
        ClientId = clientId;
        ApplicationMessage = applicationMessage;
    }

    /// <summary>The message.</summary>
    public MqttApplicationMessage ApplicationMessage { get; }

    /// <summary>The client's own id.</summary>
    public string ClientId { get; }
}

#pragma warning disable CA1003, CA1010 // events that are awaited: upstream's shape

namespace MQTTnet;

/// <summary>One client, of one server at a time. Publishing and subscribing are safe from any thread.</summary>
public interface IMqttClient : IDisposable
{
    /// <summary>A message came. One after the other, in the order of arrival; the next waits for the task.</summary>
    event Func<MqttApplicationMessageReceivedEventArgs, Task> ApplicationMessageReceivedAsync;

    /// <summary>The connection ended, or could not be made.</summary>
    event Func<MqttClientDisconnectedEventArgs, Task> DisconnectedAsync;

    /// <summary>Whether there is a connection.</summary>
    bool IsConnected { get; }

    /// <summary>Connects; a refusal by the server is a result, not an exception.</summary>
    /// <param name="options">Where and how.</param>
    /// <param name="cancellationToken">Ends the wait; without one the options' time-out does.</param>
    /// <exception cref="Exceptions.MqttCommunicationException">The server could not be reached or did not answer.</exception>
    Task<MqttClientConnectResult> ConnectAsync(MqttClientOptions options, CancellationToken cancellationToken = default);

    /// <summary>Sends DISCONNECT and closes; nothing when there is no connection.</summary>
    /// <param name="options">The reason to give.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task DisconnectAsync(MqttClientDisconnectOptions options, CancellationToken cancellationToken = default);

    /// <summary>Sends a message. Calls made one after the other go out in that order. Completes at PUBACK; at QoS 0 when it is written.</summary>
    /// <param name="applicationMessage">The message.</param>
    /// <param name="cancellationToken">Ends the wait, not the sending.</param>
    /// <exception cref="Exceptions.MqttCommunicationException">The connection ended first, or there is none.</exception>
    Task<MqttClientPublishResult> PublishAsync(MqttApplicationMessage applicationMessage, CancellationToken cancellationToken = default);

    /// <summary>Subscribes; completes at SUBACK.</summary>
    /// <param name="options">The filters.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<MqttClientSubscribeResult> SubscribeAsync(MqttClientSubscribeOptions options, CancellationToken cancellationToken = default);
}

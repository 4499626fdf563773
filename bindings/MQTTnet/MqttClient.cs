using MQTTnet.Exceptions;
using MQTTnet.Native;

namespace MQTTnet;

/// <summary>The client over libmosquitto; every connection is a native client of its own, so nothing of an earlier one is sent again by itself.</summary>
internal sealed class MqttClient : IMqttClient
{
    private Connection? _connection;
    private bool _disposed;
    private volatile bool _connected;

    internal MqttClient() => Mosquitto.Load();

    public event Func<MqttApplicationMessageReceivedEventArgs, Task>? ApplicationMessageReceivedAsync;

    public event Func<MqttClientDisconnectedEventArgs, Task>? DisconnectedAsync;

    public bool IsConnected => _connected;

    public async Task<MqttClientConnectResult> ConnectAsync(MqttClientOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_connection is not null)
        {
            throw new InvalidOperationException("It is not allowed to connect with a server after the connection is established.");
        }

        Connection connection = new(options);
        _connection = connection;
        MqttClientConnectResult? result = null;
        try
        {
            connection.Start();
            result = await WithTimeout(connection.Connected, options, cancellationToken);
            if (result.ResultCode != MqttClientConnectResultCode.Success)
            {
                return result;
            }

            _connected = true;
            _ = WatchAsync(connection, DeliverAsync(connection, options.ClientId));
            return result;
        }
        catch (Exception e) when (!_connected)
        {
            Refused(null, e);
            throw;
        }
        finally
        {
            if (result is not null && !_connected && result.ResultCode != MqttClientConnectResultCode.Success)
            {
                Refused(result, null);
            }
        }
    }

    public async Task DisconnectAsync(MqttClientDisconnectOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_connection is not { } connection)
        {
            return;
        }

        connection.Disconnect(options.Reason);
        await connection.Ended.WaitAsync(cancellationToken);
    }

    public async Task<MqttClientPublishResult> PublishAsync(MqttApplicationMessage applicationMessage, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(applicationMessage);
        if (string.IsNullOrEmpty(applicationMessage.Topic) || applicationMessage.Topic.AsSpan().ContainsAny('+', '#'))
        {
            throw new MqttProtocolViolationException($"'{applicationMessage.Topic}' is not a topic: empty, or with a wildcard.");
        }

        cancellationToken.ThrowIfCancellationRequested();
        return await Current().Publish(applicationMessage).WaitAsync(cancellationToken);
    }

    public async Task<MqttClientSubscribeResult> SubscribeAsync(MqttClientSubscribeOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        Connection connection = Current();
        Task<MqttClientSubscribeResultItem>[] answers = [.. options.Filters.Select(filter => connection.Subscribe(filter.Topic, filter.Level))];
        return new MqttClientSubscribeResult(await Task.WhenAll(answers).WaitAsync(cancellationToken));
    }

    public void Dispose()
    {
        _disposed = true;
        _connected = false;
        _connection?.Dispose();
    }

    private static async Task<T> WithTimeout<T>(Task<T> task, MqttClientOptions options, CancellationToken cancellationToken)
    {
        try
        {
            // Upstream's rule: the caller's token replaces the time-out.
            return cancellationToken.CanBeCanceled ? await task.WaitAsync(cancellationToken) : await task.WaitAsync(options.Timeout, CancellationToken.None);
        }
        catch (TimeoutException)
        {
            throw new MqttCommunicationTimedOutException();
        }
    }

    private static async Task RaiseAsync<T>(Func<T, Task>? handlers, T args)
    {
        foreach (Func<T, Task> handler in handlers?.GetInvocationList().Cast<Func<T, Task>>() ?? [])
        {
            await handler(args);
        }
    }

    private Connection Current()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return _connected && _connection is { } connection ? connection : throw new MqttClientNotConnectedException();
    }

    private void Refused(MqttClientConnectResult? result, Exception? exception)
    {
        _connection?.Dispose();
        _connection = null;
        _ = Task.Run(() => RaiseAsync(DisconnectedAsync, new MqttClientDisconnectedEventArgs(false, result, MqttClientDisconnectReason.UnspecifiedError, exception)));
    }

    private async Task DeliverAsync(Connection connection, string clientId)
    {
        await foreach (MqttApplicationMessage message in connection.Received.ReadAllAsync())
        {
            if (!_disposed)
            {
                await DeliverAsync(new MqttApplicationMessageReceivedEventArgs(clientId, message));
            }
        }
    }

    private async Task DeliverAsync(MqttApplicationMessageReceivedEventArgs args)
    {
        try
        {
            await RaiseAsync(ApplicationMessageReceivedAsync, args);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // As upstream: what a handler throws is the handler's loss, and the next message comes all the same.
        }
    }

    private async Task WatchAsync(Connection connection, Task delivered)
    {
        (MqttClientDisconnectReason reason, Exception? exception) = await connection.Ended;
        _connected = false;
        _connection = null;
        await delivered; // what came before the end is handed out before the end is told
        if (!_disposed)
        {
            await RaiseAsync(DisconnectedAsync, new MqttClientDisconnectedEventArgs(true, null, reason, exception));
        }
    }
}

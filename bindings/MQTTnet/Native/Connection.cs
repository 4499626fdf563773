using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Threading.Channels;
using MQTTnet.Adapter;
using MQTTnet.Exceptions;
using MQTTnet.Formatter;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace MQTTnet.Native;

/// <summary>
/// One connection: a native client and the thread that drives it. The thread connects, loops and frees; the library's
/// callbacks come on it alone. They only complete tasks and fill a queue, so that no caller's code runs inside the library.
/// </summary>
internal sealed unsafe class Connection : IDisposable
{
    // The library cannot be woken to stop; this is how late it notices.
    private const int LoopMs = 250;

    private readonly Lock _gate = new();
    private readonly MqttClientOptions _options;
    private readonly MosquittoHandle _mosquitto;
    private readonly Dictionary<int, TaskCompletionSource<MqttClientPublishResult>> _publishes = [];
    private readonly Dictionary<int, TaskCompletionSource<MqttClientSubscribeResultItem>> _subscribes = [];
    private readonly TaskCompletionSource<MqttClientConnectResult> _connected = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<(MqttClientDisconnectReason, Exception?)> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Channel<MqttApplicationMessage> _received = Channel.CreateUnbounded<MqttApplicationMessage>();
    private volatile bool _stop;
    private bool _over;
    private int? _disconnectCode;
    private string? _lastError;

    internal Connection(MqttClientOptions options)
    {
        _options = options;
        _mosquitto = new MosquittoHandle(options.ClientId, options.CleanSession, this);
    }

    /// <summary>Completes at CONNACK, with whatever it says.</summary>
    internal Task<MqttClientConnectResult> Connected => _connected.Task;

    /// <summary>Completes when the connection is no more; never faults.</summary>
    internal Task<(MqttClientDisconnectReason Reason, Exception? Exception)> Ended => _ended.Task;

    /// <summary>Messages in the order of arrival; completes with the connection.</summary>
    internal ChannelReader<MqttApplicationMessage> Received => _received.Reader;

    internal void Start() => new Thread(Run) { IsBackground = true, Name = "mqtt" }.Start();

    internal Task<MqttClientPublishResult> Publish(MqttApplicationMessage message)
    {
        nint properties = Properties.Of(message);
        try
        {
            ReadOnlySpan<byte> payload = message.Payload.IsSingleSegment ? message.Payload.FirstSpan : message.Payload.ToArray();
            TaskCompletionSource<MqttClientPublishResult> done = new(TaskCreationOptions.RunContinuationsAsynchronously);
            lock (_gate) // held over the call: the answer may come on the other thread before the identifier is known here
            {
                ThrowIfOver();
                int error = Mosquitto.Publish(
                    _mosquitto, out int id, message.Topic, payload.Length, payload, (int)message.QualityOfServiceLevel, message.Retain, properties);
                ThrowIf(error);
                _publishes[id] = done;
            }

            return done.Task;
        }
        finally
        {
            Mosquitto.FreeProperties(ref properties);
        }
    }

    internal Task<MqttClientSubscribeResultItem> Subscribe(string filter, MqttQualityOfServiceLevel level)
    {
        TaskCompletionSource<MqttClientSubscribeResultItem> done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            ThrowIfOver();
            ThrowIf(Mosquitto.Subscribe(_mosquitto, out int id, filter, (int)level, 0, 0));
            _subscribes[id] = done;
        }

        return done.Task;
    }

    /// <summary>Queues DISCONNECT behind what is queued already; <see cref="Ended"/> completes when it is out.</summary>
    internal void Disconnect(MqttClientDisconnectOptionsReason reason)
    {
        lock (_gate)
        {
            if (!_over)
            {
                _disconnectCode = (int)reason;
                _ = Mosquitto.Disconnect(_mosquitto, (int)reason, 0); // an error means that the connection just broke: Ended tells
            }
        }
    }

    /// <summary>Lets the connection fall without DISCONNECT: the server sends the will. Does not wait for the thread.</summary>
    public void Dispose()
    {
        _stop = true;
        _received.Writer.TryComplete();
    }

    private void Run()
    {
        Exception? failure = null;
        try
        {
            Open();
            while (!_stop && !_over)
            {
                int error = Mosquitto.Loop(_mosquitto, LoopMs, 1);
                if (error != 0)
                {
                    failure = _over ? null : Broken(error, Marshal.GetLastPInvokeError());
                    break;
                }
            }
        }
        catch (Exception e) // nobody could catch it on this thread; whoever waits gets it
        {
            failure = e;
        }

        End(failure);
    }

    private void Open()
    {
        using TlsFiles? files = _options.Tls?.UseTls == true ? new TlsFiles() : null;
        ThrowIf(Mosquitto.SetThreaded(_mosquitto, true)); // other threads queue packets, only this one writes
        ThrowIf(Mosquitto.SetOption(_mosquitto, Mosquitto.OptionProtocolVersion, (int)_options.ProtocolVersion));
        ThrowIf(Mosquitto.SetOption(_mosquitto, Mosquitto.OptionSendMaximum, 0)); // no limit of the library's own, as upstream
        ThrowIf(Mosquitto.SetOption(_mosquitto, Mosquitto.OptionTcpNoDelay, 1));
        Mosquitto.OnConnect(_mosquitto, &ConnectCallback);
        Mosquitto.OnDisconnect(_mosquitto, &DisconnectCallback);
        Mosquitto.OnPublish(_mosquitto, &PublishCallback);
        Mosquitto.OnSubscribe(_mosquitto, &SubscribeCallback);
        Mosquitto.OnMessage(_mosquitto, &MessageCallback);
        Mosquitto.OnLog(_mosquitto, &LogCallback);
        if (_options.UserName is not null)
        {
            ThrowIf(Mosquitto.SetCredentials(_mosquitto, _options.UserName, _options.Password));
        }

        files?.Apply(_mosquitto, _options.Tls!);
        SetWill();
        int keepAlive = _options.KeepAlivePeriod == TimeSpan.Zero ? 0 : Math.Clamp((int)_options.KeepAlivePeriod.TotalSeconds, 5, ushort.MaxValue);
        bool five = _options.ProtocolVersion == MqttProtocolVersion.V500;
        nint properties = five ? Properties.OfConnect(_options) : 0;
        int error = Mosquitto.Connect(_mosquitto, _options.Host, _options.Port, keepAlive, null, properties);
        int errno = Marshal.GetLastPInvokeError();
        Mosquitto.FreeProperties(ref properties);
        if (error != 0)
        {
            throw Broken(error, errno);
        }
    }

    private void SetWill()
    {
        if (_options.WillTopic is null)
        {
            return;
        }

        nint properties = _options.ProtocolVersion == MqttProtocolVersion.V500 ? Properties.OfWill(_options) : 0;
        byte[] payload = _options.WillPayload ?? [];
        int error = Mosquitto.SetWill(
            _mosquitto, _options.WillTopic, payload.Length, payload, (int)_options.WillQualityOfServiceLevel, _options.WillRetain, properties);
        if (error != 0)
        {
            Mosquitto.FreeProperties(ref properties);
            ThrowIf(error);
        }
    }

    private void End(Exception? failure)
    {
        List<Action> waiting = [];
        lock (_gate)
        {
            _over = true;
            waiting.AddRange(_publishes.Values.Select(task => (Action)(() => task.TrySetException(new MqttClientDisconnectedException(failure)))));
            waiting.AddRange(_subscribes.Values.Select(task => (Action)(() => task.TrySetException(new MqttClientDisconnectedException(failure)))));
            _publishes.Clear();
            _subscribes.Clear();
        }

        _mosquitto.Dispose();
        waiting.ForEach(fail => fail());
        _received.Writer.TryComplete();
        _connected.TrySetException(failure switch
        {
            null or MqttConnectingFailedException => failure ?? new MqttConnectingFailedException("Error while authenticating. Connection closed.", null),
            MqttCommunicationException => failure,
            _ => new MqttCommunicationException(failure.Message, failure),
        });
        _ = _connected.Task.Exception; // observed: nobody waits for it after a time-out
        _ended.TrySetResult(((MqttClientDisconnectReason)(_disconnectCode ?? (int)MqttClientDisconnectReason.UnspecifiedError), failure));
    }

    private MqttCommunicationException Broken(int error, int errno)
    {
        string text = error == Mosquitto.ErrorAddress ? "the host name is not known" : Mosquitto.Describe(error, errno).TrimEnd('.');
        return new MqttCommunicationException(_lastError is null ? $"{text}." : $"{text} ({_lastError}).");
    }

    private void ThrowIfOver()
    {
        if (_over)
        {
            throw new MqttClientNotConnectedException();
        }
    }

    private static void ThrowIf(int error)
    {
        if (error != 0)
        {
            throw new MqttCommunicationException(Mosquitto.Describe(error, 0));
        }
    }

    private static Connection Of(nint userData) => (Connection)GCHandle.FromIntPtr(userData).Target!;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void ConnectCallback(nint mosquitto, nint userData, int code, int flags, nint properties)
    {
        Connection connection = Of(userData);
        bool five = connection._options.ProtocolVersion == MqttProtocolVersion.V500;
        MqttClientConnectResult result = new() { IsSessionPresent = (flags & 1) != 0, RetainAvailable = true };
        result.ResultCode = code switch // return codes of MQTT 3.1.1, table 3.1
        {
            1 => MqttClientConnectResultCode.UnsupportedProtocolVersion,
            2 => MqttClientConnectResultCode.ClientIdentifierNotValid,
            3 => MqttClientConnectResultCode.ServerUnavailable,
            4 => MqttClientConnectResultCode.BadUserNameOrPassword,
            5 => MqttClientConnectResultCode.NotAuthorized,
            _ => (MqttClientConnectResultCode)code,
        };
        if (five)
        {
            result.MaximumQoS = Mosquitto.ReadByte(properties, Properties.MaximumQoS, out byte level, false) != 0
                ? (MqttQualityOfServiceLevel)level : MqttQualityOfServiceLevel.ExactlyOnce;
            result.RetainAvailable = Mosquitto.ReadByte(properties, Properties.RetainAvailable, out byte retain, false) == 0 || retain != 0;
            result.ReceiveMaximum = Mosquitto.ReadInt16(properties, Properties.ReceiveMaximum, out ushort window, false) != 0 ? window : (ushort)0;
            result.MaximumPacketSize = Mosquitto.ReadInt32(properties, Properties.MaximumPacketSize, out uint size, false) != 0 ? size : 0;
            result.ReasonString = Properties.Text(properties, Properties.ReasonString);
        }

        connection._connected.TrySetResult(result);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void DisconnectCallback(nint mosquitto, nint userData, int code, nint properties)
    {
        Connection connection = Of(userData);
        lock (connection._gate)
        {
            // After a DISCONNECT of ours the library calls with 0; below 0x80 it is an error of the library's own, which the loop returns too.
            connection._over = code == 0 || code >= 0x80;
            connection._disconnectCode ??= code >= 0x80 ? code : null;
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void PublishCallback(nint mosquitto, nint userData, int id, int code, nint properties)
    {
        Connection connection = Of(userData);
        TaskCompletionSource<MqttClientPublishResult>? done;
        lock (connection._gate)
        {
            connection._publishes.Remove(id, out done);
        }

        done?.TrySetResult(new MqttClientPublishResult(
            (ushort)id, (MqttClientPublishReasonCode)code, Properties.Text(properties, Properties.ReasonString), Array.Empty<MqttUserProperty>()));
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void SubscribeCallback(nint mosquitto, nint userData, int id, int count, int* granted, nint properties)
    {
        Connection connection = Of(userData);
        TaskCompletionSource<MqttClientSubscribeResultItem>? done;
        lock (connection._gate)
        {
            connection._subscribes.Remove(id, out done);
        }

        done?.TrySetResult(new MqttClientSubscribeResultItem((MqttClientSubscribeResultCode)(count > 0 ? granted[0] : 0x80)));
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void MessageCallback(nint mosquitto, nint userData, NativeMessage* native, nint properties)
    {
        MqttApplicationMessage message = new()
        {
            Topic = Marshal.PtrToStringUTF8(native->Topic) ?? "",
            Payload = new ReadOnlySequence<byte>(new ReadOnlySpan<byte>((void*)native->Payload, native->PayloadLength).ToArray()),
            QualityOfServiceLevel = (MqttQualityOfServiceLevel)native->Qos,
            Retain = native->Retain != 0,
        };
        Properties.Read(properties, message);
        Of(userData)._received.Writer.TryWrite(message);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void LogCallback(nint mosquitto, nint userData, int level, nint text)
    {
        if (level == Mosquitto.LogError)
        {
            Of(userData)._lastError = Marshal.PtrToStringUTF8(text);
        }
    }
}

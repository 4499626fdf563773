using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Pipeline.Tests.Mqtt;

/// <summary>A packet as it came: first byte of the header, and what follows the length.</summary>
internal sealed record Packet(byte Header, byte[] Body)
{
    internal int Type => Header >> 4;

    internal int Level => (Header >> 1) & 3;

    internal bool Retain => (Header & 1) != 0;

    /// <summary>Of a CONNECT.</summary>
    internal int Version => Body[6];

    /// <summary>Of a PUBLISH.</summary>
    internal string Topic => Encoding.UTF8.GetString(Body, 2, BinaryPrimitives.ReadUInt16BigEndian(Body));

    internal byte[] Id => Body[(2 + Topic.Length)..(4 + Topic.Length)];

    internal bool Holds(string text) => Encoding.UTF8.GetString(Body).Contains(text, StringComparison.Ordinal);
}

/// <summary>A broker that says what the test tells it to: the answers that mosquitto never gives. It keeps no messages.</summary>
internal sealed class ScriptedBroker : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal ScriptedBroker()
    {
        _listener.Start();
        _ = AcceptAsync();
    }

    internal int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Answer to a CONNECT, without its fixed header: flags, code, and in MQTT 5 properties.</summary>
    internal Func<Packet, byte[]> Connack { get; set; } = connect => connect.Version == 5 ? [0, 0, 0] : [0, 0];

    /// <summary>PUBACK's reason code for a PUBLISH; null closes the connection instead.</summary>
    internal Func<Packet, byte?> Puback { get; set; } = _ => 0;

    /// <summary>Acknowledges no event until <see cref="Release"/>.</summary>
    internal bool HoldAcknowledgements { get; init; }

    internal ConcurrentQueue<Packet> Received { get; } = [];

    /// <summary>Every PUBLISH, as it arrives.</summary>
    internal event Action<Packet>? Arrived;

    internal void Release() => _released.TrySetResult();

    /// <summary>Waits for a PUBLISH that has or will have arrived.</summary>
    internal async Task WaitAsync(Func<Packet, bool> wanted)
    {
        TaskCompletionSource came = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Arrived += packet => _ = wanted(packet) && came.TrySetResult();
        if (!Received.Any(packet => packet.Type == 3 && wanted(packet)))
        {
            await came.Task.WaitAsync(Inbox.Limit);
        }
    }

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await _listener.AcceptTcpClientAsync());
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // the test is over
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using TcpClient owned = client;
        NetworkStream stream = client.GetStream();
        try
        {
            bool five = true;
            while (true)
            {
                Packet packet = await ReadAsync(stream);
                Received.Enqueue(packet);
                if (packet.Type == 3)
                {
                    Arrived?.Invoke(packet);
                }

                switch (packet.Type)
                {
                    case 1:
                        byte[] answer = Connack(packet);
                        five = packet.Version == 5;
                        await stream.WriteAsync((byte[])[0x20, (byte)answer.Length, .. answer]);
                        if (answer[1] != 0)
                        {
                            return;
                        }

                        break;
                    case 3 when packet.Level == 1:
                        if (Puback(packet) is not { } code)
                        {
                            return;
                        }

                        byte[] puback = five ? [0x40, 3, .. packet.Id, code] : [0x40, 2, .. packet.Id];
                        if (HoldAcknowledgements && !_released.Task.IsCompleted && packet.Topic.EndsWith("/events", StringComparison.Ordinal))
                        {
                            _ = _released.Task.ContinueWith(_ => stream.Write(puback), TaskScheduler.Default);
                            break;
                        }

                        await stream.WriteAsync(puback);
                        break;
                    case 12:
                        await stream.WriteAsync((byte[])[0xD0, 0]);
                        break;
                    case 14:
                        return;
                }
            }
        }
        catch (IOException)
        {
            // the other side went
        }
    }

    private static async Task<Packet> ReadAsync(NetworkStream stream)
    {
        byte[] one = new byte[1];
        await stream.ReadExactlyAsync(one);
        byte header = one[0];
        int length = 0;
        for (int shift = 0; ; shift += 7)
        {
            await stream.ReadExactlyAsync(one);
            length |= (one[0] & 0x7F) << shift;
            if ((one[0] & 0x80) == 0)
            {
                break;
            }
        }

        byte[] body = new byte[length];
        await stream.ReadExactlyAsync(body);
        return new Packet(header, body);
    }
}

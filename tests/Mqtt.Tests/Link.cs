using System.Net;
using System.Net.Sockets;

namespace Pipeline.Tests.Mqtt;

/// <summary>The link between publisher and broker, which can be cut. While closed it refuses.</summary>
internal sealed class Link : IDisposable
{
    private readonly int _target;
    private readonly Lock _gate = new();
    private readonly List<TcpClient> _open = [];
    private TcpListener _listener;

    internal Link(int target)
    {
        _target = target;
        _listener = new TcpListener(IPAddress.Loopback, 0);
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _ = AcceptAsync(_listener);
    }

    internal int Port { get; }

    internal void Open()
    {
        _listener = new TcpListener(IPAddress.Loopback, Port);
        _listener.Start();
        _ = AcceptAsync(_listener);
    }

    internal void Close()
    {
        _listener.Dispose();
        lock (_gate)
        {
            _open.ForEach(client => client.Dispose());
            _open.Clear();
        }
    }

    public void Dispose() => Close();

    private async Task AcceptAsync(TcpListener listener)
    {
        try
        {
            while (true)
            {
                TcpClient near = await listener.AcceptTcpClientAsync();
                TcpClient far = new();
                lock (_gate)
                {
                    _open.Add(near);
                    _open.Add(far);
                }

                _ = JoinAsync(near, far);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // closed
        }
    }

    private async Task JoinAsync(TcpClient near, TcpClient far)
    {
        try
        {
            await far.ConnectAsync(IPAddress.Loopback, _target);
            Task there = near.GetStream().CopyToAsync(far.GetStream());
            Task back = far.GetStream().CopyToAsync(near.GetStream());
            await Task.WhenAny(there, back);
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // one side went
        }
        finally
        {
            near.Dispose();
            far.Dispose();
        }
    }
}

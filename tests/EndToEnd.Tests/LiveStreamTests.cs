using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using OpenCvSharp;

namespace Pipeline.Tests.EndToEnd;

/// <summary>A camera that is reached over the network, comes, goes and comes back.</summary>
public sealed class LiveStreamTests : IDisposable
{
    private readonly Footage _footage = new();

    public void Dispose() => _footage.Dispose();

    [Fact]
    public async Task A_camera_over_HTTP_is_connected_again_and_control_C_ends_the_run_with_all_it_saw()
    {
        using MotionJpegServer camera = new();
        string url = $"http://reader:secret@127.0.0.1:{camera.Port}/door.mjpg?token=t0ken";
        using PipelineProcess process = PipelineProcess.Start(
            "run", url, "--output", _footage.In("out"), "--detector", "hog", "--set", "ingest.reconnect_after_ms=100", "--set", "ingest.reconnect_at_most_ms=200");

        await process.UntilAsync(() => camera.Served >= 3 && process.Output.Split("ended or fell silent").Length > 3);
        await process.InterruptAsync();
        int code = await process.EndAsync();

        Assert.True(code == 1, process.Output); // connections were lost
        Assert.Contains($"camera 127-0-0-1-door-mjpg: http://***@127.0.0.1:{camera.Port}/door.mjpg?*** ended or fell silent. It is connected again.", process.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", process.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("t0ken", process.Output, StringComparison.Ordinal);
        JsonElement summary = Results.Summary(_footage.In("out"));
        JsonElement seen = Assert.Single(summary.GetProperty("cameras").EnumerateArray());
        Assert.True(seen.GetProperty("segments").GetInt32() >= 3, process.Output); // each connection is one
        Assert.True(seen.GetProperty("frames_analysed").GetInt64() >= 3, process.Output);
        Assert.Equal("arrival", seen.GetProperty("time_source").GetString());
        JsonElement problem = Assert.Single(summary.GetProperty("problems").EnumerateArray()); // told once, counted
        Assert.EndsWith(" times)", problem.GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain("secret", await File.ReadAllTextAsync(_footage.In("out", "summary.json")), StringComparison.Ordinal);
    }

    /// <summary>Sends twenty pictures in a second to whoever connects, then hangs up; every second connection is dropped at once.</summary>
    private sealed class MotionJpegServer : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private int _served;

        internal MotionJpegServer()
        {
            _listener.Start();
            _ = AcceptAsync();
        }

        internal int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

        /// <summary>Connections that were served to their end.</summary>
        internal int Served => Volatile.Read(ref _served);

        public void Dispose() => _listener.Dispose();

        private async Task AcceptAsync()
        {
            try
            {
                for (int connection = 0; ; connection++)
                {
                    using TcpClient client = await _listener.AcceptTcpClientAsync();
                    if (connection % 2 == 0)
                    {
                        await ServeAsync(client.GetStream());
                        Interlocked.Increment(ref _served);
                    }
                }
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // the test is over
            }
        }

        private static async Task ServeAsync(NetworkStream stream)
        {
            try
            {
                _ = await stream.ReadAsync(new byte[4096]); // an unread request would reset the connection at its end
                await stream.WriteAsync(Encoding.ASCII.GetBytes("HTTP/1.0 200 OK\r\nContent-Type: video/x-motion-jpeg\r\n\r\n"));
                using PeriodicTimer pace = new(TimeSpan.FromMilliseconds(50)); // a camera's own clock
                for (int i = 0; i < 20 && await pace.WaitForNextTickAsync(); i++)
                {
                    using Mat picture = Footage.Picture(i % 15, 96, 128);
                    await stream.WriteAsync(picture.ToBytes(".jpg"));
                }
            }
            catch (IOException)
            {
                // the program hung up first
            }
        }
    }
}

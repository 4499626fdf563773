using System.Diagnostics;
using System.Net.Sockets;

namespace Pipeline.Tests;

/// <summary>What has the name of a picture and is no file.</summary>
internal static class OddFile
{
    /// <summary>A pipe that nobody writes to: who opens it waits for ever.</summary>
    public static void Pipe(string path)
    {
        using Process make = Process.Start("mkfifo", [path]);
        make.WaitForExit();
        Assert.Equal(0, make.ExitCode);
    }

    /// <summary>A socket; its name stays when it is closed.</summary>
    public static void Socket(string path)
    {
        using Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(path[..^1]));
        File.Move(path[..^1], path); // closing removes the name that was bound
    }
}

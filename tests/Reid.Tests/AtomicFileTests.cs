using System.Diagnostics;
using Pipeline.Reid;

namespace Pipeline.Tests.Reid;

public sealed class AtomicFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_full_disk_is_said_with_the_remedy_and_the_old_contents_stay()
    {
        string path = _folder.Path("weights.safetensors");
        File.WriteAllText(path, "before");

        IOException full = Assert.Throws<IOException>(() => AtomicFile.Write(path, stream =>
        {
            stream.WriteByte(1);
            throw new IOException("No space left on device", 28); // as the system says it
        }));

        Assert.StartsWith($"cannot write '{path}': the disk is full. Free space in '{Path.GetDirectoryName(path)}'", full.Message, StringComparison.Ordinal);
        Assert.Equal("before", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFiles(Path.GetDirectoryName(path)!));
    }

    [Fact]
    public void What_a_killed_process_left_goes_and_what_a_running_one_writes_stays()
    {
        string path = _folder.Path("checkpoint.safetensors");
        using Process ended = Process.Start("true");
        ended.WaitForExit();
        string[] left = [$"{path}.{Environment.ProcessId}.partial", $"{path}.{ended.Id}.partial", $"{path}.mine.partial", path];
        Assert.All(left, file => File.WriteAllText(file, ""));

        AtomicFile.RemoveLeftovers(path);

        Assert.Equal(left.Where(file => file != left[1]).Order(), Directory.GetFiles(Path.GetDirectoryName(path)!).Order());
    }
}

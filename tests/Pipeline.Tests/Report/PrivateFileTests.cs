using Pipeline.Cli.Summary;

namespace Pipeline.Tests.Cli;

public sealed class PrivateFileTests : IDisposable
{
    private readonly CommandRun _run = new();

    public void Dispose() => _run.Dispose();

    [Fact]
    public void Write_that_breaks_off_leaves_what_was_there_and_nothing_else()
    {
        string file = _run.In("report.html");
        PrivateFile.Write(file, output => output.Write("whole"));

        Assert.Throws<IOException>(() => PrivateFile.Write(file, output =>
        {
            output.Write("half");
            throw new IOException("No space left on device");
        }));

        Assert.Equal("whole", File.ReadAllText(file));
        Assert.Equal([file], Directory.GetFiles(Path.GetDirectoryName(file)!));
    }
}

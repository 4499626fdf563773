using Pipeline.Cli.Running;

namespace Pipeline.Tests.Cli;

public sealed class OutputFolderTests
{
    [Fact]
    public void Create_names_a_folder_that_cannot_be_made_and_the_remedy()
    {
        string file = Path.GetTempFileName();
        try
        {
            IOException e = Assert.Throws<IOException>(() => OutputFolder.Create(Path.Combine(file, "out"), DateTimeOffset.UnixEpoch));

            Assert.StartsWith($"the folder '{file}/out' cannot be made: ", e.Message, StringComparison.Ordinal);
            Assert.EndsWith("Name another place with --output.", e.Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }
}

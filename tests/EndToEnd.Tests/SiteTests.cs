namespace Pipeline.Tests.EndToEnd;

/// <summary>Rendered sites through the whole program.</summary>
public sealed class SiteTests : IDisposable
{
    private readonly Footage _footage = new();

    public void Dispose() => _footage.Dispose();

    [Theory]
    [InlineData("--people: the routes of this site", "--cameras", "2", "--people", "900")]
    [InlineData("--minutes: 0.1 to 1440 minutes, got 0", "--minutes", "0")]
    [InlineData("--overlap: 0 to half of the cameras (2), got 3", "--cameras", "4", "--overlap", "3")]
    public async Task A_site_that_cannot_be_is_refused_before_anything_is_made(string message, params string[] arguments)
    {
        (int code, string text) = await PipelineProcess.RunAsync(["site", "generate", "--output", _footage.In("site"), .. arguments]);

        Assert.Equal(2, code);
        Assert.Contains(message, text, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_footage.In("site")));
    }
}

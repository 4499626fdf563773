using System.Text.Json;

namespace Pipeline.Tests.EndToEnd;

/// <summary>The rendered site that comes with the program, through the whole program.</summary>
public sealed class SiteTests : IDisposable
{
    private const double LeastIdf1 = .45; // far below what it reaches: what a broken link, truth or clock would not reach

    private readonly Footage _footage = new();

    public void Dispose() => _footage.Dispose();

    [Fact]
    public async Task The_sample_site_is_recognised_against_its_truth()
    {
        string site = Path.Combine(TestData.Root, "samples", "site"), output = _footage.In("out");

        (int code, string text) = await PipelineProcess.RunAsync("run", site, "--config", Path.Combine(site, "pipeline.yaml"), "--output", output, "--run.tracks", "true", "--no-mqtt");
        Assert.True(code == 0, text);
        (int scored, string scores) = await PipelineProcess.RunAsync("eval", "mtmc", "--truth", site, "--result", output, "--json");

        Assert.Equal(0, scored);
        double idf1 = JsonDocument.Parse(scores.Split('\n')[0]).RootElement.GetProperty("scores").GetProperty("all").GetProperty("identity").GetProperty("idf1").GetDouble();
        Assert.True(idf1 > LeastIdf1, $"IDF1 {idf1}");
    }

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

using System.Buffers.Binary;
using System.Text.Json;
using System.Xml.Linq;
using Pipeline.Cli.Commands;

namespace Pipeline.Tests.Cli;

public sealed class DaysBenchmarkTests : IDisposable
{
    private readonly CommandRun _run = new();

    public void Dispose() => _run.Dispose();

    [Fact]
    public async Task The_same_people_on_three_days_are_the_same_identities()
    {
        await MakeRunAsync();

        JsonElement[] rows = await MeasureAsync("--hours", "72", "--every", "24", "--strangers", "0");

        Assert.Equal([24, 48, 72], rows.Select(row => row.GetProperty("hours").GetDouble()));
        Assert.All(rows, row => Assert.Equal((3, 100), (row.GetProperty("identities").GetInt64(), row.GetProperty("as_at_first_percent").GetDouble())));
    }

    [Fact]
    public async Task Visitors_are_forgotten_so_that_the_gallery_stays_as_large_as_a_few_hours_make_it()
    {
        await MakeRunAsync();
        string plot = _run.In("days.svg");

        JsonElement[] rows = await MeasureAsync("--hours", "12", "--every", "0.1", "--strangers", "0.5", "--set", "linker.forget_after_ms=7200000", "--rows", "6", "--plot", plot);

        long[] identities = [.. rows.Select(row => row.GetProperty("identities").GetInt64())];
        Assert.True(identities[1] > 10);
        Assert.InRange(identities[^1], identities[1] / 2, identities[1] * 3 / 2); // after two hours as after twelve
        Assert.Equal(3, XDocument.Load(plot).Descendants().Count(element => element.Name.LocalName == "text" && element.Attribute("font-weight") is not null));
    }

    [Theory]
    [InlineData("--every", "0.0001")]
    [InlineData("--strangers", "2")]
    public async Task What_makes_no_sense_is_refused(string option, string value)
    {
        await MakeRunAsync();

        (ExitCode code, _, string error) = await CommandRun.RunAsync("benchmark", "days", _run.In("out"), option, value);

        Assert.Equal(ExitCode.WrongUse, code);
        Assert.Contains("Correct them", error, StringComparison.Ordinal);
    }

    private async Task<JsonElement[]> MeasureAsync(params string[] options)
    {
        (ExitCode code, string output, string error) = await CommandRun.RunAsync(["benchmark", "days", _run.In("out"), "--json", .. options]);
        Assert.True(code == ExitCode.Fine, error);
        return [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("result"))];
    }

    // Three people, all unlike each other, each at both cameras.
    private async Task MakeRunAsync()
    {
        const int dimension = 32;
        Directory.CreateDirectory(_run.In("tracks"));
        foreach ((string camera, int from) in new[] { ("hall", 1), ("door", 400) })
        {
            File.WriteAllText(_run.In($"tracks/{camera}.txt"), string.Concat(Enumerable.Range(0, 3).SelectMany(person => Enumerable.Range(from + (100 * person), 50)
                .Select(frame => FormattableString.Invariant($"{frame},{person + 1},{100 * person},{frame},40,80,1,1,1\n")))));
            byte[] features = new byte[2 * dimension * 150];
            for (int row = 0; row < 150; row++)
            {
                BinaryPrimitives.WriteHalfLittleEndian(features.AsSpan(2 * ((row * dimension) + (row / 50))), (Half)1);
                BinaryPrimitives.WriteHalfLittleEndian(features.AsSpan(2 * ((row * dimension) + 20 + (row / 50))), (Half)0.5);
            }

            File.WriteAllBytes(_run.In($"tracks/{camera}.f16"), features);
        }

        (ExitCode code, _, string error) = await CommandRun.RunAsync("link", _run.In("tracks"), "--output", _run.In("out"), "--no-mqtt");
        Assert.True(code == ExitCode.Fine, error);
    }
}

using System.Text.Json;
using Pipeline.Cli.Commands;

namespace Pipeline.Tests.Cli;

public sealed class DataCommandsTests : IDisposable
{
    private readonly CommandRun _run = new();

    public void Dispose() => _run.Dispose();

    [Fact]
    public async Task Data_check_shows_what_is_there_and_exits_with_0_when_nothing_is_wrong()
    {
        Pictures("anna/door", "anna/street", "bert/door", "bert/street");

        (ExitCode code, string output, _) = await CommandRun.RunAsync("data", "check", _run.In("people"), "--decode");

        Assert.Equal(ExitCode.Fine, code);
        Assert.Contains("layout plain", output, StringComparison.Ordinal);
        Assert.Contains("note: no query and no gallery", output, StringComparison.Ordinal);
        Assert.EndsWith("Nothing is wrong with it.\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Data_check_names_what_is_wrong_and_exits_with_1()
    {
        Pictures("anna/door");
        File.WriteAllText(_run.In("people", "anna", "door", "2.jpg"), "no picture");

        (ExitCode code, string output, _) = await CommandRun.RunAsync("data", "check", _run.In("people"), "--json");

        Assert.Equal(ExitCode.Losses, code);
        JsonElement report = JsonDocument.Parse(output).RootElement;
        Assert.Equal("plain", report.GetProperty("layout").GetString());
        Assert.Equal(2, report.GetProperty("parts")[0].GetProperty("pictures").GetInt32());
        string[] problems = [.. report.GetProperty("problems").EnumerateArray().Select(p => p.GetString()!)];
        Assert.Contains(problems, p => p.Contains("2.jpg': begins neither as JPEG", StringComparison.Ordinal));
        Assert.Contains(problems, p => p.StartsWith("train: 1 person;", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Data_check_refuses_a_layout_that_is_not_known()
    {
        (ExitCode code, _, string error) = await CommandRun.RunAsync("data", "check", ".", "--layout", "imagenet");

        Assert.Equal(ExitCode.WrongUse, code);
        Assert.Contains("imagenet", error, StringComparison.Ordinal);
    }

    private void Pictures(params string[] places)
    {
        foreach (string place in places)
        {
            string folder = _run.In(["people", .. place.Split('/')]);
            Directory.CreateDirectory(folder);
            File.WriteAllBytes(Path.Combine(folder, "1.png"), SamplePicture.Png(1));
        }
    }
}

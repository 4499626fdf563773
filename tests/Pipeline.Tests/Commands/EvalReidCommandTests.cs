using System.Text.Json;
using Pipeline.Cli.Commands;
using Pipeline.Reid;

namespace Pipeline.Tests.Cli;

public sealed class EvalReidCommandTests : IDisposable
{
    private readonly CommandRun _run = new();

    public void Dispose() => _run.Dispose();

    [Fact]
    public async Task Json_has_the_measures_of_the_first_protocol_at_the_top_as_fractions()
    {
        People(6, views: 8);

        (ExitCode code, string output, _) = await CommandRun.RunAsync("eval", "reid", "--data", _run.In("people"), "--json");

        Assert.Equal(ExitCode.Fine, code);
        JsonElement score = JsonDocument.Parse(output).RootElement;
        Assert.Equal(("picture", "c1 asks c2", 96), (score.GetProperty("protocol").GetString(), score.GetProperty("direction").GetString(), score.GetProperty("pictures").GetInt32()));
        Assert.All((string[])["rank1", "rank5", "rank10", "map", "minp"], name => Assert.InRange(score.GetProperty(name).GetDouble(), 0.1, 1));
        Assert.Equal(6, score.GetProperty("protocols").GetArrayLength());
    }

    [Fact]
    public async Task Models_stand_side_by_side_and_the_page_holds_everything()
    {
        People(4, views: 2);

        (ExitCode code, string output, string error) = await CommandRun.RunAsync(
            "eval", "reid", "--data", _run.In("people"), "--reid-model", "colour,default", "--protocol", "picture", "--open-set", "--report", _run.In("page.html"), "--rerank");

        Assert.Equal((ExitCode.Fine, true), (code, error.Contains("no network", StringComparison.Ordinal)));
        Assert.Contains("default", output, StringComparison.Ordinal);
        Assert.Contains("rank-10", output, StringComparison.Ordinal);
        string page = File.ReadAllText(_run.In("page.html"));
        Assert.Contains("data:image/jpeg;base64,", page, StringComparison.Ordinal);
        Assert.Contains("needs at least 3000 pairs of different people, there are 6", page, StringComparison.Ordinal);
        Assert.Contains("<polyline", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
        Assert.DoesNotContain("http:", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Centred_cameras_are_said_in_table_and_record_and_change_the_scores()
    {
        People(6, views: 8);
        string[] arguments = ["eval", "reid", "--data", _run.In("people"), "--reid-model", "colour", "--protocol", "picture"];

        (_, string plain, _) = await CommandRun.RunAsync([.. arguments, "--json"]);
        (ExitCode code, string centred, _) = await CommandRun.RunAsync([.. arguments, "--json", "--centre-cameras"]);
        (_, string table, _) = await CommandRun.RunAsync([.. arguments, "--centre-cameras"]);

        Assert.Equal(ExitCode.Fine, code);
        (JsonElement before, JsonElement after) = (JsonDocument.Parse(plain).RootElement, JsonDocument.Parse(centred).RootElement);
        Assert.Equal((false, true), (before.GetProperty("cameras_centred").GetBoolean(), after.GetProperty("cameras_centred").GetBoolean()));
        Assert.NotEqual(before.GetProperty("map").GetDouble(), after.GetProperty("map").GetDouble());
        Assert.Contains("colour, centred", table, StringComparison.Ordinal);
        Assert.Contains("Cameras centred: each feature without the mean of all pictures", table, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("camera c1: 2 pictures are too few", "--data", "people", "--reid-model", "colour", "--centre-cameras")]
    [InlineData("no such folder", "--data", "nowhere")]
    [InlineData("no such file, and no network of that name", "--data", "people", "--reid-model", "nobody")]
    [InlineData("--rate is above 0 and below 1, got 2", "--data", "people", "--rate", "2")]
    [InlineData("Option '--data' is required", "--json")]
    public async Task What_cannot_be_evaluated_is_said_in_a_line(string message, params string[] arguments)
    {
        People(2, views: 1);
        string[] placed = [.. arguments.Select(a => a is "people" or "nowhere" ? _run.In(a) : a)];

        (ExitCode code, _, string error) = await CommandRun.RunAsync(["eval", "reid", .. placed]);

        Assert.Equal(ExitCode.WrongUse, code);
        Assert.Contains(message, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_camera_cannot_be_evaluated()
    {
        People(2, views: 2);
        File.WriteAllText(_run.In("m.csv"), "file,role,person,camera\np1/c1/v1.jpg,query,p1,c1\np1/c1/v2.jpg,gallery,p1,c1\n");

        (ExitCode code, _, string error) = await CommandRun.RunAsync("eval", "reid", "--data", _run.In("people"), "--manifest", _run.In("m.csv"));

        Assert.Equal(ExitCode.WrongUse, code);
        Assert.Contains("no query has a right answer in another camera", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_person_alone_cannot_be_evaluated()
    {
        People(1, views: 2);

        (ExitCode code, string output, string error) = await CommandRun.RunAsync("eval", "reid", "--data", _run.In("people"), "--reid-model", "colour");

        Assert.Equal((ExitCode.WrongUse, ""), (code, output));
        Assert.Contains("every picture is of person p1: no answer can be wrong", error, StringComparison.Ordinal);
    }

    // People are plain colours of their own, darker in the second camera, with some noise.
    private void People(int count, int views)
    {
        List<string> manifest = ["file,role,person,camera"];
        for (int person = 1; person <= count; person++)
        {
            foreach (int camera in (int[])[1, 2])
            {
                for (int view = 1; view <= views; view++)
                {
                    string file = $"p{person}/c{camera}/v{view}.jpg";
                    Directory.CreateDirectory(Path.GetDirectoryName(_run.In("people", file))!);
                    Random random = new((person * 1000) + (camera * 100) + view);
                    byte[] colour = [(byte)(person * 67), (byte)(person * 131), (byte)(person * 29)];
                    byte[] bgr = [.. Enumerable.Range(0, 24 * 64 * 3).Select(i => (byte)Math.Clamp((colour[i % 3] / camera) + random.Next(-12, 12), 0, 255))];
                    File.WriteAllBytes(_run.In("people", file), PictureIo.ToJpeg(new Picture(24, 64, bgr)));
                    manifest.Add($"{file},{(camera == 1 ? "query" : "gallery")},p{person},c{camera}");
                }
            }
        }

        File.WriteAllLines(_run.In("people", "manifest.csv"), manifest);
    }
}

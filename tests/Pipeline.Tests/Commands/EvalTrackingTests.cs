using System.Text.Json;
using Pipeline.Cli.Commands;

namespace Pipeline.Tests.Cli;

public sealed class EvalTrackingTests : IDisposable
{
    private readonly CommandRun _run = new();

    public void Dispose() => _run.Dispose();

    [Fact]
    public async Task Mot_scores_a_file_and_gives_machines_every_digit()
    {
        Write("gt.txt", Walk(1, 10, id: 7));
        Write("out.txt", Walk(1, 5, id: 1) + Walk(6, 10, id: 2));

        (ExitCode code, string output, _) = await CommandRun.RunAsync("eval", "mot", "--truth", _run.In("gt.txt"), "--result", _run.In("out.txt"), "--json");

        Assert.Equal(ExitCode.Fine, code);
        JsonElement scores = JsonDocument.Parse(output).RootElement.GetProperty("scores");
        Assert.Equal(0.5, scores.GetProperty("identity").GetProperty("idf1").GetDouble(), 12);
        Assert.Equal(0.9, scores.GetProperty("clear").GetProperty("mota").GetDouble(), 12);
        Assert.Equal(Math.Sqrt(0.5), scores.GetProperty("hota").GetProperty("mean").GetDouble(), 12);
    }

    [Fact]
    public async Task Mot_pools_the_sequences_of_folders_and_names_those_without_truth()
    {
        Write("truth/a/gt/gt.txt", Walk(1, 10, id: 1));
        Write("truth/b.gt.txt", Walk(1, 30, id: 1));
        Write("found/a.txt", Walk(1, 10, id: 1));
        Write("found/b.txt", "");
        Write("found/c.txt", "");

        (ExitCode code, string output, string error) = await CommandRun.RunAsync("eval", "mot", "--truth", _run.In("truth"), "--result", _run.In("found"));

        Assert.Equal(ExitCode.Losses, code);
        Assert.Contains("no truth for c", error, StringComparison.Ordinal);
        string combined = output.Split('\n').Single(line => line.Contains("COMBINED", StringComparison.Ordinal));
        Assert.Contains("40", combined, StringComparison.Ordinal); // frames
        Assert.Contains("25.0", combined, StringComparison.Ordinal); // MOTA: 10 of 40
    }

    [Fact]
    public async Task Output_of_a_recording_finds_its_truth()
    {
        Write("truth/hall/0800.gt.txt", Walk(1, 10, id: 1));
        Write("found/hall/0800.mp4.txt", Walk(1, 1, id: 1) + Walk(5, 5, id: 1) + Walk(10, 10, id: 1));
        Write("found/hall/0800.mp4.frames.txt", "1\n5\n10\n");

        (ExitCode code, string output, string error) = await CommandRun.RunAsync("eval", "mtmc", "--truth", _run.In("truth"), "--result", _run.In("found"), "--json");

        Assert.True(code == ExitCode.Fine, error);
        Assert.Equal(1, JsonDocument.Parse(output).RootElement.GetProperty("scores").GetProperty("all").GetProperty("identity").GetProperty("idf1").GetDouble());
    }

    [Theory]
    [InlineData(50, true)]
    [InlineData(95, false)]
    public async Task Output_that_ends_long_before_its_truth_is_told(int last, bool told)
    {
        Write("truth/a.txt", Walk(1, 100, id: 1));
        Write("found/a.txt", Walk(1, last, id: 1));

        (ExitCode code, _, string error) = await CommandRun.RunAsync("eval", "mtmc", "--truth", _run.In("truth"), "--result", _run.In("found"));

        Assert.Equal(ExitCode.Fine, code);
        Assert.Equal(told, error.Contains($"a: the output ends at frame {last}, the truth at frame 100", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("1,1,0,0,10,10,1,1,1\n1,1,50,0,10,10,1,1,1\n", "id 1 is twice in frame 1")]
    [InlineData("1,1,0,0,ten,10\n", "line 1, column 5: a number is needed, got 'ten'")]
    [InlineData("1,1,0\n", "frame,id,x,y,w,h are needed, got 3 columns")]
    [InlineData("11,1,0,0,10,10,1,1,1\n", "goes to frame 11, its truth")]
    [InlineData("0,1,0,0,10,10,1,1,1\n", "frames 1 to 10 are allowed, got 0")]
    [InlineData("1,1,0,0,10,10,1,3,1\n", "class 1 or -1 is needed")]
    public async Task Mot_refuses_output_that_cannot_be_scored_and_says_why(string result, string message)
    {
        Write("gt.txt", Walk(1, 10, id: 1));
        Write("out.txt", result);

        (ExitCode code, _, string error) = await CommandRun.RunAsync("eval", "mot", "--truth", _run.In("gt.txt"), "--result", _run.In("out.txt"));

        Assert.Equal(ExitCode.WrongUse, code);
        Assert.Contains(message, error, StringComparison.Ordinal);
        Assert.Single(error.Trim().Split('\n'));
    }

    [Fact]
    public async Task Mot_takes_the_length_of_the_sequence_from_its_facts_or_from_the_user()
    {
        Write("a/seqinfo.ini", "[Sequence]\nseqLength=20\n");
        Write("a/gt.txt", Walk(1, 10, id: 1));
        Write("b.txt", Walk(1, 10, id: 1));
        Write("out.txt", Walk(1, 20, id: 1));

        Assert.Equal(ExitCode.Fine, (await CommandRun.RunAsync("eval", "mot", "--truth", _run.In("a", "gt.txt"), "--result", _run.In("out.txt"))).Code);
        Assert.Equal(ExitCode.Fine, (await CommandRun.RunAsync("eval", "mot", "--truth", _run.In("b.txt"), "--result", _run.In("out.txt"), "--length", "20")).Code);
        Assert.Equal(ExitCode.WrongUse, (await CommandRun.RunAsync("eval", "mot", "--truth", _run.In("b.txt"), "--result", _run.In("out.txt"))).Code);
    }

    [Fact]
    public async Task Places_in_the_world_are_no_classes()
    {
        Write("gt.txt", "1,1,10,20,30,80,1,4.4852,5.5016,0\n2,1,11,20,30,80,1,5,5.5016,0\n");
        Write("out.txt", Walk(1, 2, id: 1));

        (_, string output, _) = await CommandRun.RunAsync("eval", "mot", "--truth", _run.In("gt.txt"), "--result", _run.In("out.txt"));

        Assert.Contains("rules: mot15", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Track_takes_the_frame_rate_from_the_facts_of_the_sequence()
    {
        Write("slow/seqinfo.ini", "[Sequence]\nframeRate=5\n");
        Write("slow/det/det.txt", Walk(1, 10, id: -1) + Walk(25, 35, id: -1)); // unseen for 3 s, longer than a track is kept
        Write("fast/det.txt", Walk(1, 10, id: -1) + Walk(25, 35, id: -1)); // half a second

        Assert.Contains("2 tracks", (await CommandRun.RunAsync("track", "--detections", _run.In("slow", "det", "det.txt"), "--output", _run.In("slow.txt"))).Output, StringComparison.Ordinal);
        Assert.Contains("1 tracks", (await CommandRun.RunAsync("track", "--detections", _run.In("fast", "det.txt"), "--output", _run.In("fast.txt"))).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Benchmark_tracking_scores_each_sequence_under_what_does_best_on_the_others()
    {
        foreach (string sequence in new[] { "a", "b", "c" })
        {
            Write($"set/{sequence}/gt.txt", Walk(1, 40, id: 1));
            Write($"set/{sequence}/det.txt", Walk(1, 10, id: -1) + Walk(25, 40, id: -1));
        }

        (ExitCode code, string output, _) = await CommandRun.RunAsync(
            "benchmark", "tracking", _run.In("set"), "--tracker.max_lost_ms", "100", "--try", "tracker.max_lost_ms=2000,tracker.min_hits=1", "--json");

        Assert.Equal(ExitCode.Fine, code);
        JsonElement[] rows = [.. output.Trim().Split('\n').Select(line => JsonDocument.Parse(line).RootElement.GetProperty("result"))];
        Assert.Equal(4, rows.Length); // three and all of them pooled
        Assert.All(rows, row => Assert.True(row.GetProperty("held_out_IDF1").GetDouble() > row.GetProperty("IDF1").GetDouble()));
        Assert.All(rows.Take(3), row => Assert.StartsWith("tracker.max_lost_ms=2000", row.GetProperty("chosen_on_the_others").GetString(), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("--try", "tracker.max_lost_ms", "KEY=VALUE with commas between is needed")]
    [InlineData("--second-half", "det.txt", "has no folder with gt.txt and det*.txt")]
    public async Task Benchmark_tracking_says_what_it_needs(string option, string value, string message)
    {
        (ExitCode code, _, string error) = await CommandRun.RunAsync("benchmark", "tracking", _run.In("nowhere"), option, value);

        Assert.Equal(ExitCode.WrongUse, code);
        Assert.Contains(message, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Mtmc_scores_one_identity_space_per_camera_pair_and_person()
    {
        Write("truth/cam1.txt", Walk(1, 10, id: 1) + Walk(1, 10, id: 2, left: 200));
        Write("truth/cam2.txt", Walk(1, 10, id: 1));
        Write("found/cam1.txt", Walk(1, 10, id: 5) + Walk(1, 10, id: 6, left: 200));
        Write("found/cam2.txt", Walk(1, 10, id: 6)); // linked to the wrong person

        (ExitCode code, string output, _) = await CommandRun.RunAsync("eval", "mtmc", "--truth", _run.In("truth"), "--result", _run.In("found"), "--json");

        Assert.Equal(ExitCode.Fine, code);
        JsonElement scores = JsonDocument.Parse(output).RootElement.GetProperty("scores");
        Assert.Equal(1, scores.GetProperty("apart").GetProperty("identity").GetProperty("idf1").GetDouble(), 12);
        Assert.Equal(2.0 / 3, scores.GetProperty("all").GetProperty("identity").GetProperty("idf1").GetDouble(), 12);
        JsonElement pair = Assert.Single(scores.GetProperty("pairs").EnumerateArray());
        Assert.Equal(1, pair.GetProperty("shared_persons").GetInt32());
        Assert.Equal([20, 10], scores.GetProperty("persons").EnumerateArray().Select(person => person.GetProperty("boxes").GetInt32()));
    }

    [Fact]
    public async Task Mtmc_refuses_output_that_lacks_a_camera()
    {
        Write("truth/cam1.txt", Walk(1, 10, id: 1));
        Write("truth/cam2.txt", Walk(1, 10, id: 1));
        Write("found/cam1.txt", Walk(1, 10, id: 5));

        (ExitCode code, _, string error) = await CommandRun.RunAsync("eval", "mtmc", "--truth", _run.In("truth"), "--result", _run.In("found"));

        Assert.Equal(ExitCode.WrongUse, code);
        Assert.Contains("cam2.txt is missing", error, StringComparison.Ordinal);
    }

    private static string Walk(int from, int to, int id, int left = 0) =>
        string.Concat(Enumerable.Range(from, to - from + 1).Select(frame => $"{frame},{id},{left + frame},20,30,80,1,1,1\n"));

    private void Write(string path, string text)
    {
        string file = _run.In(path.Split('/'));
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }
}

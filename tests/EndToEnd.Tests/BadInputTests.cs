using System.Text.Json;

namespace Pipeline.Tests.EndToEnd;

/// <summary>The command line on bad input: the message names file, camera and remedy, the rest goes on, and the exit code says so.</summary>
public sealed class BadInputTests : IDisposable
{
    private const string LeaveOut = "Check that it plays, or take it out of the folder.";

    private readonly Footage _footage = new();

    public void Dispose() => _footage.Dispose();

    [Fact]
    public Task An_empty_folder() => Refuses(
        2, "looked for one sub-folder per camera", () => Directory.CreateDirectory(_footage.In("in")), "Name the folder that holds the recordings.");

    [Fact]
    public Task A_folder_without_cameras() => Refuses(
        2, "no camera in", () => File.WriteAllText(_footage.File("in", "cam", "notes.txt"), "no video"), "Name the folder that holds the recordings.");

    [Fact]
    public Task A_video_without_a_byte() => LosesOnly("is empty (0 bytes), or a pipe, socket or device.", file => File.WriteAllBytes(file, []), remedy: LeaveOut);

    [Fact]
    public Task A_text_named_mp4() => LosesOnly("is text, not a video.", file => File.WriteAllText(file, "no video"), remedy: LeaveOut);

    [Fact]
    public Task A_truncated_video() => LosesOnly("is cut off or damaged", Truncate, ".avi", "Check that it plays");

    [Fact]
    public Task A_video_whose_index_is_cut_off() => LosesOnly("(moov) cannot be read", Truncate, remedy: "Repair it, or take it out.");

    [Fact]
    public Task A_corrupt_video() => LosesOnly("is cut off or damaged", Corrupt, ".avi", "Check that it plays");

    [Fact]
    public Task A_video_without_pictures() => LosesOnly("holds no pictures", file => File.WriteAllBytes(file, EmptyMovie), remedy: LeaveOut);

    [Fact]
    public async Task Two_cameras_that_would_have_one_id_and_names_outside_the_alphabet()
    {
        foreach (string camera in (string[])["Hof 1", "Hof-1", "Tür Süd"])
        {
            _footage.Video(["in", camera, "1.avi"]);
        }

        (int code, string told) = await RunAsync();

        Assert.Equal(0, code);
        Assert.Contains("camera 'Hof-1' has the id hof-1-2: hof-1 is taken by another camera", told, StringComparison.Ordinal);
        Assert.Contains("camera 'Tür Süd' has the id tur-sud", told, StringComparison.Ordinal);
        Assert.Equal(["hof-1", "hof-1-2", "tur-sud"], Cameras().Select(c => c.GetProperty("id").GetString()));
    }

    [Fact]
    public async Task Hostile_names_are_read_and_never_reach_terminal_or_report_raw()
    {
        string[] names = ["new\nline", "quo\"te's", "<script>alert(1)<", "😀", "-dash", "$(touch x)", new string('d', 255)];
        foreach (string name in names)
        {
            _footage.Video(["in", name, "1.avi"]);
        }

        _footage.Video(["in", "-dash", new string('n', 251) + ".avi"]);
        File.WriteAllText(_footage.File("in", "-dash", "<img src=x onerror=alert(2)>\n\u001b[2J.avi"), "");
        Directory.CreateSymbolicLink(_footage.In("in", "self"), "self");
        Directory.CreateSymbolicLink(_footage.In("in", "-dash", "up"), "../..");

        (int code, string told) = await RunAsync();

        Assert.Equal(1, code);
        Assert.Contains("up' is a link to a folder that it lies in, and is passed over", told, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', told);
        Assert.Equal(names.Length, Cameras().Count(c => c.GetProperty("frames_analysed").GetInt64() > 0));
        string report = await File.ReadAllTextAsync(_footage.In("out", "report.html"));
        Assert.Contains("&lt;script", report, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>alert", report, StringComparison.Ordinal);
        Assert.DoesNotContain("<img src=x", report, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task An_unreadable_file_and_folder()
    {
        Skip.IfNot(Environment.UserName == "root" && File.Exists("/usr/bin/setpriv"), "needs root, to be somebody who may not read everything");
        _footage.Video(["in", "good", "1.avi"]);
        File.SetUnixFileMode(_footage.Video(["in", "bad", "1.avi"]), UnixFileMode.None);
        _footage.Video(["in", "bad", "2.avi"]);
        File.SetUnixFileMode(Path.GetDirectoryName(_footage.Video(["in", "closed", "1.avi"]))!, UnixFileMode.None);
        Directory.CreateDirectory(_footage.In("out"));
        File.SetUnixFileMode(_footage.Root, (UnixFileMode)0b101_101_101 | UnixFileMode.UserWrite);
        using (System.Diagnostics.Process chown = System.Diagnostics.Process.Start("chown", ["65534", _footage.In("out")]))
        {
            await chown.WaitForExitAsync();
        }

        using PipelineProcess process = PipelineProcess.Start(
            "/usr/bin/setpriv", ["--reuid", "65534", "--clear-groups", PipelineProcess.Program, "run", _footage.In("in"), "--output", _footage.In("out"), "--detector", "hog"]);
        int code = await process.EndAsync();

        // .NET says the second where the folder of its program is closed to it.
        Skip.If(
            process.Output.Contains("Permission denied", StringComparison.Ordinal) || process.Output.Contains("Failed to resolve full path", StringComparison.Ordinal),
            "nobody may not enter the checkout");
        Assert.True(code == 1, process.Output);
        Assert.Contains("camera bad, '1.avi': cannot be read: ", process.Output, StringComparison.Ordinal);
        Assert.Contains("closed' cannot be listed: ", process.Output, StringComparison.Ordinal);
        Assert.Contains("Give the right to read it", process.Output, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task A_full_disk_is_named_and_after_it_the_run_goes_on()
    {
        string people = _footage.People(segments: 2, framesEach: 40);
        Directory.CreateDirectory(_footage.In("small"));
        using System.Diagnostics.Process mount = System.Diagnostics.Process.Start("mount", ["-t", "tmpfs", "-o", "size=300k", "tmpfs", _footage.In("small")]);
        await mount.WaitForExitAsync();
        Skip.If(mount.ExitCode != 0, "needs the right to mount a small file system");
        try
        {
            string output = _footage.In("small", "out");
            (int code, string told) = await PipelineProcess.RunAsync("run", people, "--output", output);
            Assert.True(code == 3, told);
            Assert.Contains("the disk is full. Free space in", told, StringComparison.Ordinal);
            Assert.DoesNotContain("a fault of this program", told, StringComparison.Ordinal);

            using System.Diagnostics.Process larger = System.Diagnostics.Process.Start("mount", ["-o", "remount,size=50m", _footage.In("small")]);
            await larger.WaitForExitAsync();
            Assert.Equal(0, (await PipelineProcess.RunAsync("run", people, "--output", output, "--resume")).Code);
            Assert.Equal(0, (await PipelineProcess.RunAsync("run", people, "--output", _footage.In("whole"))).Code);
            Assert.Equal(Results.Events(_footage.In("whole")), Results.Events(output));
        }
        finally
        {
            using System.Diagnostics.Process unmount = System.Diagnostics.Process.Start("umount", ["-l", _footage.In("small")]);
            await unmount.WaitForExitAsync();
        }
    }

    [Theory]
    [InlineData("--detector", null, "there is no such file. Give the path of an .onnx file")]
    [InlineData("--detector", "no model", "not a whole ONNX model")]
    [InlineData("--detector", "", "not a whole ONNX model")]
    [InlineData("--reid-model", null, "no such file, and no network of that name")]
    [InlineData("--reid-model", "no model", "not a usable ONNX model")]
    public async Task A_model_that_is_missing_or_none(string flag, string? content, string words)
    {
        _footage.Video(["in", "cam", "1.avi"]);
        string model = _footage.In("model.onnx");
        if (content is not null)
        {
            await File.WriteAllTextAsync(model, content);
        }

        (int code, string told) = await PipelineProcess.RunAsync("run", _footage.In("in"), "--output", _footage.In("out"), flag, model);

        Assert.Equal(2, code);
        Assert.Contains($"'{model}'", told, StringComparison.Ordinal);
        Assert.Contains(words, told, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_footage.In("out")));
    }

    [Fact]
    public async Task Settings_with_unknown_keys_wrong_types_and_duplicates_are_told_together_by_line()
    {
        _footage.Video(["in", "cam", "1.avi"]);
        string file = _footage.In("bad.yaml");
        await File.WriteAllTextAsync(file, "detector:\n  batsh: 3\n  batch: many\nrun:\n  threads: 1\n  threads: 2\n");

        (int code, string told) = await RunAsync("--config", file);

        Assert.Equal(2, code);
        Assert.Contains($"{file}:2:3: unknown key 'detector.batsh'. Did you mean 'detector.batch'?", told, StringComparison.Ordinal);
        Assert.Contains($"{file}:3:10: detector.batch: a whole number is needed, got 'many'.", told, StringComparison.Ordinal);
        Assert.Contains($"{file}:6:3: duplicate key 'run.threads', given in line 5 before.", told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_store_in_use_a_newer_one_and_one_that_is_none()
    {
        _footage.Video(["in", "cam", "1.avi"]);
        string store = _footage.In("identities.db");
        using (Store.IdentityStore held = Store.IdentityStore.Open(new() { Path = store, Site = "site", EncodeJpeg = _ => [] }))
        {
            (int inUse, string owner) = await RunAsync("--store", store);
            Assert.Equal(3, inUse);
            Assert.Contains($"is in use by process {Environment.ProcessId}. Wait for it", owner, StringComparison.Ordinal);
        }

        byte[] bytes = await File.ReadAllBytesAsync(store);
        bytes[63] = 99; // PRAGMA user_version: bytes 60 to 63 of the header
        await File.WriteAllBytesAsync(store, bytes);
        (int newer, string version) = await RunAsync("--store", store);
        Assert.Equal(2, newer);
        Assert.Contains("has schema 99, made by a newer version of this program", version, StringComparison.Ordinal);

        await File.WriteAllTextAsync(store, "no database, but long enough to be looked at");
        (int none, string damaged) = await RunAsync("--store", store);
        Assert.Equal(2, none);
        Assert.Contains("is not an identity store, or is damaged", damaged, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task Without_its_broker_a_run_goes_to_the_end_keeps_the_events_and_says_so()
    {
        string people = _footage.People(segments: 1);

        (int code, string told) = await PipelineProcess.RunAsync(
            "run", people, "--output", _footage.In("out"), "--mqtt", "mqtt://127.0.0.1:1", "--set", "mqtt.allow_plaintext=true");

        Assert.Equal(1, code);
        Assert.Contains("Connection refused; trying again in", told, StringComparison.Ordinal);
        Assert.Contains("events wait in the store for mqtt://127.0.0.1:1", told, StringComparison.Ordinal);
        Assert.NotEmpty(Results.Events(_footage.In("out")));
    }

    [Fact]
    public async Task Fifty_cameras_on_two_threads_come_to_their_end()
    {
        string video = _footage.Video(["one.avi"], frames: 4);
        for (int camera = 0; camera < 50; camera++)
        {
            File.CreateSymbolicLink(_footage.File("in", $"cam{camera}", "1.avi"), video);
        }

        (int code, string told) = await RunAsync("--threads", "2");

        Assert.True(code == 0, told);
        Assert.Equal(50, Cameras().Count(c => c.GetProperty("frames_analysed").GetInt64() == 2));
    }

    private static void Truncate(string file) => File.WriteAllBytes(file, File.ReadAllBytes(file)[..((int)new FileInfo(file).Length / 2)]);

    private static void Corrupt(string file)
    {
        byte[] bytes = File.ReadAllBytes(file);
        new Random(1).NextBytes(bytes.AsSpan(bytes.Length / 3, bytes.Length / 2));
        File.WriteAllBytes(file, bytes);
    }

    // ftyp and a moov that holds no track.
    private static byte[] EmptyMovie =>
    [
        0, 0, 0, 16, .. "ftypisom"u8, 0, 0, 2, 0,
        0, 0, 0, 116, .. "moov"u8, 0, 0, 0, 108, .. "mvhd"u8, .. new byte[12], 0, 0, 3, 232, .. new byte[84],
    ];

    private JsonElement[] Cameras() => [.. Results.Summary(_footage.In("out")).GetProperty("cameras").EnumerateArray()];

    private Task<(int Code, string Output)> RunAsync(params string[] more) =>
        PipelineProcess.RunAsync(["run", _footage.In("in"), "--output", _footage.In("out"), "--detector", "hog", .. more]);

    private async Task Refuses(int expected, string words, Action make, string remedy)
    {
        make();

        (int code, string told) = await RunAsync();

        Assert.Equal(expected, code);
        Assert.Contains(words, told, StringComparison.Ordinal);
        Assert.Contains(remedy, told, StringComparison.Ordinal);
        Assert.Contains($"'{_footage.In("in")}'", told, StringComparison.Ordinal);
    }

    /// <summary>One of a camera's two videos is bad: it is named, and the other one and the other camera are read whole.</summary>
    private async Task LosesOnly(string words, Action<string> spoil, string extension = ".mp4", string remedy = "")
    {
        spoil(_footage.Video(["in", "bad", $"1{extension}"], frames: 30));
        _footage.Video(["in", "bad", "2.avi"]);
        _footage.Video(["in", "good", "1.avi"]);

        (int code, string told) = await RunAsync();

        Assert.True(code == 1, told);
        Assert.Contains($"camera bad, '1{extension}': ", told, StringComparison.Ordinal);
        Assert.Contains(words, told, StringComparison.Ordinal);
        Assert.Contains(remedy, told, StringComparison.Ordinal);
        JsonElement[] cameras = Cameras();
        Assert.True(cameras[0].GetProperty("frames_analysed").GetInt64() >= 5, told);
        Assert.Equal(5, cameras[1].GetProperty("frames_analysed").GetInt64());
        JsonElement problem = Assert.Single(Results.Summary(_footage.In("out")).GetProperty("problems").EnumerateArray());
        Assert.Equal("bad", problem.GetProperty("camera").GetString());
        Assert.StartsWith($"'1{extension}': ", problem.GetProperty("text").GetString(), StringComparison.Ordinal);
    }
}

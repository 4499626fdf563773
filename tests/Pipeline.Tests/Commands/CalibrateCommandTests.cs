using System.Text.Json;
using Pipeline.Cli.Commands;
using Pipeline.Cli.Running;
using Pipeline.Cli.Summary;
using Pipeline.Reid;
using Pipeline.Reid.Calibrating;
using Pipeline.Reid.Evaluation;
using Pipeline.Store;

namespace Pipeline.Tests.Cli;

public sealed class CalibrateCommandTests : IDisposable
{
    private readonly CommandRun _run = new();

    public void Dispose() => _run.Dispose();

    [Fact]
    public async Task Labelled_pictures_give_a_file_that_says_what_it_rests_on()
    {
        People(26);

        (ExitCode code, string output, string error) = await CommandRun.RunAsync(
            "calibrate", "--data", _run.In("people"), "--rate", "0.05", "--output", _run.In("c.json"), "--json");

        Assert.True(code == ExitCode.Fine, error);
        Calibration written = CalibrationFile.Read(_run.In("c.json"));
        JsonElement told = JsonDocument.Parse(output).RootElement.GetProperty("calibration");
        Assert.Equal((written.Id, "labelled", 52), (told.GetProperty("id").GetString(), written.Evidence.Source, written.Evidence.Clips));
        Assert.Equal((650L, 26L), (written.Evidence.At.Comparisons, written.Evidence.At.SamePairs));
        Assert.Null(written.Evidence.From); // pictures have no capture time
    }

    [Fact]
    public async Task Too_few_people_are_refused_with_the_counts_and_nothing_is_written()
    {
        People(21);

        (ExitCode code, _, string error) = await CommandRun.RunAsync("calibrate", "--data", _run.In("people"), "--rate", "0.001", "--output", _run.In("c.json"));

        Assert.Equal(ExitCode.WrongUse, code);
        Assert.Contains("needs at least 3000 pairs of different people, there are 210", error, StringComparison.Ordinal);
        Assert.False(File.Exists(_run.In("c.json")));
    }

    [Fact]
    public async Task Recordings_with_nobody_in_them_are_refused()
    {
        StoreSetup setup = new() { Path = _run.In("identities.db"), Site = "north", EncodeJpeg = picture => PictureIo.ToJpeg(picture), Publish = false };
        using (IdentityStore store = IdentityStore.Open(setup))
        {
            store.EndRun(store.BeginRun("site", _run.In("out"), "m@1", "{}"), Pipeline.Store.RunOutcome.Finished);
        }

        (ExitCode code, _, string error) = await CommandRun.RunAsync("calibrate", _run.In("identities.db"));

        Assert.Equal(ExitCode.WrongUse, code);
        Assert.Contains("nobody is in these recordings", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("name a finished run, or labelled pictures with --data")]
    [InlineData("no such store", "nowhere")]
    [InlineData("one of the two", "nowhere", "--data", "here")]
    [InlineData("--rate and --prior are above 0 and below 1, got 0 and 0.5", "nowhere", "--rate", "0")]
    public async Task Wrong_use_is_said_in_a_line(string message, params string[] arguments)
    {
        (ExitCode code, _, string error) = await CommandRun.RunAsync(["calibrate", .. arguments]);

        Assert.Equal(ExitCode.WrongUse, code);
        Assert.Contains(message, error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_calibration_of_another_model_is_ignored_and_said()
    {
        CalibrationFile.Write(Made("other@1"), _run.In("c.json"));
        List<RunNotice> notices = [];
        using ColourEmbedder colour = new();

        IEmbedder given = Calibrations.With(colour, new ReidOptions { Calibration = _run.In("c.json") }, notices);

        Assert.Same(colour, given);
        Assert.Contains($"is a calibration of other@1 and says nothing of {colour.ModelId}", Assert.Single(notices).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_calibration_is_taken_where_it_lies_beside_the_model_or_is_named()
    {
        using ColourEmbedder colour = new();
        File.WriteAllText(_run.In("net.onnx"), "");
        CalibrationFile.Write(Made(colour.ModelId), _run.In("net.calibration.json"));
        ReidOptions beside = new() { Model = _run.In("net.onnx") };

        Assert.NotNull(Calibrations.With(colour, beside, []).Calibration);
        Assert.Null(Calibrations.With(colour, beside with { Calibration = "none" }, []).Calibration);
        Assert.Null(Calibrations.With(colour, new ReidOptions(), []).Calibration);
        Assert.Throws<InvalidDataException>(() => Calibrations.With(colour, new ReidOptions { Calibration = _run.In("gone.json") }, []));
        Assert.Equal(_run.In("net.calibration.json"), Calibrations.PlaceOf(_run.In("net.onnx")));
        Assert.Equal("colour.calibration.json", Calibrations.PlaceOf("colour"));
    }

    internal static Calibration Made(string modelId) => Calibrator.Fit(
        new CalibrationSample(
            [
                .. Enumerable.Range(0, 30).Select(p => new ScoredPair(0.8f + (0.005f * p), true, p, p, "c1", "c2")),
                .. from a in Enumerable.Range(0, 30) from b in Enumerable.Range(0, a) select new ScoredPair(0.3f + (0.001f * (a * b % 500)), false, a, b, "c1", "c2"),
            ],
            [], "labelled", ["c1", "c2"], 60, null, null, []),
        modelId,
        0.01);

    private void People(int count)
    {
        for (int person = 1; person <= count; person++)
        {
            foreach (int camera in (int[])[1, 2])
            {
                string file = _run.In("people", $"p{person:00}", $"c{camera}", "1.jpg");
                Directory.CreateDirectory(Path.GetDirectoryName(file)!);
                Random random = new((person * 10) + camera);
                byte[] top = [(byte)(person * 67), (byte)(person * 131), (byte)(person * 29)];
                byte[] legs = [(byte)(person * 37), (byte)(person * 11), (byte)(person * 101)];
                byte[] bgr = [.. Enumerable.Range(0, 24 * 64 * 3).Select(i => (byte)Math.Clamp((i < 24 * 32 * 3 ? top : legs)[i % 3] + random.Next(-9, 9), 0, 255))];
                File.WriteAllBytes(file, PictureIo.ToJpeg(new Picture(24, 64, bgr)));
            }
        }
    }
}

using System.CommandLine;
using System.Globalization;
using Pipeline.Cli.Configuration;
using Pipeline.Cli.Running;
using Pipeline.Cli.Summary;
using Pipeline.Cli.Terminal;
using Pipeline.Reid;
using Pipeline.Reid.Calibrating;
using Pipeline.Reid.Evaluation;
using Pipeline.Store;

namespace Pipeline.Cli.Commands;

/// <summary><c>pipeline calibrate</c>.</summary>
internal sealed class CalibrateCommand : SettingsCommand
{
    private const int ClipLength = 8; // as many pictures as the tracker keeps of a track

    private readonly Argument<string?> _run = new("run")
    {
        Description = "Output folder of a finished run, or its store: calibrates with what is certain in it.", Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string?> _data = new("--data") { Description = "Folder of labelled pictures instead, as for eval reid.", HelpName = "FOLDER" };
    private readonly Option<string?> _manifest = new("--manifest") { Description = "Its manifest; default manifest.csv in the folder.", HelpName = "FILE" };
    private readonly Option<double> _rate = new("--rate") { Description = "False matches per comparison that the threshold may give.", DefaultValueFactory = _ => 0.01 };

    private readonly Option<double> _prior = new("--prior")
    {
        Description = "How likely two compared people are one before looking; probabilities are told for it.", DefaultValueFactory = _ => 0.5,
    };

    private readonly Option<string?> _output = new("--output") { Description = "File to write; default beside the model, where runs find it.", HelpName = "FILE" };

    /// <summary>Makes the command.</summary>
    public CalibrateCommand()
        : base("calibrate", "Measures what a model's similarities mean, and suggests the linking threshold for a rate of false matches.", "--reid-model", "--threads", "--device")
    {
        Add(_run);
        Add(_data);
        Add(_manifest);
        Add(_rate);
        Add(_prior);
        Add(_output);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples { get; } =
    [
        "pipeline calibrate runs/2026-11-21 --reid-model osnet.onnx        # unlabelled: halves of tracks, people in view at once",
        "pipeline calibrate --data people --reid-model osnet.onnx --rate 0.001",
        "pipeline run recordings --reid-model osnet.onnx                   # finds osnet.calibration.json; events carry probability",
        "pipeline run recordings --reid.calibration none                   # as if nothing were calibrated",
    ];

    /// <inheritdoc/>
    public override async Task<ExitCode> ExecuteAsync(Call call, CancellationToken cancellationToken)
    {
        LoadedSettings<Settings> settings = Load(call);
        (string? run, string? data) = (call.Get(_run), call.Get(_data));
        (double rate, double prior) = (call.Get(_rate), call.Get(_prior));
        Check(run, data, rate, prior);
        ReidOptions options = Effective.Reid(settings);
        using IEmbedder embedder = Embedders.Open(options, settings.Value.Run.Device, Effective.Threads(settings));
        (CalibrationSample sample, IReadOnlyList<string> problems) = data is not null
            ? await LabelledAsync(call, EvaluationFolder.Read(data, call.Get(_manifest)), embedder, cancellationToken)
            : await RecordedAsync(call, settings, run!, embedder, cancellationToken); // one of the two is given
        foreach (string problem in problems)
        {
            await call.Error.WriteLineAsync($"pipeline: {TerminalText.Clean(problem)}");
        }

        Calibration calibration = Calibrator.Fit(sample, embedder.ModelId, rate, prior);
        string file = call.Get(_output) ?? Calibrations.PlaceOf(options.Model);
        CalibrationFile.Write(calibration, file);
        if (call.Json)
        {
            await call.Output.WriteLineAsync(SummaryJson.Line(new { type = "calibration", path = file, calibration }));
        }
        else
        {
            Tell(call, calibration, file, embedder, found: File.Exists(options.Model) && file == Calibrations.PlaceOf(options.Model));
        }

        return problems.Count > 0 ? ExitCode.Losses : ExitCode.Fine;
    }

    private static void Check(string? run, string? data, double rate, double prior)
    {
        if (run is null == data is null)
        {
            throw new InvalidDataException("name a finished run, or labelled pictures with --data: one of the two.");
        }

        if (rate is not (> 0 and < 1) || prior is not (> 0 and < 1))
        {
            throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"--rate and --prior are above 0 and below 1, got {rate} and {prior}."));
        }
    }

    private static async Task<(CalibrationSample Sample, IReadOnlyList<string> Problems)> LabelledAsync(
        Call call, IReadOnlyList<EvaluationPicture> pictures, IEmbedder embedder, CancellationToken cancellationToken)
    {
        int done = 0;
        Task<PictureFeatures> work = Task.Run(() => PictureFeatures.Of(pictures, embedder, count => Volatile.Write(ref done, count), cancellationToken: cancellationToken), cancellationToken);
        await new WorkProgress(call).WatchAsync(() => string.Create(CultureInfo.InvariantCulture, $"{Volatile.Read(ref done)} of {pictures.Count} pictures"), work);
        PictureFeatures features = await work;
        return (CalibrationSample.Of(LabelledClips.Of(features.Features, features.Pictures, ClipLength)), features.Problems);
    }

    private static async Task<(CalibrationSample Sample, IReadOnlyList<string> Problems)> RecordedAsync(
        Call call, LoadedSettings<Settings> settings, string run, IEmbedder embedder, CancellationToken cancellationToken)
    {
        OutputFolder folder = new(Path.GetFullPath(run));
        RunMark? mark = Directory.Exists(run) ? folder.ReadMark() : null;
        string store = mark?.Store ?? (Directory.Exists(run) ? folder.Store : run);
        if (!File.Exists(store))
        {
            throw new InvalidDataException($"'{store}': no such store. Name the output folder of a run ('pipeline run RECORDINGS --output FOLDER' makes one), or its store.");
        }

        using StoreReader reader = StoreReader.Open(store);
        IReadOnlyList<SightingView> sightings = reader.Sightings(mark?.RunId);
        int done = 0;
        Task<RecordedTracks> work = Task.Run(
            () => RecordedTracks.Of(sightings, embedder, settings.Value.Reid.Pooling, count => Volatile.Write(ref done, count), cancellationToken), cancellationToken);
        await new WorkProgress(call).WatchAsync(() => string.Create(CultureInfo.InvariantCulture, $"{Volatile.Read(ref done)} of {sightings.Count} tracks"), work);
        RecordedTracks tracks = await work;
        string[][] overlapping = [.. settings.Value.Linker.Overlapping.Select(group => group.Split(',', StringSplitOptions.TrimEntries))];
        return (RecordedPairs.Of(tracks.Tracks, (one, other) => overlapping.Any(group => group.Contains(one) && group.Contains(other)), tracks.Judged(reader.OperatorWords())), tracks.Problems);
    }

    private static void Tell(Call call, Calibration calibration, string file, IEmbedder embedder, bool found)
    {
        CalibrationEvidence evidence = calibration.Evidence;
        OperatingPoint at = evidence.At;
        call.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"""
            threshold       {calibration.Threshold:0.0000} between cameras (the model's own: {embedder.DefaultThreshold:0.00})
            within a camera {(calibration.SameCameraThreshold is { } within ? within.ToString("0.0000", CultureInfo.InvariantCulture) : "not enough pairs")}
            false matches   {Share(at.FalseMatch)}: {at.FalseMatches} of {at.Comparisons} comparisons
            misses          {Share(at.Miss)}: {at.Misses} of {at.SamePairs} pairs of one person
            told chances    {(evidence.CalibrationError is { } error ? $"off by {100 * error:0.0} % on average, on people not fitted to" : "not checked: too few people")}
            evidence        {evidence.Source}, {evidence.Clips} clips of {string.Join(", ", evidence.Cameras)}{(evidence.From is { } from ? $", {from.UtcDateTime:yyyy-MM-dd} to {evidence.To!.Value.UtcDateTime:yyyy-MM-dd}" : "")}
            """));
        DataTable table = new("camera", "and", "threshold", "comparisons", "people paired", "why none");
        foreach (CameraPairThreshold pair in calibration.CameraPairs)
        {
            table.Add(pair.First, pair.Second, pair.Threshold?.ToString("0.0000", CultureInfo.InvariantCulture), pair.Comparisons, pair.PairsOfPeople, pair.Refusal ?? "");
        }

        table.Write(call.Terminal);
        foreach (string note in evidence.Notes)
        {
            call.Output.WriteLine(note);
        }

        call.Output.WriteLine($"{calibration.Id} written to {file}; {(found ? "runs with this model find it" : $"use it with --reid.calibration {file}")}.");
    }

    private static string Share(Share share) =>
        string.Create(CultureInfo.InvariantCulture, $"{100 * share.Value:0.###} % (95 %: {100 * share.Low:0.###} to {100 * share.High:0.###})");
}

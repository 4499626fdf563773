using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Pipeline.Cli.Commands;
using Pipeline.Cli.Configuration;
using Pipeline.Cli.Running;
using Pipeline.Cli.Summary;
using Pipeline.Cli.Terminal;
using Pipeline.Tracker.Evaluation;

namespace Pipeline.Cli.Benchmarks;

/// <summary><c>pipeline benchmark recordings</c>.</summary>
internal sealed class RecordingsBenchmarkCommand : BenchmarkCommand
{
    private readonly Argument<string[]> _recordings = new("recording") { Description = "Folders with recordings; CAMERA/SEGMENT.gt.txt and persons.csv in them are the truth.", Arity = ArgumentArity.OneOrMore };
    private readonly Option<string[]> _detectors = new("--detectors") { Description = "hog, default, .onnx files; default: default and hog.", HelpName = "NAME|FILE", AllowMultipleArgumentsPerToken = true };
    private readonly Option<string> _output = new("--output") { Description = "Folder for the runs, DETECTOR/RECORDING; a run that is there is not made again. Default runs/recordings.", HelpName = "DIR", DefaultValueFactory = _ => "runs/recordings" };

    /// <summary>Makes the command.</summary>
    public RecordingsBenchmarkCommand()
        : base("recordings", "Whole runs of recordings with each of several detectors, held against truth where there is one.", "--threads")
    {
        Add(_recordings);
        Add(_detectors);
        Add(_output);
    }

    /// <inheritdoc/>
    public override string Needs => "recordings; their truth if there is one";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples { get; } = ["pipeline benchmark recordings corridor square --detectors default hog yolox_nano.onnx"];

    /// <inheritdoc/>
    protected override async Task<DataTable> MeasureAsync(Call call, LoadedSettings<Settings> settings, CancellationToken cancellationToken)
    {
        string[] detectors = call.Get(_detectors) is { Length: > 0 } named ? named : ["default", "hog"];
        DataTable table = new("recording", "detector", "tracklets", "identities", "right", "wrong", "missed", "HOTA", "x real time", "peak MB");
        foreach (string recording in call.Get(_recordings)!) // one at least is required
        {
            foreach (string detector in detectors)
            {
                string name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(recording)));
                string output = Path.Combine(Path.GetFullPath(call.Get(_output)!), Path.GetFileNameWithoutExtension(detector), name);
                if (!File.Exists(Path.Combine(output, "summary.json")))
                {
                    await RunAsync(call, recording, detector, output, Effective.Threads(settings), cancellationToken);
                }

                RunSummary summary = SummaryJson.Read<RunSummary>(await File.ReadAllTextAsync(Path.Combine(output, "summary.json"), cancellationToken));
                (LinkCounts? links, double? hota) = Judge(output, recording);
                table.Add(
                    name, Path.GetFileNameWithoutExtension(detector), summary.Counts.Tracklets, summary.Identities.Count,
                    links?.Right, links?.Wrong, links?.Missed, hota, summary.TimesRealTime, summary.PeakMemoryBytes >> 20);
            }
        }

        return table;
    }

    // A process of its own: memory and start-up are those of a user's run.
    private static async Task RunAsync(Call call, string recording, string detector, string output, int threads, CancellationToken cancellationToken)
    {
        string[] arguments =
        [
            "run", recording, "--detector", detector, "--output", output, "--no-mqtt", "--run.tracks", "true",
            "--threads", threads.ToString(CultureInfo.InvariantCulture), "--json",
        ];
        ProcessStartInfo start = new(Environment.ProcessPath!, arguments) { RedirectStandardOutput = true, RedirectStandardError = true }; // the process has a path
        using Process run = Process.Start(start)!;
        try
        {
            Task<string> told = run.StandardError.ReadToEndAsync(cancellationToken);
            await run.StandardOutput.ReadToEndAsync(cancellationToken);
            await run.WaitForExitAsync(cancellationToken);
            if (run.ExitCode > (int)ExitCode.Losses)
            {
                throw new InvalidDataException($"'{recording}' with {detector}: {(await told).Trim()}");
            }

            await call.Error.WriteAsync(await told);
        }
        catch (OperationCanceledException)
        {
            run.Kill(entireProcessTree: true);
            throw;
        }
    }

    private static (LinkCounts? Links, double? Hota) Judge(string output, string recording)
    {
        if (!Directory.EnumerateFiles(recording, "*.gt.txt", SearchOption.AllDirectories).Any())
        {
            return (null, null);
        }

        string persons = Path.Combine(recording, "persons.csv");
        TrackletVerdict verdict = TrackletJudge.Judge(output, recording, File.Exists(persons) ? persons : null);
        (LinkCounts across, LinkCounts same) = (verdict.Links.AcrossCameras, verdict.Links.SameCamera);
        return (new LinkCounts(across.Right + same.Right, across.Wrong + same.Wrong, across.Missed + same.Missed), verdict.Tracking.Hota.Mean);
    }
}

using System.CommandLine;
using Pipeline.Cli.Commands;
using Pipeline.Cli.Configuration;
using Pipeline.Cli.Running;
using Pipeline.Cli.Terminal;
using Pipeline.Detector;
using Pipeline.Detector.Benchmarks;
using Pipeline.Ingest;

namespace Pipeline.Cli.Benchmarks;

/// <summary><c>pipeline benchmark decode</c>.</summary>
internal sealed class DecodeBenchmarkCommand : BenchmarkCommand
{
    private readonly Argument<string> _source = new("source") { Description = "A folder with recordings, or a video." };

    /// <summary>Makes the command.</summary>
    public DecodeBenchmarkCommand()
        : base("decode", "Decoding against ffmpeg -f null on the same files and threads; aim 0.9 of its speed.", "--fps", "--threads") => Add(_source);

    /// <inheritdoc/>
    public override string Needs => "recordings; ffmpeg";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples { get; } = ["pipeline benchmark decode recordings"];

    /// <inheritdoc/>
    protected override async Task<DataTable> MeasureAsync(Call call, LoadedSettings<Settings> settings, CancellationToken cancellationToken)
    {
        IngestPlan plan = CameraFolders.Discover([call.Get(_source)!], Effective.Ingest(settings)); // required
        DecodeBenchmark.Result result = await DecodeBenchmark.RunAsync(plan, Effective.Ingest(settings), cancellationToken);
        DataTable table = new("frames", "threads", "x real time", "first pass s", "ours s", "ffmpeg s", "of ffmpeg");
        table.Add(result.Frames, result.Threads, result.Footage / result.OursSeconds, result.FirstSeconds, result.OursSeconds, result.FfmpegSeconds, result.Ratio);
        return table;
    }
}

/// <summary><c>pipeline benchmark detectors</c>.</summary>
internal sealed class DetectorsBenchmarkCommand : BenchmarkCommand
{
    private readonly Argument<string> _video = new("video") { Description = "A video." };
    private readonly Argument<string> _truth = new("truth") { Description = "JSON with its people: 'frames' and 'public', from a frame's number to boxes." };
    private readonly Argument<string[]> _models = new("model") { Description = "Detectors: hog, default, .onnx files; default: default and hog.", Arity = ArgumentArity.ZeroOrMore };
    private readonly Option<int> _every = new("--every") { Description = "Only every so manyth frame.", HelpName = "N", DefaultValueFactory = _ => 1 };

    /// <summary>Makes the command.</summary>
    public DetectorsBenchmarkCommand()
        : base("detectors", "How many people detectors find: average precision at an overlap of 0.5, and time.", "--threads", "--device")
    {
        Add(_video);
        Add(_truth);
        Add(_models);
        Add(_every);
    }

    /// <inheritdoc/>
    public override string Needs => "a video and the truth of its people";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples { get; } = ["pipeline benchmark detectors vtest.avi vtest_truth.json default hog yolox_nano.onnx --every 10"];

    /// <inheritdoc/>
    protected override async Task<DataTable> MeasureAsync(Call call, LoadedSettings<Settings> settings, CancellationToken cancellationToken)
    {
        string[] models = call.Get(_models) is { Length: > 0 } named ? named : ["default", "hog"];
        (string video, string truth, int every) = (call.Get(_video)!, call.Get(_truth)!, Math.Max(1, call.Get(_every))); // both are required
        DataTable table = new("detector", "AP50 consensus", "AP50 public", "ms a picture");
        foreach (string model in models)
        {
            cancellationToken.ThrowIfCancellationRequested();
            ChosenDetector chosen = DefaultDetector.Open(Effective.Detector(settings) with { Model = model, ScoreThreshold = DetectorBenchmark.AccuracyThreshold }, settings.Value.Run.Device, Effective.Threads(settings));
            using IPersonDetector detector = chosen.Detector;
            if (chosen.Notice is { } notice)
            {
                await call.Error.WriteLineAsync($"pipeline: {notice}");
            }

            DetectorAccuracy accuracy = await Task.Run(() => DetectorBenchmark.Accuracy(detector, video, truth, every), cancellationToken);
            table.Add(accuracy.Detector, Math.Round(accuracy.Consensus, 4), Math.Round(accuracy.Public, 4), accuracy.MillisecondsPerPicture);
        }

        return table;
    }
}

/// <summary><c>pipeline benchmark detect</c>.</summary>
internal sealed class DetectBenchmarkCommand : BenchmarkCommand
{
    private readonly Argument<string> _video = new("video") { Description = "A video to take pictures from." };

    /// <summary>Makes the command.</summary>
    public DetectBenchmarkCommand()
        : base("detect", "The detector's stage against its bare session on the same batch; aim 0.9 of its speed.", "--detector", "--threads", "--device") => Add(_video);

    /// <inheritdoc/>
    public override string Needs => "a video";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples { get; } = ["pipeline benchmark detect vtest.avi", "pipeline benchmark detect vtest.avi --detector yolox.onnx"];

    /// <inheritdoc/>
    protected override async Task<DataTable> MeasureAsync(Call call, LoadedSettings<Settings> settings, CancellationToken cancellationToken)
    {
        DetectorOptions options = Effective.Detector(settings);
        using IPersonDetector detector = DefaultDetector.Open(options, settings.Value.Run.Device, Effective.Threads(settings)).Detector;
        if (detector is not OnnxPersonDetector network)
        {
            throw new InvalidDataException($"{detector.Id} has no session to compare with. Name a model with --detector.");
        }

        DetectorThroughput result = await DetectorBenchmark.ThroughputAsync(network, options, call.Get(_video)!); // required
        DetectorTimes times = result.Times;
        DataTable table = new("detector", "batch", "stage ms a picture", "bare ms a picture", "of bare", "preparing ms", "reading ms");
        table.Add(
            result.Detector, network.Batch, result.StageMilliseconds, result.BareMilliseconds, result.Ratio,
            times.Preparing.TotalMilliseconds / times.Pictures, times.Reading.TotalMilliseconds / times.Pictures);
        return table;
    }
}

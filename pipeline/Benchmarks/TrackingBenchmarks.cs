using System.CommandLine;
using System.Numerics.Tensors;
using Pipeline.Cli.Commands;
using Pipeline.Cli.Configuration;
using Pipeline.Cli.Terminal;
using Pipeline.Tracker;
using Pipeline.Tracker.Evaluation;

namespace Pipeline.Cli.Benchmarks;

/// <summary><c>pipeline benchmark association</c>.</summary>
internal sealed class AssociationBenchmarkCommand : BenchmarkCommand
{
    private const int Turns = 3;
    private readonly Argument<string> _detections = new("detections") { Description = "MOTChallenge detections." };
    private readonly Option<double> _rate = new("--fps") { Description = "Frames a second of the recording.", HelpName = "N", DefaultValueFactory = _ => 30 };
    private readonly Option<double?> _other = new("--other") { Description = "Frames a second of another tracker on the same detections, to compare with.", HelpName = "N" };

    /// <summary>Makes the command.</summary>
    public AssociationBenchmarkCommand()
        : base("association", "Frames a second that the one-camera tracker associates, reading and writing left out; best of three.", "no short flag")
    {
        Add(_detections);
        Add(_rate);
        Add(_other);
    }

    /// <inheritdoc/>
    public override string Needs => "MOTChallenge detections";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples { get; } = ["pipeline benchmark association MOT17-11/det.txt --fps 30", "pipeline benchmark association det.txt --other 405     # beside a tracker that does 405"];

    /// <inheritdoc/>
    protected override Task<DataTable> MeasureAsync(Call call, LoadedSettings<Settings> settings, CancellationToken cancellationToken)
    {
        IReadOnlyList<MotRow> rows = TrackCommand.Read(call.Get(_detections)!); // required
        if (rows.Count == 0)
        {
            throw new InvalidDataException($"'{call.Get(_detections)}' holds no detections. Name another file.");
        }

        double fps = Enumerable.Range(0, Turns).Max(_ => TrackerBenchmarks.AssociationRate(rows, call.Get(_rate), settings.Value.Tracker, TimeProvider.System));
        DataTable table = new("frames", "boxes a frame", "frames/s", "x real time", "x other");
        int frames = rows.Max(row => row.Frame);
        table.Add(frames, (double)rows.Count / frames, fps, fps / call.Get(_rate), call.Get(_other) is { } other ? fps / other : null);
        return Task.FromResult(table);
    }
}

/// <summary><c>pipeline benchmark scores</c>.</summary>
internal sealed class ScoresBenchmarkCommand() : BenchmarkCommand("scores", "Time of scoring 10 minutes of 7 cameras at 25 frames/s, 8 people in view of each, as 'eval mtmc' does.", "no short flag")
{
    private const int Cameras = 7;
    private const int Frames = 15_000;
    private const int People = 8;

    /// <inheritdoc/>
    public override string Needs => "nothing; 1 GB of memory";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples { get; } = ["pipeline benchmark scores"];

    /// <inheritdoc/>
    protected override Task<DataTable> MeasureAsync(Call call, LoadedSettings<Settings> settings, CancellationToken cancellationToken)
    {
        TimeSpan cost = TrackerBenchmarks.ScoringCost(Cameras, Frames, People, TimeProvider.System);
        DataTable table = new("cameras", "frames", "boxes", "s", "x real time");
        table.Add(Cameras, Cameras * Frames, Cameras * Frames * People, cost.TotalSeconds, Frames / 25.0 / cost.TotalSeconds);
        return Task.FromResult(table);
    }
}

/// <summary><c>pipeline benchmark link</c>.</summary>
internal sealed class LinkBenchmarkCommand() : BenchmarkCommand("link", "Processor time of deciding one tracklet against 100 to 1 000 000 prototypes of length 512, alone and eight at a time, against reading the same memory once.", "no short flag")
{
    private const int Dimension = 512;
    private const int Together = 8;

    /// <inheritdoc/>
    public override string Needs => "nothing; sizes that do not fit a third of the memory are left out";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples { get; } = ["pipeline benchmark link"];

    /// <inheritdoc/>
    protected override Task<DataTable> MeasureAsync(Call call, LoadedSettings<Settings> settings, CancellationToken cancellationToken)
    {
        Tracklet[] tracklets = [.. Enumerable.Range(1, 5 * Together).Select(number => MadeUp.Tracklet(number, crops: 0))];
        DataTable table = new("prototypes", "ms a tracklet", "ms of eight", "GB/s", "reading GB/s", "of bandwidth");
        foreach (int together in new[] { 1, Together })
        {
            TrackerBenchmarks.LinkCost(100, Dimension, tracklets, together); // compiles what is measured
        }

        foreach (int prototypes in new[] { 100, 10_000, 100_000, 1_000_000 })
        {
            cancellationToken.ThrowIfCancellationRequested();
            long bytes = (long)prototypes * Dimension * sizeof(float);
            if (bytes > GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 3)
            {
                call.Error.WriteLine($"pipeline: {prototypes} prototypes need {bytes >> 20} MB and are left out");
                continue;
            }

            TimeSpan alone = TrackerBenchmarks.LinkCost(prototypes, Dimension, tracklets, 1);
            TimeSpan eight = TrackerBenchmarks.LinkCost(prototypes, Dimension, tracklets, Together);
            double reading = Reading(Math.Max(prototypes, 10_000) * Dimension);
            table.Add(prototypes, alone.TotalMilliseconds, eight.TotalMilliseconds, bytes / alone.TotalSeconds / 1e9, reading / 1e9, bytes / alone.TotalSeconds / reading);
        }

        return Task.FromResult(table);
    }

    private static double Reading(int floats)
    {
        float[] memory = GC.AllocateUninitializedArray<float>(floats);
        Array.Fill(memory, 1);
        const int turns = 5;
        float sum = TensorPrimitives.Sum<float>(memory); // compiles it
        TimeSpan start = Environment.CpuUsage.TotalTime;
        for (int turn = 0; turn < turns; turn++)
        {
            sum += TensorPrimitives.Sum<float>(memory);
        }

        GC.KeepAlive(sum);
        return (double)turns * floats * sizeof(float) / (Environment.CpuUsage.TotalTime - start).TotalSeconds;
    }
}

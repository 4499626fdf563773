using System.CommandLine;
using System.Diagnostics;
using Pipeline.Cli.Commands;
using Pipeline.Cli.Configuration;
using Pipeline.Cli.Running;
using Pipeline.Cli.Terminal;
using Spectre.Console;

namespace Pipeline.Cli.Benchmarks;

/// <summary><c>pipeline benchmark run</c>.</summary>
internal sealed class RunBenchmarkCommand : BenchmarkCommand
{
    private readonly Argument<string> _source = new("source") { Description = "A folder with recordings, or a video." };
    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"pipeline-benchmark-{Environment.ProcessId}");

    /// <summary>Makes the command.</summary>
    public RunBenchmarkCommand()
        : base("run", "A whole run: the CPU seconds it took over cores against its wall time; aim 0.9 (nothing waits).", "--fps", "--detector", "--reid-model", "--no-motion-gate", "--threads", "--device") =>
        Add(_source);

    /// <inheritdoc/>
    public override string Needs => "recordings";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples { get; } = ["pipeline benchmark run recordings", "pipeline benchmark run recordings --no-motion-gate --threads 4"];

    /// <inheritdoc/>
    protected override IReadOnlyList<SettingFlag> Given => [new("run.output", _folder, "benchmark"), new("mqtt.enabled", "false", "benchmark")];

    /// <inheritdoc/>
    protected override async Task<DataTable> MeasureAsync(Call call, LoadedSettings<Settings> settings, CancellationToken cancellationToken)
    {
        Call silent = call with { Output = TextWriter.Null, Terminal = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(TextWriter.Null) }) };
        try
        {
            using Process self = Process.GetCurrentProcess();
            TimeSpan before = self.TotalProcessorTime;
            long start = Stopwatch.GetTimestamp();
            await RunHost.RunAsync(silent, settings, [call.Get(_source)!], cancellationToken); // required
            double wall = Stopwatch.GetElapsedTime(start).TotalSeconds;
            self.Refresh();
            double cpu = (self.TotalProcessorTime - before).TotalSeconds;
            int cores = Math.Min(Effective.Threads(settings), Environment.ProcessorCount);
            Summary.RunSummary summary = Summary.SummaryJson.Read<Summary.RunSummary>(await File.ReadAllTextAsync(Path.Combine(_folder, "summary.json"), cancellationToken));
            DataTable table = new("footage s", "frames", "wall s", "CPU s", "cores", "CPU over cores/wall", "x real time", "peak MB");
            table.Add(summary.Footage.TotalSeconds, summary.Counts.Frames, wall, cpu, cores, cpu / cores / wall, summary.Footage.TotalSeconds / wall, summary.PeakMemoryBytes >> 20);
            return table;
        }
        finally
        {
            if (Directory.Exists(_folder))
            {
                Directory.Delete(_folder, recursive: true);
            }
        }
    }
}

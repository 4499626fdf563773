using System.Globalization;
using System.Runtime.InteropServices;
using Pipeline.Cli.Commands;
using Pipeline.Cli.Configuration;
using Pipeline.Cli.Summary;
using Pipeline.Cli.Terminal;

namespace Pipeline.Cli.Benchmarks;

/// <summary>A measurement: a table of its numbers and ratios, and the machine that it ran on.</summary>
/// <param name="name">Name, one word.</param>
/// <param name="measures">What is measured, against what: one sentence.</param>
/// <param name="flags">Short flags that it takes.</param>
internal abstract class BenchmarkCommand(string name, string measures, params IReadOnlyList<string> flags) : SettingsCommand(name, measures, flags)
{
    /// <summary>What it has to be given, or that it needs nothing.</summary>
    public abstract string Needs { get; }

    /// <inheritdoc/>
    public sealed override async Task<ExitCode> ExecuteAsync(Call call, CancellationToken cancellationToken)
    {
        DataTable table = await MeasureAsync(call, Load(call, Given), cancellationToken);
        if (call.Json)
        {
            foreach (IReadOnlyDictionary<string, object?> row in table.Records())
            {
                await call.Output.WriteLineAsync(SummaryJson.Line(new { benchmark = Name, machine = Machine(), result = row }));
            }
        }
        else
        {
            table.Write(call.Terminal);
            await call.Output.WriteLineAsync(Machine());
        }

        return ExitCode.Fine;
    }

    /// <summary>Settings that the measurement itself gives.</summary>
    protected virtual IReadOnlyList<SettingFlag> Given => [];

    /// <summary>Measures.</summary>
    /// <param name="call">What was typed.</param>
    /// <param name="settings">Settings in force.</param>
    /// <param name="cancellationToken">Stops.</param>
    protected abstract Task<DataTable> MeasureAsync(Call call, LoadedSettings<Settings> settings, CancellationToken cancellationToken);

    /// <summary>The machine, in a line.</summary>
    internal static string Machine()
    {
        string processor = RuntimeInformation.ProcessArchitecture.ToString();
        const string facts = "/proc/cpuinfo";
        if (File.Exists(facts) && File.ReadLines(facts).FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal)) is { } model)
        {
            processor = model.Split(':', 2)[1].Trim();
        }

        double memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (double)(1L << 30);
        return string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessorCount} cores, {processor}, {memory:0.0} GB, .NET {Environment.Version}");
    }
}

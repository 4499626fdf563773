using System.CommandLine;
using Pipeline.Cli.Commands;
using Pipeline.Cli.Summary;
using Pipeline.Cli.Terminal;

namespace Pipeline.Cli.Benchmarks;

/// <summary><c>pipeline benchmark list</c>.</summary>
internal sealed class BenchmarkListCommand() : PipelineCommand("list", "Lists the measurements.")
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples { get; } = ["pipeline benchmark list"];

    /// <inheritdoc/>
    public override async Task<ExitCode> ExecuteAsync(Call call, CancellationToken cancellationToken)
    {
        DataTable table = new("name", "measures", "needs");
        foreach (BenchmarkCommand benchmark in Parents.OfType<Command>().SelectMany(group => group.Subcommands).OfType<BenchmarkCommand>())
        {
            if (call.Json)
            {
                await call.Output.WriteLineAsync(SummaryJson.Line(new { name = benchmark.Name, measures = benchmark.Description, needs = benchmark.Needs }));
            }

            table.Add(benchmark.Name, benchmark.Description, benchmark.Needs);
        }

        if (!call.Json)
        {
            table.Write(call.Terminal);
        }

        return ExitCode.Fine;
    }
}

using System.Diagnostics;
using System.Numerics.Tensors;
using Pipeline.Cli.Commands;
using Pipeline.Cli.Configuration;
using Pipeline.Cli.Terminal;
using Pipeline.Reid;
using Pipeline.Reid.Evaluation;

namespace Pipeline.Cli.Benchmarks;

/// <summary><c>pipeline benchmark search</c>.</summary>
internal sealed class SearchBenchmarkCommand() : BenchmarkCommand("search", "Gallery search over 10 000, 100 000 and 1 000 000 rows of 512 against reading the same memory once; aim 0.5.", "no short flag")
{
    private const int Dimension = 512;
    private const int Turns = 5;

    /// <inheritdoc/>
    public override string Needs => "nothing; sizes that do not fit half of the memory are left out";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples { get; } = ["pipeline benchmark search"];

    /// <inheritdoc/>
    protected override Task<DataTable> MeasureAsync(Call call, LoadedSettings<Settings> settings, CancellationToken cancellationToken)
    {
        DataTable table = new("rows", "ms a query", "GB/s", "reading GB/s", "of bandwidth", "bytes allocated");
        Hit[] hits = new Hit[10];
        foreach (int rows in new[] { 10_000, 100_000, 1_000_000 })
        {
            cancellationToken.ThrowIfCancellationRequested();
            long bytes = (long)rows * Dimension * sizeof(float);
            if (bytes > GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 2)
            {
                call.Error.WriteLine($"pipeline: {rows} rows need {bytes >> 20} MB and are left out");
                continue;
            }

            float[] gallery = GC.AllocateUninitializedArray<float>(rows * Dimension);
            MadeUp.Fill(gallery, Dimension);
            float[] query = gallery.AsSpan(0, Dimension).ToArray();
            (double search, double read) = (double.MaxValue, double.MaxValue);
            long allocated = 0;
            for (int turn = 0; turn < Turns; turn++)
            {
                long before = GC.GetAllocatedBytesForCurrentThread();
                long start = Stopwatch.GetTimestamp();
                CosineSearch.Search(gallery, query, hits);
                search = Math.Min(search, Stopwatch.GetElapsedTime(start).TotalSeconds);
                allocated = GC.GetAllocatedBytesForCurrentThread() - before;
                start = Stopwatch.GetTimestamp();
                TensorPrimitives.Sum<float>(gallery);
                read = Math.Min(read, Stopwatch.GetElapsedTime(start).TotalSeconds);
            }

            table.Add(rows, search * 1000, bytes / search / 1e9, bytes / read / 1e9, read / search, allocated);
        }

        return Task.FromResult(table);
    }
}

/// <summary><c>pipeline benchmark evaluation</c>.</summary>
internal sealed class EvaluationBenchmarkCommand() : BenchmarkCommand("evaluation", "Re-id evaluation at the size of MARS: 1 980 queries against 12 180 clips of length 2 048.", "--threads")
{
    private const int Queries = 1980;
    private const int Gallery = 12_180;
    private const int Dimension = 2048;

    /// <inheritdoc/>
    public override string Needs => "nothing; 300 MB of memory";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples { get; } = ["pipeline benchmark evaluation"];

    /// <inheritdoc/>
    protected override Task<DataTable> MeasureAsync(Call call, LoadedSettings<Settings> settings, CancellationToken cancellationToken)
    {
        float[] queries = new float[Queries * Dimension];
        float[] gallery = new float[Gallery * Dimension];
        MadeUp.Fill(queries, Dimension);
        MadeUp.Fill(gallery, Dimension);
        float[] distances = new float[Queries * Gallery];
        ParallelOptions parallel = new() { MaxDegreeOfParallelism = Running.Effective.Threads(settings), CancellationToken = cancellationToken };
        long start = Stopwatch.GetTimestamp();
        Parallel.For(0, Queries, parallel, q =>
        {
            Span<float> row = distances.AsSpan(q * Gallery, Gallery);
            CosineSearch.Similarities(gallery, queries.AsSpan(q * Dimension, Dimension), row);
            TensorPrimitives.Subtract(1, row, row);
        });
        double comparing = Stopwatch.GetElapsedTime(start).TotalSeconds;
        start = Stopwatch.GetTimestamp();
        RetrievalMetrics.Of(
            distances,
            [.. Enumerable.Range(0, Queries).Select(q => (1 + (q % 625), q % 6))],
            [.. Enumerable.Range(0, Gallery).Select(g => (1 + (g % 625), (g / 625) % 6))]);
        double ranking = Stopwatch.GetElapsedTime(start).TotalSeconds;
        DataTable table = new("queries", "gallery", "comparing s", "GFLOP/s", "ranking s");
        table.Add(Queries, Gallery, comparing, 2.0 * Queries * Gallery * Dimension / comparing / 1e9, ranking);
        return Task.FromResult(table);
    }
}

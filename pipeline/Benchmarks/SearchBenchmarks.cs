using System.Diagnostics;
using System.Numerics.Tensors;
using Pipeline.Cli.Commands;
using Pipeline.Cli.Configuration;
using Pipeline.Cli.Terminal;
using Pipeline.Reid;

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

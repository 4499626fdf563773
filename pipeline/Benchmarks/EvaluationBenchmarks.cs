using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Pipeline.Cli.Commands;
using Pipeline.Cli.Configuration;
using Pipeline.Cli.Terminal;
using Pipeline.Reid.Evaluation;
using TorchSharp;

namespace Pipeline.Cli.Benchmarks;

/// <summary><c>pipeline benchmark evaluation</c>.</summary>
internal sealed class EvaluationBenchmarkCommand() : BenchmarkCommand(
    "evaluation",
    "Re-id evaluation, all measures, at the size of MARS (1 980 queries against 12 180 clips of length 2 048), against libtorch's matrix product alone; aim 2 s on two cores, 1.5 times the product.",
    "--threads")
{
    private const int Queries = 1980;
    private const int Gallery = 12_180;
    private const int Dimension = 2048;
    private const int Turns = 3;

    /// <inheritdoc/>
    public override string Needs => "nothing; 600 MB of memory; libtorch to compare with";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples { get; } = ["pipeline benchmark evaluation"];

    /// <inheritdoc/>
    protected override Task<DataTable> MeasureAsync(Call call, LoadedSettings<Settings> settings, CancellationToken cancellationToken)
    {
        FeatureRows queries = new(new float[Queries * Dimension], Dimension);
        FeatureRows gallery = new(new float[Gallery * Dimension], Dimension);
        MadeUp.Fill(queries.Values, Dimension);
        MadeUp.Fill(gallery.Values, Dimension);
        AnswerRule rule = AnswerRules.SameCameraRemoved(
            [.. Enumerable.Range(0, Queries).Select(q => (1 + (q % 625), q % 6))], [.. Enumerable.Range(0, Gallery).Select(g => (1 + (g % 625), g / 625 % 6))]);
        int threads = Running.Effective.Threads(settings);
        double operations = 2.0 * Queries * Gallery * Dimension;
        (double seconds, double product, double blas, double floor) = (double.MaxValue, double.MaxValue, double.MaxValue, double.MaxValue);
        for (int turn = 0; turn < Turns; turn++)
        {
            seconds = Math.Min(seconds, Seconds(() => RetrievalMetrics.Of(queries, gallery, rule, threads: threads, cancellationToken: cancellationToken)));
            product = Math.Min(product, Seconds(() => FeatureBlocks.ForEach(queries, gallery, threads, static (_, _) => { }, cancellationToken)));
            blas = Math.Min(blas, Blas(queries, gallery, threads) ?? double.NaN);
            floor = Math.Min(floor, operations / Arithmetic(threads));
        }

        DataTable table = new("threads", "seconds", "of which product", "GFLOP/s of it", "libtorch's product s", "times that", "arithmetic alone s");
        table.Add(threads, seconds, product, operations / product / 1e9, double.IsFinite(blas) ? blas : null, double.IsFinite(blas) ? seconds / blas : null, floor);
        return Task.FromResult(table);
    }

    private static double Seconds(Action work)
    {
        long start = Stopwatch.GetTimestamp();
        work();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    // The BLAS that libtorch was built with; null where libtorch is not there.
    private static double? Blas(FeatureRows queries, FeatureRows gallery, int threads)
    {
        try
        {
            torch.set_num_threads(threads);
            using DisposeScope scope = torch.NewDisposeScope();
            using IDisposable plain = torch.no_grad();
            torch.Tensor left = torch.tensor(queries.Values, [queries.Count, queries.Dimension]);
            torch.Tensor right = torch.tensor(gallery.Values, [gallery.Count, gallery.Dimension]).t();
            return Seconds(() => left.matmul(right));
        }
        catch (DllNotFoundException)
        {
            return null;
        }
    }

    // Multiplications and additions a second of all threads together when nothing is read from memory.
    private static double Arithmetic(int threads)
    {
        const int Rounds = 20_000_000;
        float[] sums = new float[threads];
        long start = Stopwatch.GetTimestamp();
        Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads }, thread => sums[thread] = Spin(Rounds));
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        int lanes = Vector512.IsHardwareAccelerated ? Vector512<float>.Count : Vector256<float>.Count;
        return 16.0 * lanes * Rounds * threads / seconds;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static float Spin(int rounds) => Vector512.IsHardwareAccelerated ? Spin512(rounds) : Spin256(rounds);

    // Eight sums, so that no addition waits for the one before it.
    private static float Spin512(int rounds)
    {
        Vector512<float> x = Vector512.Create(0.5f), y = Vector512.Create(1e-9f);
        Vector512<float> a = x, b = x, c = x, d = x, e = x, f = x, g = x, h = x;
        for (int i = 0; i < rounds; i++)
        {
            a = Vector512.FusedMultiplyAdd(a, y, a);
            b = Vector512.FusedMultiplyAdd(b, y, b);
            c = Vector512.FusedMultiplyAdd(c, y, c);
            d = Vector512.FusedMultiplyAdd(d, y, d);
            e = Vector512.FusedMultiplyAdd(e, y, e);
            f = Vector512.FusedMultiplyAdd(f, y, f);
            g = Vector512.FusedMultiplyAdd(g, y, g);
            h = Vector512.FusedMultiplyAdd(h, y, h);
        }

        return Vector512.Sum(a + b + c + d + e + f + g + h);
    }

    private static float Spin256(int rounds)
    {
        Vector256<float> x = Vector256.Create(0.5f), y = Vector256.Create(1e-9f);
        Vector256<float> a = x, b = x, c = x, d = x, e = x, f = x, g = x, h = x;
        for (int i = 0; i < rounds; i++)
        {
            a = Vector256.FusedMultiplyAdd(a, y, a);
            b = Vector256.FusedMultiplyAdd(b, y, b);
            c = Vector256.FusedMultiplyAdd(c, y, c);
            d = Vector256.FusedMultiplyAdd(d, y, d);
            e = Vector256.FusedMultiplyAdd(e, y, e);
            f = Vector256.FusedMultiplyAdd(f, y, f);
            g = Vector256.FusedMultiplyAdd(g, y, g);
            h = Vector256.FusedMultiplyAdd(h, y, h);
        }

        return Vector256.Sum(a + b + c + d + e + f + g + h);
    }
}

/// <summary><c>pipeline benchmark reranking</c>.</summary>
internal sealed class ReRankingBenchmarkCommand : BenchmarkCommand
{
    private readonly System.CommandLine.Option<int> _features = new("--features") { Description = "Queries and gallery together.", DefaultValueFactory = _ => 93_820 };
    private readonly System.CommandLine.Option<int> _length = new("--length") { Description = "Length of a feature.", DefaultValueFactory = _ => 512 };

    /// <summary>Makes the command.</summary>
    public ReRankingBenchmarkCommand()
        : base("reranking", "k-reciprocal re-ranking at the size of MSMT17 (93 820 made-up features in clusters of one person), an eighth of them queries; aim 6 GB.", "--threads")
    {
        Add(_features);
        Add(_length);
    }

    /// <inheritdoc/>
    public override string Needs => "6 GB of memory, minutes";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples { get; } = ["pipeline benchmark reranking", "pipeline benchmark reranking --features 20000 --length 256"];

    /// <inheritdoc/>
    protected override async Task<DataTable> MeasureAsync(Call call, LoadedSettings<Settings> settings, CancellationToken cancellationToken)
    {
        (int count, int length) = (call.Get(_features), call.Get(_length));
        if (count is < 100 or > 1_000_000 || length is < 1 or > 4096)
        {
            throw new InvalidDataException($"--features is 100 to 1000000 and --length 1 to 4096, got {count} and {length}.");
        }

        FeatureRows all = Clustered(count, length);
        int asking = count / 8;
        FeatureRows queries = all.Take([.. Enumerable.Range(0, asking)]);
        FeatureRows gallery = all.Take([.. Enumerable.Range(asking, count - asking)]);
        AnswerRule rule = AnswerRules.SameCameraRemoved(
            [.. Enumerable.Range(0, asking).Select(q => (1 + Person(q, count), 0))], [.. Enumerable.Range(asking, count - asking).Select(g => (1 + Person(g, count), 1))]);
        int threads = Running.Effective.Threads(settings);
        int done = 0;
        (double neighbours, double scoring, double before, double after, long held) = (0, 0, 0, 0, 0);
        Task work = Task.Run(() =>
        {
            before = RetrievalMetrics.Of(queries, gallery, rule, threads: threads, cancellationToken: cancellationToken).MeanAveragePrecision;
            long start = Stopwatch.GetTimestamp();
            ReRanking ranking = ReRanking.Of(queries, gallery, new ReRankingOptions(), threads, rows => Interlocked.Add(ref done, rows), cancellationToken);
            neighbours = Stopwatch.GetElapsedTime(start).TotalSeconds;
            start = Stopwatch.GetTimestamp();
            after = ranking.Score(queries, gallery, rule, threads: threads, cancellationToken: cancellationToken).MeanAveragePrecision;
            scoring = Stopwatch.GetElapsedTime(start).TotalSeconds;
            held = ranking.Held;
        }, cancellationToken);
        await new WorkProgress(call).WatchAsync(() => $"{Volatile.Read(ref done)} of {count} features have their neighbours", work);
        using Process self = Process.GetCurrentProcess();
        DataTable table = new("features", "length", "threads", "encoding s", "ranking s", "values held", "peak GB", "mAP before", "mAP after");
        table.Add(count, length, threads, neighbours, scoring, held, self.PeakWorkingSet64 / 1e9, before, after);
        return table;
    }

    private static int Person(int row, int count) => row % Math.Max(2, count / 30);

    // People as points, each picture some way off: neighbours overlap as they do in a real set.
    private static FeatureRows Clustered(int count, int length)
    {
        FeatureRows rows = new(new float[(long)count * length], length);
        Parallel.For(0, count, row =>
        {
            Random person = new(1 + Person(row, count));
            Random own = new(-1 - row);
            Span<float> feature = rows[row];
            for (int i = 0; i < length; i++)
            {
                feature[i] = person.NextSingle() - 0.5f + (1.6f * (own.NextSingle() - 0.5f));
            }

            Reid.TemporalPooling.TryFinish(feature);
        });
        return rows;
    }
}

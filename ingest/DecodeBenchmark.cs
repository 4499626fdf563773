using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using System.Threading.Channels;

namespace Pipeline.Ingest;

/// <summary>Decoding speed of a plan beside that of <c>ffmpeg -f null</c> on the same files and threads, neither's start-up counted.</summary>
public static partial class DecodeBenchmark
{
    /// <summary>Result of one comparison.</summary>
    /// <param name="Footage">Seconds of footage.</param>
    /// <param name="FirstSeconds">Wall time of <see cref="IngestStage"/> when the process is new: libraries are loaded and code is compiled.</param>
    /// <param name="OursSeconds">Wall time of the same once more.</param>
    /// <param name="FfmpegSeconds">Time that ffmpeg says it took (<c>-benchmark</c>, <c>rtime</c>).</param>
    /// <param name="Frames">Frames decoded in a pass.</param>
    /// <param name="Threads">Threads of both.</param>
    public sealed record Result(double Footage, double FirstSeconds, double OursSeconds, double FfmpegSeconds, long Frames, int Threads)
    {
        /// <summary>Our speed as a share of ffmpeg's; the aim is 0.9.</summary>
        public double Ratio => FfmpegSeconds / OursSeconds;
    }

    /// <summary>Reads all recordings of the plan twice with nothing behind, then has ffmpeg decode the same files.</summary>
    /// <exception cref="InvalidDataException">ffmpeg is not there, or the plan holds no video.</exception>
    public static async Task<Result> RunAsync(IngestPlan plan, IngestOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(plan);
        string[][] cameras = [.. plan.Cameras.Select(c => c.Segments.Where(s => s.ImageFps == 0).Select(s => s.Files[0]).ToArray()).Where(f => f.Length > 0)];
        if (cameras.Length == 0)
        {
            throw new InvalidDataException("there is no video to decode. Name a folder with recordings.");
        }

        int threads = IngestStage.DecoderThreads(options);
        (double first, _) = await ReadAsync(plan, options, cancellationToken);
        (double ours, IngestStage stage) = await ReadAsync(plan, options, cancellationToken);
        int each = Math.Max(1, threads / cameras.Length);
        double[] theirs = new double[cameras.Length];
        ParallelOptions parallel = new() { MaxDegreeOfParallelism = Math.Min(threads, cameras.Length), CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, cameras.Length, parallel, async (camera, token) => theirs[camera] = await FfmpegAsync(cameras[camera], each, token));
        return new Result(
            stage.Progress.Sum(camera => camera.Footage.TotalSeconds),
            first,
            ours,
            Math.Max(theirs.Max(), theirs.Sum() / parallel.MaxDegreeOfParallelism), // side by side: the longest one, or as many as there were threads
            stage.Progress.Sum(camera => camera.Decoded),
            threads);
    }

    private static async Task<(double Seconds, IngestStage Stage)> ReadAsync(IngestPlan plan, IngestOptions options, CancellationToken cancellationToken)
    {
        IngestStage stage = new(plan, options);
        Stopwatch watch = Stopwatch.StartNew();
        Channel<CameraItem> items = Channel.CreateBounded<CameraItem>(8);
        Task reading = stage.RunAsync(items.Writer, cancellationToken);
        await foreach (CameraItem item in items.Reader.ReadAllAsync(cancellationToken))
        {
            (item as IDisposable)?.Dispose();
        }

        await reading;
        return (watch.Elapsed.TotalSeconds, stage);
    }

    private static async Task<double> FfmpegAsync(IEnumerable<string> files, int threads, CancellationToken cancellationToken)
    {
        double seconds = 0;
        foreach (string file in files)
        {
            ProcessStartInfo start = new("ffmpeg") { RedirectStandardError = true, RedirectStandardInput = true };
            string[] arguments =
                ["-nostdin", "-hide_banner", "-nostats", "-benchmark", "-threads", threads.ToString(CultureInfo.InvariantCulture), "-i", file, "-map", "0:v:0", "-f", "null", "-"];
            foreach (string argument in arguments)
            {
                start.ArgumentList.Add(argument);
            }

            using Process ffmpeg = Start(start);
            string said = await ffmpeg.StandardError.ReadToEndAsync(cancellationToken);
            await ffmpeg.WaitForExitAsync(cancellationToken);
            seconds += RealTime().Match(said) is { Success: true } time
                ? double.Parse(time.Groups[1].Value, CultureInfo.InvariantCulture)
                : throw new InvalidDataException($"ffmpeg cannot decode '{file}': {Shown.Line(said.TrimEnd().Split('\n')[^1])} Name another recording.");
        }

        return seconds;
    }

    [GeneratedRegex(@"rtime=([0-9.]+)s")]
    private static partial Regex RealTime();

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new InvalidDataException($"ffmpeg cannot be started: {e.Message}. Install ffmpeg; only this benchmark needs it.", e);
        }
    }
}

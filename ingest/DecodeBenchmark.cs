using System.Diagnostics;
using System.Globalization;
using System.Threading.Channels;

namespace Pipeline.Ingest;

/// <summary>Decoding speed of a plan beside that of <c>ffmpeg -f null</c> on the same files and threads.</summary>
public static class DecodeBenchmark
{
    /// <summary>Result of one comparison.</summary>
    /// <param name="Footage">Seconds of footage.</param>
    /// <param name="OursSeconds">Wall time of <see cref="IngestStage"/>.</param>
    /// <param name="FfmpegSeconds">Wall time of ffmpeg.</param>
    /// <param name="Frames">Frames decoded.</param>
    /// <param name="Threads">Threads of both.</param>
    public sealed record Result(double Footage, double OursSeconds, double FfmpegSeconds, long Frames, int Threads)
    {
        /// <summary>Our speed as a share of ffmpeg's; the aim is 0.9.</summary>
        public double Ratio => FfmpegSeconds / OursSeconds;
    }

    /// <summary>Reads all recordings of the plan with nothing behind, then has ffmpeg decode the same files.</summary>
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
        IngestStage stage = new(plan, options);
        Stopwatch ours = Stopwatch.StartNew();
        Channel<CameraItem> items = Channel.CreateBounded<CameraItem>(8);
        Task reading = stage.RunAsync(items.Writer, cancellationToken);
        await foreach (CameraItem item in items.Reader.ReadAllAsync(cancellationToken))
        {
            (item as IDisposable)?.Dispose();
        }

        await reading;
        ours.Stop();
        int each = Math.Max(1, threads / cameras.Length);
        Stopwatch theirs = Stopwatch.StartNew();
        ParallelOptions parallel = new() { MaxDegreeOfParallelism = Math.Min(threads, cameras.Length), CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(cameras, parallel, async (files, token) => await FfmpegAsync(files, each, token));
        theirs.Stop();
        return new Result(
            stage.Progress.Sum(camera => camera.Footage.TotalSeconds),
            ours.Elapsed.TotalSeconds,
            theirs.Elapsed.TotalSeconds,
            stage.Progress.Sum(camera => camera.Decoded),
            threads);
    }

    private static async Task FfmpegAsync(IEnumerable<string> files, int threads, CancellationToken cancellationToken)
    {
        foreach (string file in files)
        {
            ProcessStartInfo start = new("ffmpeg") { RedirectStandardError = true, RedirectStandardInput = true };
            string[] arguments =
                ["-nostdin", "-v", "quiet", "-threads", threads.ToString(CultureInfo.InvariantCulture), "-i", file, "-map", "0:v:0", "-f", "null", "-"];
            foreach (string argument in arguments)
            {
                start.ArgumentList.Add(argument);
            }

            using Process ffmpeg = Start(start);
            await ffmpeg.StandardError.ReadToEndAsync(cancellationToken);
            await ffmpeg.WaitForExitAsync(cancellationToken);
        }
    }

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

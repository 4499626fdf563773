using System.Diagnostics;
using System.Text.Json;
using System.Threading.Channels;
using OpenCvSharp;
using Pipeline.Ingest;

namespace Pipeline.Detector.Benchmarks;

/// <summary>How well a detector finds the persons of a recording.</summary>
/// <param name="Detector">Its id.</param>
/// <param name="Consensus">Average precision at 0.5 against the boxes that several detectors and an eye agree on.</param>
/// <param name="Public">The same against the boxes that came with the recording.</param>
/// <param name="MillisecondsPerPicture">Wall time of one picture, preparing and reading included.</param>
public sealed record DetectorAccuracy(string Detector, double Consensus, double Public, double MillisecondsPerPicture);

/// <summary>The stage beside the bare network on the same batches.</summary>
/// <param name="Detector">The detector's id.</param>
/// <param name="StageMilliseconds">Wall time of a picture in the stage.</param>
/// <param name="BareMilliseconds">Wall time of a picture in the session alone.</param>
/// <param name="Times">Where the stage's time went.</param>
public sealed record DetectorThroughput(string Detector, double StageMilliseconds, double BareMilliseconds, DetectorTimes Times)
{
    /// <summary>The stage's throughput as a part of the bare session's.</summary>
    public double Ratio => BareMilliseconds / StageMilliseconds;
}

/// <summary>Measures detectors on a recording.</summary>
public static class DetectorBenchmark
{
    /// <summary>Score from which boxes count in an average precision: low, so that the whole curve is seen.</summary>
    public const float AccuracyThreshold = 0.02f;

    /// <summary>Reads numbered frames of a video.</summary>
    /// <param name="video">The file.</param>
    /// <param name="wanted">Frame numbers from 0; null for all.</param>
    /// <exception cref="InvalidDataException">The video cannot be read.</exception>
    public static IEnumerable<(int Number, Mat Picture)> Frames(string video, IReadOnlySet<int>? wanted = null)
    {
        using VideoCapture capture = new(video);
        if (!capture.IsOpened())
        {
            throw new InvalidDataException($"cannot open '{video}': no video that can be decoded. Check that it plays.");
        }

        for (int number = 0; capture.Grab(); number++)
        {
            Mat picture = new();
            if ((wanted is null || wanted.Contains(number)) && capture.Retrieve(picture))
            {
                yield return (number, picture);
            }
            else
            {
                picture.Dispose();
            }
        }
    }

    /// <summary>Finds the persons of a recording's frames that have a truth and compares.</summary>
    /// <param name="detector">A detector made with <see cref="AccuracyThreshold"/>.</param>
    /// <param name="video">The recording.</param>
    /// <param name="truth">
    /// JSON: <c>frames</c> and <c>public</c>, each from a frame's number to its boxes (<c>box</c> of x1, y1, x2, y2; <c>ignore</c>).
    /// </param>
    /// <param name="every">Takes only every so manyth frame of the truth, from 1.</param>
    public static DetectorAccuracy Accuracy(IPersonDetector detector, string video, string truth, int every = 1)
    {
        ArgumentNullException.ThrowIfNull(detector);
        Dictionary<int, TrueBox[]> consensus = Truth(truth, "frames");
        Dictionary<int, TrueBox[]> given = Truth(truth, "public");
        HashSet<int> wanted = [.. consensus.Keys.Order().Where((_, i) => i % every == 0)];
        List<(int Number, IReadOnlyList<Detection> Found)> all = [];
        TimeSpan time = TimeSpan.Zero;
        foreach ((int number, Mat picture) in Frames(video, wanted))
        {
            using (picture)
            {
                long start = Stopwatch.GetTimestamp();
                all.Add((number, detector.Detect([picture])[0]));
                time += Stopwatch.GetElapsedTime(start);
            }
        }

        double Against(Dictionary<int, TrueBox[]> boxes) => AveragePrecision.At50(
            all.Select(frame => (frame.Found, (IReadOnlyList<TrueBox>)boxes.GetValueOrDefault(frame.Number, []))));
        return new(detector.Id, Against(consensus), Against(given), time.TotalMilliseconds / Math.Max(1, all.Count));
    }

    /// <summary>
    /// Runs the whole stage, without motion gate, and the bare session on the same full batch, in turns; the best turn of each counts, so
    /// that what else the machine does matters little.
    /// </summary>
    /// <param name="detector">The detector.</param>
    /// <param name="options">The settings that it was made with.</param>
    /// <param name="video">Pictures to use.</param>
    /// <param name="turns">Turns, at least 1.</param>
    public static async Task<DetectorThroughput> ThroughputAsync(
        OnnxPersonDetector detector, DetectorOptions options, string video, int turns = 20)
    {
        ArgumentNullException.ThrowIfNull(detector);
        List<Mat> frames = [.. Frames(video).Take(detector.Batch).Select(frame => frame.Picture)];
        try
        {
            (double stage, double bare) = (double.MaxValue, double.MaxValue);
            for (int turn = 0; turn < turns; turn++)
            {
                stage = Math.Min(stage, await StageAsync(detector, options with { MotionGate = false }, frames));
                bare = Math.Min(bare, Bare(detector, frames.Count));
            }

            return new(detector.Id, stage / frames.Count, bare / frames.Count, detector.Times);
        }
        finally
        {
            frames.ForEach(frame => frame.Dispose());
        }
    }

    private static double Bare(OnnxPersonDetector detector, int pictures)
    {
        long start = Stopwatch.GetTimestamp();
        for (int done = 0; done < pictures; done += detector.Batch)
        {
            detector.RunBare(Math.Min(detector.Batch, pictures - done));
        }

        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private static async Task<double> StageAsync(IPersonDetector detector, DetectorOptions options, List<Mat> frames)
    {
        Camera camera = new("benchmark", "benchmark", CameraKind.Recorded);
        Segment segment = new(camera, "file", "benchmark", 0, "", DateTimeOffset.UnixEpoch, TimeSource.Order);
        Channel<CameraItem> input = Channel.CreateUnbounded<CameraItem>();
        Channel<CameraItem> output = Channel.CreateUnbounded<CameraItem>();
        for (int i = 0; i < frames.Count; i++) // at one moment, so that every batch is full
        {
            input.Writer.TryWrite(new Frame(segment, i, TimeSpan.Zero, DateTimeOffset.UnixEpoch, frames[i], _ => { }));
        }

        input.Writer.Complete();
        long start = Stopwatch.GetTimestamp();
        await new DetectStage(detector, options).RunAsync(input.Reader, output.Writer, CancellationToken.None);
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private static Dictionary<int, TrueBox[]> Truth(string path, string name)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
        return document.RootElement.GetProperty(name).EnumerateObject().ToDictionary(
            frame => int.Parse(frame.Name, System.Globalization.CultureInfo.InvariantCulture),
            frame => frame.Value.EnumerateArray().Select(ReadBox).ToArray());
    }

    private static TrueBox ReadBox(JsonElement entry)
    {
        float[] corners = [.. entry.GetProperty("box").EnumerateArray().Select(value => value.GetSingle())];
        return new(
            new(corners[0], corners[1], corners[2] - corners[0], corners[3] - corners[1]),
            entry.TryGetProperty("ignore", out JsonElement ignore) && ignore.ValueKind == JsonValueKind.True);
    }
}

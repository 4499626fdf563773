using OpenCvSharp;
using Pipeline.Detector;
using Pipeline.Detector.Benchmarks;
using Pipeline.Ingest;
using Pipeline.Tests.Detector.Support;
using Xunit.Abstractions;

namespace Pipeline.Tests.Detector;
public sealed class Measurements(ITestOutputHelper output)
{
    [Fact]
    public async Task All()
    {
        if (Environment.GetEnvironmentVariable("DET_MEASURE") is not { } what) return;
        string vtest = TestData.Shared("data", "recordings", "vtest", "cam1", "vtest.avi"), truth = TestData.Shared("data", "models", "vtest_truth.json");
        DetectorOptions options = new() { ScoreThreshold = 0.02f };
        IEnumerable<(string, string)> models = Models.Kept.Select(m => (m, Models.PathOf(m))).Concat(new[] { "npm_centernet_512", "npm_ssd_oidv4_300" }.Select(m => (m, $"/tmp/det/onnx/{m}.onnx")));
        StreamWriter log = new($"/tmp/det/measure-{what}.txt") { AutoFlush = true };
        if (what == "ap")
        foreach ((string m, string path) in models)
        {
            Reference r = Reference.Of(m);
            using OnnxPersonDetector d = OnnxPersonDetector.Load(path, options);
            DetectorAccuracy a = DetectorBenchmark.Accuracy(d, vtest, truth);
            log.WriteLine($"{m} {d.Description}: {a.Consensus:f4}/{a.Public:f4} ref {r.Consensus}/{r.Public} {(Math.Abs(a.Consensus - r.Consensus) < 0.01 && Math.Abs(a.Public - r.Public) < 0.01 ? "ok" : "OFF")} {a.MillisecondsPerPicture:f1} ms");
        }
        if (what == "hog")
        {
            using HogPersonDetector hog = new(options);
            DetectorAccuracy a = DetectorBenchmark.Accuracy(hog, vtest, truth, 1);
            log.WriteLine($"hog whole: {a.Consensus:f4}/{a.Public:f4} {a.MillisecondsPerPicture:f1} ms");
        }
        if (what == "speed")
        foreach (int threads in new[] { 1, 2 })
        foreach (string m in new[] { "npm_nanodet_g_416", "yolox_nano_416", "fastestdet_352" })
        {
            DetectorOptions o = new() { Threads = threads };
            using OnnxPersonDetector d = OnnxPersonDetector.Load(Models.PathOf(m), o);
            DetectorThroughput t = await DetectorBenchmark.ThroughputAsync(d, o, vtest);
            log.WriteLine($"{m} threads {threads}: stage {t.StageMilliseconds:f2} bare {t.BareMilliseconds:f2} ratio {t.Ratio:f3}; per picture pre {t.Times.Preparing.TotalMilliseconds / t.Times.Pictures:f2} net {t.Times.Network.TotalMilliseconds / t.Times.Pictures:f2} post {t.Times.Reading.TotalMilliseconds / t.Times.Pictures:f2}");
        }
        if (what.StartsWith("scores", StringComparison.Ordinal))
        foreach (string r in new[] { "garden_cat/cam1", "car_park_empty/cam1", "one_by_one/cam1", "corridor_2cam/cam1", "corridor_2cam/cam2", "vtest/cam1", "caviar_front/OneLeaveShop1front", "caviar_front/EnterExitCrossingPaths1front" })
        foreach (string file in Directory.EnumerateFiles(TestData.Shared("data", "recordings", r), "*.*", SearchOption.AllDirectories).Where(f => f.EndsWith(".mp4") || f.EndsWith(".avi") || f.EndsWith(".mpg")).Order())
        {
            DetectorOptions o = new() { Model = what.EndsWith("hog") ? "hog" : "default", MotionGate = !what.Contains("nogate") };
            using IPersonDetector d = DefaultDetector.Open(o).Detector;
            Camera cam = new("a", "a", CameraKind.Recorded);
            Segment seg = new(cam, "file", "f", 0, "", DateTimeOffset.UnixEpoch, TimeSource.Order);
            var input = System.Threading.Channels.Channel.CreateBounded<CameraItem>(4);
            var outp = System.Threading.Channels.Channel.CreateBounded<CameraItem>(4);
            using VideoCapture cap = new(file);
            double fps = cap.Fps; int step = Math.Max(1, (int)Math.Round(fps / 5));
            DetectStage stage = new(d, o);
            Task feed = Task.Run(async () => { foreach ((int n, Mat p) in DetectorBenchmark.Frames(file)) { if (n % step != 0) { p.Dispose(); continue; } await input.Writer.WriteAsync(new Frame(seg, n, TimeSpan.FromSeconds(n / fps), DateTimeOffset.UnixEpoch.AddSeconds(n / fps), p)); } input.Writer.Complete(); });
            Task run = Task.Run(() => stage.RunAsync(input.Reader, outp.Writer, default));
            List<string> tops = []; List<float> all = []; 
            long t0 = System.Diagnostics.Stopwatch.GetTimestamp();
            await foreach (CameraItem it in outp.Reader.ReadAllAsync()) { DetectedFrame f = (DetectedFrame)it; tops.Add(f.Rested ? "-" : f.Detections.Count == 0 ? "0" : string.Join("/", f.Detections.Take(4).Select(x => x.Score.ToString("f2")))); all.AddRange(f.Detections.Select(x => x.Score)); f.Dispose(); }
            await run; await feed;
            DetectorActivity act = stage.Activity[0];
            log.WriteLine($"{r} {Path.GetFileName(file)} fps {fps} step {step}: analysed {act.Analysed} rested {act.Rested}; max {(all.Count == 0 ? 0 : all.Max()):f3}; >=.5: {all.Count(x => x >= .5)} >=.4: {all.Count(x => x >= .4)} >=.3: {all.Count(x => x >= .3)} >=.2 {all.Count(x => x >= .2)} of {all.Count}; {System.Diagnostics.Stopwatch.GetElapsedTime(t0).TotalSeconds:f1} s");
            log.WriteLine("   " + string.Join(" ", tops));
        }
        if (what == "gate")
        foreach ((string r, int step) in new[] { ("one_by_one/cam1", 2), ("garden_cat/cam1", 5), ("car_park_empty/cam1", 2), ("corridor_2cam/cam2", 6) })
        {
            string file = Directory.EnumerateFiles(TestData.Shared("data", "recordings", r)).First(f => f.EndsWith(".mp4") || f.EndsWith(".avi"));
            MotionGate gate = new(); TimeSpan t = default; int n = 0, moving = 0; System.Text.StringBuilder line = new();
            foreach ((int k, Mat p) in DetectorBenchmark.Frames(file)) { using (p) { if (k % step != 0) continue; long t0 = System.Diagnostics.Stopwatch.GetTimestamp(); bool m = gate.Observe(p, DateTimeOffset.UnixEpoch.AddSeconds(n * 0.2)); if (m) moving++; t += System.Diagnostics.Stopwatch.GetElapsedTime(t0); n++; line.Append(m ? $" {k}:" + string.Join("+", gate.Regions.Take(3).Select(x => $"{x.X},{x.Y},{x.Width}x{x.Height}")) : " -"); } }
            log.WriteLine($"{r}: {t.TotalMilliseconds / n:f3} ms, moving {moving} of {n}"); log.WriteLine(line.ToString());
        }
        output.WriteLine("done");
    }
}

using System.Globalization;
using Pipeline.Tracker;
using Pipeline.Tracker.Evaluation;
using Xunit.Abstractions;

namespace Pipeline.Tests.Tracker;

public sealed class MotBenchmarkTests(ITestOutputHelper output)
{
    private static readonly string[] s_mot17 = ["MOT17-02", "MOT17-05", "MOT17-11"];
    private static readonly string[] s_mot15 = ["PETS09-S2L1", "TUD-Campus", "TUD-Stadtmitte"];

    // The thresholds of the reference runs.
    private static readonly TrackerOptions s_asReference = new() { HighThreshold = 0.6f, NewTrackThreshold = 0.7f };

    private static readonly TimeSpan s_foresee = TimeSpan.FromMilliseconds(250);

    // The published trackers on the same files (data/tracking/BASELINES.md): ByteTrack's HOTA / IDF1 are 40.96 / 48.01 on FRCNN,
    // 54.75 / 65.95 on the YOLOX halves, 42.43 / 54.82 on MOT15, 36.11 / 39.88 on dancetrack0004.
    [SkippableTheory]
    [InlineData("frcnn", 40.96, 48.01)]
    [InlineData("yolox", 54.75, 65.95)]
    [InlineData("mot15", 42.43, 54.82)]
    [InlineData("dance", 36.11, 39.88)]
    public void Track_does_better_than_ByteTrack_on_the_same_detections(string set, double hota, double idf1)
    {
        TrackingScores scores = Score(set, s_asReference, offline: false, print: true);
        TrackingScores offline = Score(set, s_asReference, offline: true, print: true);

        Assert.True(100 * scores.Hota.Mean > hota, $"HOTA {100 * scores.Hota.Mean:0.00}");
        Assert.True(100 * scores.Identity.Idf1 > idf1, $"IDF1 {100 * scores.Identity.Idf1:0.00}");
        Assert.True(100 * offline.Hota.Mean > hota, $"off line HOTA {100 * offline.Hota.Mean:0.00}");
    }

    [SkippableFact]
    public void Track_at_a_sixth_of_the_frames_keeps_most_of_the_identities()
    {
        TrackingScores all = Score("yolox", s_asReference, offline: false, print: false);
        TrackingScores sixth = Score("yolox", s_asReference, offline: false, print: true, every: 6);

        Assert.True(sixth.Identity.Idf1 > 0.8 * all.Identity.Idf1);
    }

    private TrackingScores Score(string set, TrackerOptions options, bool offline, bool print, int every = 1)
    {
        List<TrackingScores> parts = [];
        (string collection, string[] names) = set switch { "mot15" => ("mot15", s_mot15), "dance" => ("dancetrack", ["dancetrack0004"]), _ => ("mot17", s_mot17) };
        foreach (string name in names)
        {
            string folder = TestData.Shared("data", "tracking", collection, name);
            int length = Info(folder, "seqLength");
            int from = set == "yolox" ? (length / 2) + 1 : 0;
            string file = set switch { "yolox" => "det_yolox_ablation.txt", "dance" => "det_yolox.txt", _ => "det_frcnn.txt" };
            List<MotRow> Read(string text) => [.. MotText.Parse(File.ReadAllText(Path.Combine(folder, text)))
                .Where(row => row.Frame > from && (row.Frame - from - 1) % every == 0)
                .Select(row => row with { Frame = ((row.Frame - from - 1) / every) + 1 })];
            double rate = (double)Info(folder, "frameRate") / every;
            IReadOnlyList<MotRow> tracks = offline ? MotTracking.TrackOffline(Read(file), rate, options) : MotTracking.Track(Read(file), rate, options, s_foresee);
            TrackingScores scores = TrackingScores.Of(ScoredSequence.Create(
                Read("gt.txt"), tracks, ((length - from - 1) / every) + 1, set == "mot15" ? MotRules.Mot15 : MotRules.Mot17));
            parts.Add(scores);
            Print($"{set} {name}", scores, print);
        }

        TrackingScores all = TrackingScores.Combine(parts);
        Print($"{set} COMBINED{(offline ? " off line" : "")}{(every > 1 ? $" every {every}" : "")}", all, print);
        return all;
    }

    private void Print(string name, TrackingScores scores, bool print)
    {
        if (print)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{name,-32} HOTA {100 * scores.Hota.Mean:0.00} AssA {100 * scores.Hota.AssA.Average():0.00} IDF1 {100 * scores.Identity.Idf1:0.00} MOTA {100 * scores.Clear.Mota:0.00} IDSW {scores.Clear.IdentitySwitches} FP {scores.Clear.FalsePositives} FN {scores.Clear.FalseNegatives}"));
        }
    }

    private static int Info(string folder, string key) => int.Parse(
        File.ReadLines(Path.Combine(folder, "seqinfo.ini")).Single(line => line.StartsWith(key, StringComparison.Ordinal)).Split('=')[1],
        CultureInfo.InvariantCulture);
}

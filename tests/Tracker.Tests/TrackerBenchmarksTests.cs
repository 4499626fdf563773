using Pipeline.Tracker;
using Pipeline.Tracker.Evaluation;
using Xunit.Abstractions;

namespace Pipeline.Tests.Tracker;

public sealed class TrackerBenchmarksTests(ITestOutputHelper output)
{
    [SkippableFact]
    public void AssociationRate_counts_every_frame()
    {
        string file = Path.Combine(TestData.Shared("data", "tracking", "mot17", "MOT17-11"), "det_frcnn.txt");

        double rate = TrackerBenchmarks.AssociationRate(MotText.Parse(File.ReadAllText(file)), 30, new TrackerOptions(), TimeProvider.System);

        output.WriteLine($"MOT17-11 FRCNN: {rate:0} frames/s");
        Assert.True(rate > 0);
    }

    [Fact]
    public async Task LinkCost_is_measured_at_small_and_large_galleries()
    {
        List<Tracklet> tracklets = [.. (await Scene.TrackAsync(new Scene(1, seconds: 20).Items())).Select(set => set.Key).OfType<Tracklet>()];
        foreach (int prototypes in new[] { 100, 10_000 })
        {
            TimeSpan cost = TrackerBenchmarks.LinkCost(prototypes, 512, tracklets, together: 1, TimeProvider.System);

            output.WriteLine($"{prototypes} prototypes of 512: {cost.TotalMilliseconds:0.00} ms a tracklet");
            Assert.True(cost > TimeSpan.Zero);
        }
    }

    [Fact]
    public void ScoringCost_is_measured_on_a_site_of_several_cameras()
    {
        TimeSpan cost = TrackerBenchmarks.ScoringCost(cameras: 3, frames: 1000, people: 4, TimeProvider.System);

        output.WriteLine($"3 cameras of 1000 frames: {cost.TotalSeconds:0.00} s");
        Assert.True(cost > TimeSpan.Zero);
    }
}

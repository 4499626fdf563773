using Pipeline.Cli.Running;
using Pipeline.Store.Mqtt;

namespace Pipeline.Tests.Cli;

public class MeterTests
{
    [Fact]
    public void Stats_are_of_the_interval_and_the_spread_is_of_the_latest_items()
    {
        long dropped = 0;
        Meter meter = new() { Waiting = () => 3, Dropped = () => dropped };
        Assert.Null(meter.Stats());

        meter.Add(TimeSpan.FromMilliseconds(40), 4);
        meter.Add(TimeSpan.FromMilliseconds(90), 1);
        meter.Add(TimeSpan.FromMilliseconds(5), 0); // work that gave nothing is work all the same
        dropped = 7;
        StageStats first = meter.Stats()!;
        meter.Add(TimeSpan.FromMilliseconds(10), 1);
        dropped = 9;
        StageStats second = meter.Stats()!;

        Assert.Equal(new StageStats(5, 10, 10, 3, 7), first);
        Assert.Equal((1, 2), (second.Items, second.Dropped));
        Assert.Equal(TimeSpan.FromMilliseconds(145), meter.Busy);
    }
}

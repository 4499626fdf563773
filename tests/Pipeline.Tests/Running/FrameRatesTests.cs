using Pipeline.Cli.Running;

namespace Pipeline.Tests.Cli;

public sealed class FrameRatesTests
{
    [Fact]
    public void A_rate_is_of_the_time_since_somebody_asked_at_least_a_second_ago()
    {
        Clock clock = new();
        FrameRates rates = new(clock);

        Assert.Equal((null, null), rates.Of("hall", 100, 20));
        clock.Seconds = 0.5;
        Assert.Equal((null, null), rates.Of("hall", 200, 40)); // too soon to tell
        clock.Seconds = 4;
        Assert.Equal((75.0, 15.0), rates.Of("hall", 400, 80));
        Assert.Equal((null, null), rates.Of("yard", 7, 7));
        clock.Seconds = 4.5;
        Assert.Equal((75.0, 15.0), rates.Of("hall", 500, 90));
        clock.Seconds = 14;
        Assert.Equal((0.0, 0.0), rates.Of("hall", 400, 80)); // it has stopped
    }

    private sealed class Clock : TimeProvider
    {
        public double Seconds { get; set; }

        public override long TimestampFrequency => 1000;

        public override long GetTimestamp() => (long)(Seconds * 1000);
    }
}

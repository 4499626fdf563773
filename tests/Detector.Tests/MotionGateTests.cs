using OpenCvSharp;
using Pipeline.Detector;
using Pipeline.Tests.Detector.Support;

namespace Pipeline.Tests.Detector;

public sealed class MotionGateTests
{
    private readonly MotionGate _gate = new();

    [Fact]
    public void Observe_takes_the_first_second_for_motion_and_then_rests()
    {
        List<bool> moving = [.. Enumerable.Range(0, 20).Select(i => Observe(i * 0.2))];

        Assert.All(moving.Take(5), Assert.True);
        Assert.All(moving.Skip(5), Assert.False);
    }

    [Fact]
    public void Observe_says_where_somebody_comes_in()
    {
        Settle();

        Assert.True(Observe(4.2, x: 100));

        Box region = Assert.Single(_gate.Regions);
        Assert.True(region.IoU(new(100, 80, 40, 120)) > 0.9f, $"{region}");
    }

    [Fact]
    public void Observe_forgets_who_stands_still_after_a_while()
    {
        Settle();

        List<bool> moving = [.. Enumerable.Range(0, 100).Select(i => Observe(4.2 + (i * 0.2), x: 100))];

        Assert.True(moving[0]);
        Assert.False(moving[^1]);
    }

    [Fact]
    public void Observe_is_not_woken_by_noise()
    {
        Random random = new(3);
        List<bool> moving = [];
        for (int i = 0; i < 50; i++)
        {
            using Mat picture = Pictures.Room();
            foreach (ref byte level in picture.AsSpan<byte>())
            {
                level = (byte)(level + random.Next(-6, 7));
            }

            moving.Add(_gate.Observe(picture, Pictures.Start.AddSeconds(i * 0.2)));
        }

        Assert.All(moving.Skip(5), Assert.False);
    }

    [Fact]
    public void Observe_starts_anew_with_another_size()
    {
        Settle();
        using Mat other = new(100, 100, MatType.CV_8UC3, Scalar.All(0));

        Assert.True(_gate.Observe(other, Pictures.Start.AddSeconds(5)));
        Assert.Equal([new Box(0, 0, 100, 100)], _gate.Regions);
    }

    private void Settle()
    {
        for (int i = 0; i <= 20; i++)
        {
            Observe(i * 0.2);
        }
    }

    private bool Observe(double seconds, int x = -1)
    {
        using Mat picture = Pictures.Room(x);
        return _gate.Observe(picture, Pictures.Start.AddSeconds(seconds));
    }
}

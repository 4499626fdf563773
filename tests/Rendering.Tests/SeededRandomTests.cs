using Pipeline.Rendering.Seeding;

namespace Pipeline.Tests.Rendering;

public class SeededRandomTests
{
    [Fact]
    public void The_same_keys_give_the_same_stream()
    {
        SeededRandom first = SeededRandom.Of(7, Purpose.Look, 3), second = SeededRandom.Of(7, Purpose.Look, 3);

        Assert.Equal(Enumerable.Range(0, 100).Select(_ => first.Next()), Enumerable.Range(0, 100).Select(_ => second.Next()));
    }

    // Seeding with seed × constant + number gives neighbours the same stream, shifted by one.
    [Theory]
    [InlineData(7, Purpose.Look, 4)]
    [InlineData(8, Purpose.Look, 3)]
    [InlineData(7, Purpose.Picture, 3)]
    public void Neighbours_share_no_part_of_their_streams(ulong seed, object purpose, int number)
    {
        SeededRandom first = SeededRandom.Of(7, Purpose.Look, 3), other = SeededRandom.Of(seed, (Purpose)purpose, number);

        HashSet<ulong> values = [.. Enumerable.Range(0, 1000).Select(_ => first.Next())];

        Assert.DoesNotContain(Enumerable.Range(0, 1000).Select(_ => other.Next()), values.Contains);
    }

    [Fact]
    public void Weighted_follows_the_weights_and_never_takes_a_weight_of_zero()
    {
        SeededRandom random = new(1);
        int[] counts = new int[3];

        for (int i = 0; i < 30_000; i++)
        {
            counts[random.Weighted(1, 0, 3)]++;
        }

        Assert.Equal(0, counts[1]);
        Assert.InRange(counts[2] / (double)counts[0], 2.8, 3.2);
    }

    [Fact]
    public void Normal_has_mean_zero_and_deviation_one()
    {
        SeededRandom random = new(2);
        float[] values = [.. Enumerable.Range(0, 50_000).Select(_ => random.Normal())];

        Assert.InRange(values.Average(), -.02, .02);
        Assert.InRange(Math.Sqrt(values.Select(v => v * v).Average()), .98, 1.02);
    }
}

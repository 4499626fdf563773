using Pipeline.Detector;

namespace Pipeline.Tests.Detector;

public sealed class NonMaximumSuppressionTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(300)]
    [InlineData(10_000)]
    public void Apply_agrees_with_the_plain_version(int count)
    {
        List<Detection> boxes = Random(count);
        List<Detection> expected = Plain(boxes, 0.5f);

        NonMaximumSuppression.Apply(boxes, 0.5f);

        Assert.Equal(expected, boxes);
    }

    [Fact]
    public void Apply_keeps_boxes_that_touch_or_overlap_by_no_more_than_the_limit()
    {
        List<Detection> boxes = [new(new(0, 0, 10, 10), 0.5f), new(new(10, 0, 10, 10), 0.9f), new(new(5, 0, 10, 10), 0.7f)];

        NonMaximumSuppression.Apply(boxes, 1 / 3f + 1e-6f);

        Assert.Equal([0.9f, 0.7f, 0.5f], boxes.Select(box => box.Score));
    }

    [Fact]
    public void Apply_takes_equal_scores_in_their_order()
    {
        List<Detection> boxes = [new(new(1, 1, 10, 10), 0.5f), new(new(0, 0, 10, 10), 0.5f)];

        NonMaximumSuppression.Apply(boxes, 0.5f);

        Assert.Equal([new Detection(new(1, 1, 10, 10), 0.5f)], boxes);
    }

    private static List<Detection> Random(int count)
    {
        Random random = new(7);
        return
        [
            .. Enumerable.Range(0, count).Select(_ => new Detection(
                new(random.NextSingle() * 1900, random.NextSingle() * 1000, 5 + (random.NextSingle() * 80), 5 + (random.NextSingle() * 160)),
                random.Next(100) / 100f)),
        ];
    }

    private static List<Detection> Plain(List<Detection> boxes, float iou)
    {
        List<Detection> open = [.. boxes.OrderByDescending(box => box.Score)];
        List<Detection> kept = [];
        while (open.Count > 0)
        {
            Detection best = open[0];
            kept.Add(best);
            open = [.. open.Skip(1).Where(other => best.Box.IoU(other.Box) <= iou)];
        }

        return kept;
    }
}

using Pipeline.Detector;
using Pipeline.Detector.Benchmarks;

namespace Pipeline.Tests.Detector;

public sealed class AveragePrecisionTests
{
    private static readonly Box A = new(0, 0, 10, 10);
    private static readonly Box B = new(100, 0, 10, 10);
    private static readonly Box Elsewhere = new(200, 0, 10, 10);

    [Fact]
    public void At50_is_one_when_all_are_found_and_nothing_else() =>
        Assert.Equal(1, Score([new(A, 0.9f), new(B, 0.8f)], [new(A, false), new(B, false)]));

    // Hit, miss, hit of two: precision 1 up to a recall of a half, then 2/3.
    [Fact]
    public void At50_is_the_area_under_the_curve() =>
        Assert.Equal(0.5 + (0.5 * 2 / 3), Score([new(A, 0.9f), new(Elsewhere, 0.8f), new(B, 0.7f)], [new(A, false), new(B, false)]), 1e-9);

    [Fact]
    public void At50_counts_a_second_box_of_a_person_as_a_miss() =>
        Assert.Equal(0.5 + (0.5 * 2 / 3), Score([new(A, 0.9f), new(A, 0.8f), new(B, 0.7f)], [new(A, false), new(B, false)]), 1e-9);

    [Fact]
    public void At50_counts_boxes_on_ignored_persons_neither_way() =>
        Assert.Equal(1, Score([new(B, 0.9f), new(A, 0.8f)], [new(A, false), new(B, true)]));

    private static double Score(Detection[] found, TrueBox[] there) => AveragePrecision.At50([(found, there)]);
}

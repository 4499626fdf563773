using Pipeline.Reid;

namespace Pipeline.Tests.Reid;

public sealed class ClipBreaksTests
{
    private static readonly float[] _anna = [1, 0.1f, 0];
    private static readonly float[] _bert = [0.1f, 1, 0];
    private static readonly float[] _carl = [0, 0.1f, 1];

    [Fact]
    public void One_person_is_left_whole() => Assert.Empty(Find(1, _anna, _anna, _anna, _anna, _anna, _anna));

    [Fact]
    public void A_track_that_goes_on_with_somebody_else_is_cut_where_it_does() => Assert.Equal([3], Find(1, _anna, _anna, _anna, _bert, _bert));

    [Fact]
    public void It_is_cut_as_often_as_it_changes_hands() => Assert.Equal([2, 5], Find(1, _anna, _anna, _bert, _bert, _bert, _carl, _carl));

    [Fact]
    public void A_single_picture_of_somebody_else_cuts_nothing() => Assert.Empty(Find(1, _anna, _anna, _anna, _anna, _anna, _anna, _anna, _bert));

    [Fact]
    public void A_moment_cuts_nothing() => Assert.Empty(Find(0.4, _anna, _anna, _anna, _anna, _bert, _bert));

    [Fact]
    public void What_cannot_be_used_says_nothing_and_is_no_reason_to_cut()
    {
        float[] broken = [float.NaN, 0, 0];

        Assert.Equal([3], Find(1, _anna, broken, _anna, _bert, broken, _bert));
        Assert.Empty(Find(1, broken, broken, broken, broken));
        Assert.Empty(Find(1, [0, 0, 0], [0, 0, 0], _anna, _anna));
    }

    [Fact]
    public void Lengths_of_embeddings_do_not_matter() =>
        Assert.Equal([3], Find(1, _anna, _anna, _anna, [.. _bert.Select(value => 50 * value)], [.. _bert.Select(value => 0.02f * value)]));

    [Fact]
    public void Where_somebody_else_came_close_less_difference_is_enough()
    {
        float[] alike = [1, 1.4f, 0]; // 0.65 like Anna: over what is asked anywhere, under it where two met
        float[][] crops = [_anna, _anna, alike, alike];

        Assert.Empty(Find(1, crops, []));
        Assert.Empty(Find(1, crops, [0.9f, 0.9f, 0.3f, 0.9f]));
        Assert.Equal([2], Find(1, crops, [0, 0, 0.4f, 0]));
    }

    private static List<int> Find(double seconds, params float[][] embeddings) => Find(seconds, embeddings, []);

    private static List<int> Find(double seconds, float[][] embeddings, float[] met)
    {
        Picture picture = new(1, 1, [0, 0, 0]);
        return ClipBreaks.Find(
            [.. embeddings.SelectMany(embedding => embedding)],
            [.. embeddings.Select((_, index) => new Crop(picture, DateTimeOffset.UnixEpoch.AddSeconds(index * seconds), 1))],
            below: 0.55f,
            met);
    }
}

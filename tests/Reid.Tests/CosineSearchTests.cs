using Pipeline.Reid;

namespace Pipeline.Tests.Reid;

public sealed class CosineSearchTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(31)]
    [InlineData(32)]
    [InlineData(33)]
    [InlineData(513)]
    public void Dot_is_the_scalar_sum(int length)
    {
        (float[] a, float[] b) = (Vector(length, 1), Vector(length, 2));

        Assert.Equal(a.Zip(b, (x, y) => (double)x * y).Sum(), CosineSearch.Dot(a, b), 1e-5);
    }

    [Theory]
    [InlineData(0, 5)]
    [InlineData(1, 5)]
    [InlineData(101, 1)]
    [InlineData(101, 7)]
    [InlineData(3, 200)]
    public void Search_finds_what_sorting_all_rows_finds(int count, int wanted)
    {
        const int Length = 33;
        float[] rows = Vector(count * Length, 4);
        float[] query = Vector(Length, 5);
        Hit[] hits = new Hit[wanted];

        int found = CosineSearch.Search(rows, query, hits);

        Hit[] sorted =
        [
            .. Enumerable.Range(0, count)
                .Select(r => new Hit(r, CosineSearch.Dot(rows.AsSpan(r * Length, Length), query)))
                .OrderByDescending(h => h.Similarity).ThenBy(h => h.Row).Take(wanted),
        ];
        Assert.Equal(Math.Min(count, wanted), found);
        Assert.Equal(sorted, hits[..found]);
    }

    [Fact]
    public void Search_puts_the_earlier_of_two_equal_rows_first()
    {
        Hit[] hits = new Hit[3];

        CosineSearch.Search([0, 1, 1, 0, 0, 1, 1, 0], [1, 0], hits);

        Assert.Equal([1, 3, 0], hits.Select(h => h.Row));
    }

    [Fact]
    public void Search_puts_a_row_of_NaN_last()
    {
        Hit[] hits = new Hit[2];

        Assert.Equal(2, CosineSearch.Search([float.NaN, 0, 0.1f, 0], [1, 0], hits));

        Assert.Equal([1, 0], hits.Select(h => h.Row));
    }

    [Fact]
    public void Search_allocates_nothing()
    {
        float[] rows = Vector(64 * 100, 1);
        float[] query = Vector(64, 2);
        Hit[] hits = new Hit[10];
        CosineSearch.Search(rows, query, hits);

        long before = GC.GetAllocatedBytesForCurrentThread();
        CosineSearch.Search(rows, query, hits);

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void Search_refuses_rows_of_another_length() =>
        Assert.Contains("7 floats are no rows of length 2", Assert.Throws<ArgumentException>(() => CosineSearch.Search(new float[7], new float[2], new Hit[1])).Message, StringComparison.Ordinal);

    [Fact]
    public void Similarities_are_those_of_Dot()
    {
        float[] rows = Vector(15, 1);
        float[] similarities = new float[3];

        CosineSearch.Similarities(rows, Vector(5, 2), similarities);

        Assert.Equal(CosineSearch.Dot(rows.AsSpan(10, 5), Vector(5, 2)), similarities[2]);
    }

    private static float[] Vector(int length, int seed)
    {
        Random random = new(seed);
        return [.. Enumerable.Range(0, length).Select(_ => (float)(random.NextDouble() - 0.5))];
    }
}

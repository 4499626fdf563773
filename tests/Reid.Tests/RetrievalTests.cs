using Pipeline.Reid;
using Pipeline.Reid.Evaluation;

namespace Pipeline.Tests.Reid;

public sealed class RetrievalTests
{
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(2, 4, 32)]
    [InlineData(3, 5, 7)]
    [InlineData(9, 33, 31)]
    [InlineData(7, 64, 511)]
    [InlineData(8, 31, 513)]
    [InlineData(67, 70, 40)]
    [InlineData(130, 6, 1100)]
    [InlineData(0, 6, 8)]
    [InlineData(6, 0, 8)]
    public void The_product_is_to_the_last_bit_the_sum_that_it_states(int lefts, int rights, int dimension)
    {
        (float[] left, float[] right) = (Noise(lefts * dimension, 1), Noise(rights * dimension, 2));

        float[] got = Product(left, right, dimension);
        float[] turned = Product(right, left, dimension);

        for (int i = 0; i < lefts; i++)
        {
            for (int j = 0; j < rights; j++)
            {
                ReadOnlySpan<float> one = left.AsSpan(i * dimension, dimension), other = right.AsSpan(j * dimension, dimension);
                Assert.Equal(BitConverter.SingleToInt32Bits(Stated(one, other)), BitConverter.SingleToInt32Bits(got[(i * rights) + j]));
                Assert.Equal(got[(i * rights) + j], turned[(j * lefts) + i]);
                Assert.Equal(CosineSearch.Dot(one, other), got[(i * rights) + j], 2e-6 * dimension);
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void Blocks_are_the_same_with_any_number_of_threads(int threads)
    {
        FeatureRows left = new(Noise(300 * 24, 3), 24);
        FeatureRows right = new(Noise(45 * 24, 4), 24);
        float[] got = new float[300 * 45];

        FeatureBlocks.ForEach(left, right, threads, (from, similarities) => similarities.CopyTo(got.AsSpan(from * 45)));

        Assert.Equal(Product(left.Values, right.Values, 24), got);
    }

    [Fact]
    public void The_product_refuses_what_does_not_fit()
    {
        float[] memory = [];
        Assert.Throws<ArgumentException>(() => PackedRows.Of(new float[7], 4));
        Assert.Throws<ArgumentOutOfRangeException>(() => PackedRows.Of(new float[8], 0));
        Assert.Throws<ArgumentException>(() => PackedRows.Of(new float[8], 4).Multiply(new float[8], new float[3], ref memory));
        Assert.Throws<ArgumentException>(() => PackedRows.Of(new float[8], 4).Multiply(new float[7], new float[2], ref memory));
    }

    [Fact]
    public void Ranks_are_those_of_a_full_stable_sort()
    {
        Random random = new(5);
        for (int round = 0; round < 300; round++)
        {
            int count = random.Next(1, 60);
            float[] distances = [.. Enumerable.Range(0, count).Select(_ => random.Next(12) switch { 0 => float.NaN, 1 => float.PositiveInfinity, int level => level / 4 })];
            int[] order = [.. Enumerable.Range(0, count)];
            random.Shuffle(order);
            int[] right = [.. order.Take(random.Next(1, count + 1)).Order()];
            int[] removed = [.. order.Skip(right.Length).Take(random.Next(count))];
            int[] kept = [.. Enumerable.Range(0, count).Except(removed).OrderBy(i => float.IsNaN(distances[i]) ? float.PositiveInfinity : distances[i]).ThenBy(i => i)];
            int[] wanted = [.. right.Select(i => Array.IndexOf(kept, i)).Order()];

            Assert.Equal(wanted, RightRanks.Find(distances, right, removed));
        }
    }

    [Fact]
    public void Measures_by_hand()
    {
        // Right answers at ranks 1 and 4, then nothing right, then one at rank 2.
        RetrievalMetrics metrics = RetrievalMetrics.FromRanks([[0, 3], [], [1]], 4);

        Assert.Equal((3, 2), (metrics.TotalQueries, metrics.ValidQueries));
        Assert.Equal([0.5, 1, 1, 1], metrics.Cmc);
        Assert.Equal([1 / 3.0, 2 / 3.0, 2 / 3.0, 2 / 3.0], metrics.MatlabCmc);
        Assert.Equal((0.75 + 0.5) / 2, metrics.MeanAveragePrecision, 1e-12); // (1/1 + 2/4)/2 and 1/2
        Assert.Equal((0.5 + 0.5) / 2, metrics.MeanInversePenalty, 1e-12); // 2/4 and 1/2
        double first = (((1 + 1) / 2.0) + ((1 / 3.0 + 0.5) / 2)) / 2;
        double third = (0 + 0.5) / 2;
        Assert.Equal((first + third) / 2, metrics.MeanTrapezoidPrecision, 1e-12);
        Assert.Equal((first + third) / 3, metrics.MatlabMeanPrecision, 1e-12);
        Assert.Equal(double.NaN, metrics.MarsMeanPrecision);
        Assert.Equal([0, -1, 1], metrics.FirstMatch);
    }

    [Fact]
    public void Features_and_their_distances_give_the_same_measures_whatever_the_threads()
    {
        Random random = new(7);
        (FeatureRows queries, FeatureRows gallery) = (new(Noise(150 * 24, 3), 24), new(Noise(333 * 24, 4), 24));
        (int, int)[] asking = [.. Enumerable.Range(0, 150).Select(_ => (random.Next(-1, 12), random.Next(3)))];
        (int, int)[] answering = [.. Enumerable.Range(0, 333).Select(_ => (random.Next(-1, 12), random.Next(3)))];
        float[] distances = [.. from q in Enumerable.Range(0, 150) from g in Enumerable.Range(0, 333) select -CosineSearch.Dot(queries[q], gallery[g])];
        AnswerRule rule = AnswerRules.SameCameraRemoved(asking, answering);

        RetrievalMetrics wanted = RetrievalMetrics.Of(distances, asking, answering);
        RetrievalMetrics one = RetrievalMetrics.Of(queries, gallery, rule, threads: 1);
        RetrievalMetrics many = RetrievalMetrics.Of(queries, gallery, rule, threads: 5);

        Assert.Equal(wanted.AveragePrecision, one.AveragePrecision);
        Assert.Equal(wanted.AveragePrecision, many.AveragePrecision);
        Assert.Equal(wanted.Cmc, many.Cmc);
    }

    [Fact]
    public void Features_of_two_lengths_are_refused() =>
        Assert.Throws<ArgumentException>(() => RetrievalMetrics.Of(new FeatureRows(new float[8], 4), new FeatureRows(new float[10], 5), (_, _, _) => { }));

    private static float[] Product(float[] left, float[] right, int dimension)
    {
        float[] memory = [];
        float[] similarities = new float[left.Length / dimension * (right.Length / dimension)];
        PackedRows.Of(right, dimension, threads: 2).Multiply(left, similarities, ref memory);
        return similarities;
    }

    // One fused multiplication and addition after the other, begun anew every 512.
    private static float Stated(ReadOnlySpan<float> one, ReadOnlySpan<float> other)
    {
        float all = 0;
        for (int from = 0; from < one.Length; from += 512)
        {
            float sum = 0;
            for (int k = from; k < Math.Min(one.Length, from + 512); k++)
            {
                sum = MathF.FusedMultiplyAdd(one[k], other[k], sum);
            }

            all = from == 0 ? sum : all + sum;
        }

        return all;
    }

    private static float[] Noise(int count, int seed)
    {
        Random random = new(seed);
        return [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() - 0.5f)];
    }
}

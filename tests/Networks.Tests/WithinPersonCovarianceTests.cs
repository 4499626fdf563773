using Pipeline.Reid.Networks;

namespace Pipeline.Tests.Networks;

public sealed class WithinPersonCovarianceTests
{
    [Fact]
    public void Products_after_the_matrix_are_those_over_the_shrunk_covariance()
    {
        // Two people; within them the first number strays by ±1, the second by ±0.5, and half of the time both in one direction.
        float[] features = [1, 0.5f, -1, -0.5f, 1, -0.5f, -1, 0.5f, 11, 0.5f, 9, -0.5f];
        string[] people = ["a", "a", "a", "a", "b", "b"];
        double[,] covariance = { { 1, 1 / 6.0 }, { 1 / 6.0, 0.25 } };
        const double shrinkage = 0.5;
        double mean = (covariance[0, 0] + covariance[1, 1]) / 2;
        (double a, double b, double d) = (covariance[0, 0] + (shrinkage * mean), covariance[0, 1], covariance[1, 1] + (shrinkage * mean));
        double[,] inverse = { { d, -b }, { -b, a } };
        double scale = (1 + shrinkage) * mean / ((a * d) - (b * b));

        float[] matrix = WithinPersonCovariance.Whitening(features, people, shrinkage);

        Assert.Equal(0, matrix[1]); // lower triangular
        for (int i = 0; i < 2; i++)
        {
            for (int j = 0; j < 2; j++)
            {
                double product = (matrix[i] * matrix[j]) + (matrix[2 + i] * matrix[2 + j]);
                Assert.Equal(inverse[i, j] * scale, product, 1e-5);
            }
        }
    }

    [Fact]
    public void Much_shrinkage_changes_nothing()
    {
        Random random = new(3);
        float[] features = [.. Enumerable.Range(0, 40 * 8).Select(_ => random.NextSingle() - 0.5f)];
        string[] people = [.. Enumerable.Range(0, 40).Select(i => $"{i / 4}")];

        float[] matrix = WithinPersonCovariance.Whitening(features, people, 1e6);

        for (int i = 0; i < matrix.Length; i++)
        {
            Assert.Equal(i % 9 == 0 ? 1 : 0, matrix[i], 1e-4f);
        }
    }

    [Fact]
    public void Too_few_pictures_are_refused()
    {
        float[] features = new float[6 * 5];

        InvalidDataException e = Assert.Throws<InvalidDataException>(() => WithinPersonCovariance.Whitening(features, ["a", "a", "b", "c", "d", "d"], 10));

        Assert.Equal("4 pictures of 2 people who have two or more: too few for features of 5 numbers. Give pictures of more people, at least 5 in all.", e.Message);
    }
}

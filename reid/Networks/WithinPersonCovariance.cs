using System.Numerics.Tensors;

namespace Pipeline.Reid.Networks;

/// <summary>
/// Within-class covariance normalisation (Hatch, Kajarekar and Stolcke, Interspeech 2006): how the features of one person differ, from camera to camera and
/// from step to step, says in which directions a difference means little. A matrix shrinks those before people are compared.
/// </summary>
public static class WithinPersonCovariance
{
    /// <summary>
    /// The matrix M of M·x: the inverse of the Cholesky factor of the within-person covariance, to whose diagonal <paramref name="shrinkage"/> times its mean
    /// is added, scaled to leave lengths about as they are. Products of M·x and M·y are those of x and y over that covariance.
    /// </summary>
    /// <param name="features">Unit features of pictures, one after the other.</param>
    /// <param name="people">Whose they are.</param>
    /// <param name="shrinkage">Above 0; the more, the less is changed.</param>
    /// <returns>Lower triangular, rows × columns = length × length.</returns>
    /// <exception cref="InvalidDataException">Fewer pictures than numbers in a feature are of people with two or more.</exception>
    public static float[] Whitening(ReadOnlySpan<float> features, IReadOnlyList<string> people, double shrinkage)
    {
        ArgumentNullException.ThrowIfNull(people);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(shrinkage);
        int length = people.Count > 0 ? features.Length / people.Count : 0;
        if (features.Length != length * people.Count)
        {
            throw new ArgumentException($"{features.Length} numbers are no {people.Count} features", nameof(features));
        }

        int[][] groups = [.. people.Index().GroupBy(picture => picture.Item, picture => picture.Index).Select(own => own.ToArray()).Where(own => own.Length > 1)];
        int pictures = groups.Sum(own => own.Length);
        if (pictures < Math.Max(2, length) || groups.Length < 2)
        {
            throw new InvalidDataException(
                $"{pictures} pictures of {groups.Length} people who have two or more: too few for features of {length} numbers. Give pictures of more people, at least {length} in all.");
        }

        double[] covariance = Covariance(features, groups, length, pictures);
        double mean = Enumerable.Range(0, length).Sum(i => covariance[(i * length) + i]) / length;
        for (int i = 0; i < length; i++)
        {
            covariance[(i * length) + i] += shrinkage * mean;
        }

        Factorise(covariance, length);
        double scale = Math.Sqrt((1 + shrinkage) * mean);
        return [.. Inverse(covariance, length).Select(value => (float)(value * scale))];
    }

    // The lower triangle.
    private static double[] Covariance(ReadOnlySpan<float> features, int[][] groups, int length, int pictures)
    {
        double[] sum = new double[length * length];
        double[] middle = new double[length];
        double[] own = new double[length];
        double[] product = new double[length];
        foreach (int[] group in groups)
        {
            Array.Clear(middle);
            foreach (int picture in group)
            {
                TensorPrimitives.ConvertTruncating<float, double>(features.Slice(picture * length, length), own);
                TensorPrimitives.Add(middle, own, middle);
            }

            TensorPrimitives.Divide(middle, group.Length, middle);
            foreach (int picture in group)
            {
                TensorPrimitives.ConvertTruncating<float, double>(features.Slice(picture * length, length), own);
                TensorPrimitives.Subtract(own, middle, own);
                for (int row = 0; row < length; row++)
                {
                    Span<double> to = sum.AsSpan(row * length, row + 1);
                    TensorPrimitives.MultiplyAdd(own.AsSpan(0, row + 1), own[row], to, to);
                }
            }
        }

        TensorPrimitives.Divide(sum, pictures, sum);
        return sum;
    }

    // Cholesky: the lower triangle becomes L with L·Lᵀ as it was.
    private static void Factorise(double[] matrix, int length)
    {
        for (int row = 0; row < length; row++)
        {
            for (int column = 0; column <= row; column++)
            {
                ReadOnlySpan<double> before = matrix.AsSpan(row * length, column);
                double left = matrix[(row * length) + column] - TensorPrimitives.Dot(before, matrix.AsSpan(column * length, column));
                matrix[(row * length) + column] = row == column ? Math.Sqrt(left) : left / matrix[(column * length) + column];
            }
        }
    }

    private static double[] Inverse(double[] lower, int length)
    {
        double[] inverse = new double[length * length];
        for (int row = 0; row < length; row++)
        {
            Span<double> to = inverse.AsSpan(row * length, row);
            for (int earlier = 0; earlier < row; earlier++)
            {
                Span<double> part = to[..(earlier + 1)];
                TensorPrimitives.MultiplyAdd(inverse.AsSpan(earlier * length, earlier + 1), -lower[(row * length) + earlier], part, part);
            }

            double diagonal = lower[(row * length) + row];
            TensorPrimitives.Divide(to, diagonal, to);
            inverse[(row * length) + row] = 1 / diagonal;
        }

        return inverse;
    }
}

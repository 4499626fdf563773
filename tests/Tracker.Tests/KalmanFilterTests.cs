using Pipeline.Tracker;

namespace Pipeline.Tests.Tracker;

public sealed class KalmanFilterTests
{
    [Fact]
    public void Predict_and_update_equal_the_full_matrix_filter()
    {
        Random random = new(3);
        KalmanAxis axis = new() { Value = 5, Rate = 2, ValueVariance = 4, RateVariance = 9 };
        (double[] x, double[,] p) = ([5, 2], new double[,] { { 4, 0 }, { 0, 9 } });
        for (int frame = 0; frame < 50; frame++)
        {
            double measured = 5 + frame + random.NextDouble();
            axis.Predict(0.1, 1, 0.3, 0.2);
            axis.Update(measured, 0.7);

            // x = F x, P = F P Fᵀ + Q with F = (1 dt; 0 1), then the textbook update with H = (1 0).
            x = [x[0] + (0.1 * x[1]), x[1]];
            p = new[,]
            {
                { p[0, 0] + (0.1 * (p[0, 1] + p[1, 0])) + (0.01 * p[1, 1]) + 0.3, p[0, 1] + (0.1 * p[1, 1]) },
                { p[1, 0] + (0.1 * p[1, 1]), p[1, 1] + 0.2 },
            };
            (double k0, double k1) = (p[0, 0] / (p[0, 0] + 0.7), p[1, 0] / (p[0, 0] + 0.7));
            double residual = measured - x[0];
            x = [x[0] + (k0 * residual), x[1] + (k1 * residual)];
            p = new[,] { { (1 - k0) * p[0, 0], (1 - k0) * p[0, 1] }, { p[1, 0] - (k1 * p[0, 0]), p[1, 1] - (k1 * p[0, 1]) } };
        }

        Assert.Equal(x[0], axis.Value, 9);
        Assert.Equal(x[1], axis.Rate, 9);
        Assert.Equal(p[0, 0], axis.ValueVariance, 9);
        Assert.Equal(p[0, 1], axis.Covariance, 9);
        Assert.Equal(p[1, 1], axis.RateVariance, 9);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(6)]
    public void Predict_over_several_frames_at_once_equals_one_frame_at_a_time(int frames)
    {
        KalmanAxis once = new() { Value = 1, Rate = 3, ValueVariance = 2, Covariance = 0.5, RateVariance = 4 };
        KalmanAxis repeated = once;

        once.Predict(frames / 30.0, frames, 0.3, 0.2);
        for (int frame = 0; frame < frames; frame++)
        {
            repeated.Predict(1 / 30.0, 1, 0.3, 0.2);
        }

        Assert.Equal(repeated.Value, once.Value, 12);
        Assert.Equal(repeated.ValueVariance, once.ValueVariance, 12);
        Assert.Equal(repeated.Covariance, once.Covariance, 12);
        Assert.Equal(repeated.RateVariance, once.RateVariance, 12);
    }
}

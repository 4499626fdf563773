namespace Pipeline.Detector.Decoding;

/// <summary>Distances to the four sides as distributions over bins (generalised focal loss, Li et al. 2020): the mean of each is the distance.</summary>
internal static class DistanceBins
{
    /// <summary>The box around a point.</summary>
    /// <param name="bins">Left, top, right, bottom: a quarter of the values each, before the softmax.</param>
    /// <param name="x">The point.</param>
    /// <param name="y">The point.</param>
    /// <param name="stride">Pixels for one bin.</param>
    public static Box Around(ReadOnlySpan<float> bins, float x, float y, int stride)
    {
        int count = bins.Length / 4;
        float left = Mean(bins[..count]) * stride;
        float top = Mean(bins.Slice(count, count)) * stride;
        float right = Mean(bins.Slice(2 * count, count)) * stride;
        float bottom = Mean(bins.Slice(3 * count, count)) * stride;
        return new(x - left, y - top, left + right, top + bottom);
    }

    // mean = sum(i * exp(v_i)) / sum(exp(v_i)), shifted by the largest value so that nothing overflows.
    private static float Mean(ReadOnlySpan<float> values)
    {
        float largest = float.NegativeInfinity;
        foreach (float value in values)
        {
            largest = MathF.Max(largest, value);
        }

        float sum = 0;
        float weighted = 0;
        for (int i = 0; i < values.Length; i++)
        {
            float weight = MathF.Exp(values[i] - largest);
            sum += weight;
            weighted += weight * i;
        }

        return weighted / sum;
    }
}

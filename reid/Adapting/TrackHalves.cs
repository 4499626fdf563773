namespace Pipeline.Reid.Adapting;

/// <summary>A track as a model sees it: unit features of all its pictures, of the first half and of the last.</summary>
/// <param name="Whole">Of all pictures.</param>
/// <param name="First">Of the first half; null where a track has fewer than <see cref="LeastPictures"/>.</param>
/// <param name="Last">Of the last half.</param>
public sealed record TrackHalves(float[] Whole, float[]? First, float[]? Last)
{
    /// <summary>Pictures from which a track has halves.</summary>
    public const int LeastPictures = 4;

    /// <summary>Pools features of pictures.</summary>
    /// <param name="features">Unit features of the track's pictures in capture-time order, row-major (N, D), N at least 1.</param>
    /// <param name="length">D.</param>
    public static TrackHalves Of(ReadOnlySpan<float> features, int length)
    {
        int count = features.Length / length;
        int half = count / 2;
        bool halves = count >= LeastPictures;
        return new TrackHalves(
            Mean(features, length),
            halves ? Mean(features[..(half * length)], length) : null,
            halves ? Mean(features[((count - half) * length)..], length) : null);
    }

    private static float[] Mean(ReadOnlySpan<float> features, int length)
    {
        float[] mean = new float[length];
        TemporalPooling.Average(features, mean);
        TemporalPooling.TryFinish(mean);
        return mean;
    }
}

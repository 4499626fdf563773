using System.Numerics.Tensors;

namespace Pipeline.Reid;

/// <summary>Pools the embeddings of a clip, leaving out what cannot be used.</summary>
public static class ClipFeatures
{
    // A crop of quality 0 still says a little: without this, one sharp frame would silence the rest.
    private const float LeastWeight = 0.1f;

    /// <summary>
    /// Brings every embedding to unit length, so that none outweighs the others by its norm, and takes their mean, weighted or not. Not normalised.
    /// </summary>
    /// <param name="embeddings">(T, D), changed in place; rows with NaN, infinity or no length are left out.</param>
    /// <param name="crops">The T crops, for their quality.</param>
    /// <param name="pooling">Weighted or not.</param>
    /// <param name="feature">Receives (D).</param>
    /// <returns>How many embeddings went in; 0 leaves the feature all zero.</returns>
    /// <exception cref="ArgumentException">The embeddings are not T times D.</exception>
    public static int Pool(Span<float> embeddings, IReadOnlyList<Crop> crops, ClipPooling pooling, Span<float> feature)
    {
        ArgumentNullException.ThrowIfNull(crops);
        float[] weights = [.. crops.Select(crop => pooling == ClipPooling.Quality ? LeastWeight + Quality(crop) : 1)];
        return Pool(embeddings, weights, feature);
    }

    /// <summary>The same with the weights of the model's own attention.</summary>
    /// <param name="embeddings">(T, D), as above.</param>
    /// <param name="taps">(T, 3): what each crop says of the weights. Crops that are left out say nothing.</param>
    /// <param name="feature">Receives (D).</param>
    /// <returns>How many embeddings went in; 0 leaves the feature all zero.</returns>
    /// <exception cref="ArgumentException">The embeddings are not T times D.</exception>
    public static int PoolByAttention(Span<float> embeddings, ReadOnlySpan<float> taps, Span<float> feature)
    {
        int frames = taps.Length / 3;
        int length = feature.Length;
        if (embeddings.Length != frames * length)
        {
            throw new ArgumentException($"{frames} embeddings of {length} are {frames * length} floats, got {embeddings.Length}", nameof(embeddings));
        }

        List<int> usable = [];
        List<float> said = [];
        for (int t = 0; t < frames; t++)
        {
            ReadOnlySpan<float> own = taps.Slice(3 * t, 3);
            if (IsUsable(Norm(embeddings.Slice(t * length, length))) && float.IsFinite(own[0] + own[1] + own[2]))
            {
                usable.Add(t);
                said.AddRange(own);
            }
        }

        feature.Clear();
        float[] weights = new float[usable.Count];
        if (usable.Count > 0)
        {
            TemporalAttention.Weigh([.. said], AttentionGeneration.Softmax, weights);
        }

        foreach ((int t, float weight) in usable.Zip(weights))
        {
            Span<float> embedding = embeddings.Slice(t * length, length);
            TensorPrimitives.MultiplyAdd(embedding, weight / Norm(embedding), feature, feature);
        }

        return usable.Count;
    }

    private static int Pool(Span<float> embeddings, ReadOnlySpan<float> weights, Span<float> feature)
    {
        int length = feature.Length;
        if (embeddings.Length != weights.Length * length)
        {
            throw new ArgumentException($"{weights.Length} embeddings of {length} are {weights.Length * length} floats, got {embeddings.Length}", nameof(embeddings));
        }

        feature.Clear();
        int used = 0;
        for (int t = 0; t < weights.Length; t++)
        {
            Span<float> embedding = embeddings.Slice(t * length, length);
            float norm = Norm(embedding);
            if (IsUsable(norm))
            {
                TensorPrimitives.MultiplyAdd(embedding, weights[t] / norm, feature, feature);
                used++;
            }
        }

        return used;
    }

    private static bool IsUsable(float norm) => float.IsFinite(norm) && norm >= 1e-12f;

    private static float Quality(Crop crop) => float.IsNaN(crop.Quality) ? 0 : Math.Clamp(crop.Quality, 0, 1);

    private static float Norm(ReadOnlySpan<float> values)
    {
        double squares = 0;
        foreach (float value in values)
        {
            squares += (double)value * value;
        }

        return (float)Math.Sqrt(squares);
    }
}

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
        int length = feature.Length;
        if (embeddings.Length != crops.Count * length)
        {
            throw new ArgumentException($"{crops.Count} embeddings of {length} are {crops.Count * length} floats, got {embeddings.Length}", nameof(embeddings));
        }

        feature.Clear();
        int used = 0;
        for (int t = 0; t < crops.Count; t++)
        {
            Span<float> embedding = embeddings.Slice(t * length, length);
            float norm = Norm(embedding);
            if (!float.IsFinite(norm) || norm < 1e-12f)
            {
                continue;
            }

            float quality = float.IsNaN(crops[t].Quality) ? 0 : Math.Clamp(crops[t].Quality, 0, 1);
            float weight = pooling == ClipPooling.Quality ? LeastWeight + quality : 1;
            TensorPrimitives.MultiplyAdd(embedding, weight / norm, feature, feature);
            used++;
        }

        return used;
    }

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

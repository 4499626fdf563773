using System.Numerics.Tensors;

namespace Pipeline.Reid;

/// <summary>From the embeddings of a clip's crops to its clip feature. Allocates nothing.</summary>
public static class TemporalPooling
{
    /// <summary>Mean over time (Gao and Nevatia 2018, arXiv 1805.02104): not normalised.</summary>
    /// <param name="embeddings">Row-major (T, D), T ≥ 1.</param>
    /// <param name="feature">Receives (D); its length sets D. May not overlap the embeddings.</param>
    /// <exception cref="ArgumentException">No embedding, or no whole number of them.</exception>
    public static void Average(ReadOnlySpan<float> embeddings, Span<float> feature)
    {
        int count = Rows(embeddings.Length, feature.Length);
        embeddings[..feature.Length].CopyTo(feature);
        for (int t = 1; t < count; t++)
        {
            TensorPrimitives.Add(feature, embeddings.Slice(t * feature.Length, feature.Length), feature);
        }

        TensorPrimitives.Divide(feature, count, feature);
    }

    /// <summary>Largest value over time, per dimension.</summary>
    /// <inheritdoc cref="Average" path="/param"/>
    /// <inheritdoc cref="Average" path="/exception"/>
    public static void Maximum(ReadOnlySpan<float> embeddings, Span<float> feature)
    {
        int count = Rows(embeddings.Length, feature.Length);
        embeddings[..feature.Length].CopyTo(feature);
        for (int t = 1; t < count; t++)
        {
            TensorPrimitives.Max(feature, embeddings.Slice(t * feature.Length, feature.Length), feature);
        }
    }

    /// <summary>Sum of embeddings times weights; the weights need not sum to one.</summary>
    /// <param name="embeddings">Row-major (T, D), T ≥ 1.</param>
    /// <param name="weights">(T).</param>
    /// <param name="feature">Receives (D); its length sets D.</param>
    /// <exception cref="ArgumentException">No embedding, no whole number of them, or as many weights as there are not embeddings.</exception>
    public static void Weighted(ReadOnlySpan<float> embeddings, ReadOnlySpan<float> weights, Span<float> feature)
    {
        if (Rows(embeddings.Length, feature.Length) != weights.Length)
        {
            throw new ArgumentException($"{weights.Length} weights for {embeddings.Length / feature.Length} embeddings", nameof(weights));
        }

        feature.Clear();
        for (int t = 0; t < weights.Length; t++)
        {
            TensorPrimitives.MultiplyAdd(embeddings.Slice(t * feature.Length, feature.Length), weights[t], feature, feature);
        }
    }

    /// <summary>
    /// Scales to unit length, then rounds every value to the nearest that 16-bit floating point holds. The norm stays within 1e-3 of 1.
    /// </summary>
    /// <param name="feature">Scaled in place.</param>
    /// <returns>False, with the values undefined, when the length is zero or not finite.</returns>
    public static bool TryFinish(Span<float> feature)
    {
        // In double, and in order: the sum of a vectorised norm may depend on the machine's vector width.
        double squares = 0;
        foreach (float value in feature)
        {
            squares += (double)value * value;
        }

        double norm = Math.Sqrt(squares);
        if (!double.IsFinite(norm) || norm < 1e-12)
        {
            return false;
        }

        for (int i = 0; i < feature.Length; i++)
        {
            feature[i] = (float)(Half)(float)(feature[i] / norm);
        }

        return true;
    }

    private static int Rows(int values, int dimension) =>
        dimension > 0 && values > 0 && values % dimension == 0
            ? values / dimension
            : throw new ArgumentException($"{values} floats are no embeddings of length {dimension}");
}

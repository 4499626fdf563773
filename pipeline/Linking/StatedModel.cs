using Pipeline.Reid;

namespace Pipeline.Cli.Linking;

/// <summary>A model that is not here: its features are given, and only its name and its levels count.</summary>
/// <param name="modelId">Its id; features of different ids are not compared.</param>
/// <param name="dimension">Length of its features.</param>
/// <param name="threshold">Similarity from which two are taken as one person.</param>
/// <param name="sameCameraExtra">What is asked besides in one camera.</param>
internal sealed class StatedModel(string modelId, int dimension, float threshold, float sameCameraExtra) : IEmbedder
{
    /// <inheritdoc/>
    public string ModelId => modelId;

    /// <inheritdoc/>
    public int Dimension => dimension;

    /// <inheritdoc/>
    public string? Notice => null;

    /// <inheritdoc/>
    public float DefaultThreshold => threshold;

    /// <inheritdoc/>
    public float DefaultSameCameraExtra => sameCameraExtra;

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">Always: there is no network.</exception>
    public void Embed(IReadOnlyList<Picture> pictures, Span<float> embeddings) => throw new NotSupportedException("these features are given, not made");

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}

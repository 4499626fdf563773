namespace Pipeline.Reid.Calibrating;

/// <summary>A model with what was measured of it at this site: its thresholds are the measured ones.</summary>
/// <param name="embedder">The model; disposed with this.</param>
/// <param name="calibration">A calibration of this model.</param>
public sealed class CalibratedEmbedder(IEmbedder embedder, Calibration calibration) : IEmbedder
{
    /// <inheritdoc/>
    public Calibration Calibration => calibration;

    /// <inheritdoc/>
    public string ModelId => embedder.ModelId;

    /// <inheritdoc/>
    public int Dimension => embedder.Dimension;

    /// <inheritdoc/>
    public string? Notice => embedder.Notice;

    /// <inheritdoc/>
    public string? RunsOn => embedder.RunsOn;

    /// <inheritdoc/>
    public float DefaultThreshold => calibration.Threshold;

    /// <inheritdoc/>
    public float DefaultSameCameraExtra =>
        calibration.SameCameraThreshold is { } within ? Math.Max(0, within - calibration.Threshold) : embedder.DefaultSameCameraExtra;

    /// <inheritdoc/>
    public bool WeighsClips => embedder.WeighsClips;

    /// <inheritdoc/>
    public void Embed(IReadOnlyList<Picture> pictures, Span<float> embeddings) => embedder.Embed(pictures, embeddings);

    /// <inheritdoc/>
    public void Embed(IReadOnlyList<Picture> pictures, Span<float> embeddings, Span<float> taps) => embedder.Embed(pictures, embeddings, taps);

    /// <inheritdoc/>
    public void Dispose() => embedder.Dispose();
}

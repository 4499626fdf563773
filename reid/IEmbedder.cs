using Pipeline.Reid.Calibrating;

namespace Pipeline.Reid;

/// <summary>Turns crops into embeddings. One instance serves all cameras; not thread-safe: one caller at a time.</summary>
public interface IEmbedder : IDisposable
{
    /// <summary>Model name and weight digest, such as <c>rga-r50-256x128@sha256:9c1f2ab4</c>. Vectors of different ids must not be compared.</summary>
    string ModelId { get; }

    /// <summary>Length D of an embedding.</summary>
    int Dimension { get; }

    /// <summary>What the user must know of this model ("untrained weights", "no network: colour layout"); null when nothing.</summary>
    string? Notice { get; }

    /// <summary>What the network runs on, as <see cref="Inference.NetworkSession.Open"/> says it; null when it is no network.</summary>
    string? RunsOn => null;

    /// <summary>
    /// Linking threshold to use with this model while nothing is calibrated: smallest cosine similarity of two clip features taken as one person.
    /// </summary>
    float DefaultThreshold { get; }

    /// <summary>How far above that threshold two clips of one camera must come: what a model makes of light and place, strangers there share. 0 for networks that see past it.</summary>
    float DefaultSameCameraExtra => 0;

    /// <summary>Whether the model weighs the crops of a clip itself (temporal attention).</summary>
    bool WeighsClips => false;

    /// <summary>Embeds pictures, and tells what each says of the weights in its clip.</summary>
    /// <param name="pictures">Person pictures of any size.</param>
    /// <param name="embeddings">Receives (N, D), as <see cref="Embed(IReadOnlyList{Picture}, Span{float})"/> gives them.</param>
    /// <param name="taps">Receives (N, 3) for <see cref="TemporalAttention.Weigh(ReadOnlySpan{float}, AttentionGeneration, Span{float})"/>.</param>
    /// <exception cref="NotSupportedException"><see cref="WeighsClips"/> is false.</exception>
    void Embed(IReadOnlyList<Picture> pictures, Span<float> embeddings, Span<float> taps) =>
        throw new NotSupportedException($"{ModelId} does not weigh the crops of a clip");

    /// <summary>What was measured of this model at this site; null while nothing was.</summary>
    Calibration? Calibration => null;

    /// <summary>Embeds pictures. The embedding of a picture does not depend on what else is in the batch.</summary>
    /// <param name="pictures">Person pictures of any size.</param>
    /// <param name="embeddings">Receives (N, D) row-major, not normalised; may hold NaN when the model gives it.</param>
    void Embed(IReadOnlyList<Picture> pictures, Span<float> embeddings);
}

using System.Numerics.Tensors;

namespace Pipeline.Reid;

/// <summary>How <see cref="TemporalAttention"/> turns scores into weights.</summary>
public enum AttentionGeneration
{
    /// <summary>exp(a) over their sum.</summary>
    Softmax,

    /// <summary>Logistic function, divided by their sum.</summary>
    Sigmoid,
}

/// <summary>
/// The temporal attention head of Gao and Nevatia 2018 (arXiv 1805.02104) at inference: one weight per frame from the frames' feature maps.
/// Thread-safe; works on memory that it allocates per call.
/// </summary>
/// <remarks>
/// A convolution over the whole map gives M numbers per frame (ReLU), one over time with kernel 3 and zero padding gives the score a (ReLU), then
/// <see cref="AttentionGeneration"/>. The ReLU before the softmax is upstream's: all frames with scores below zero weigh the same.
/// </remarks>
public sealed class TemporalAttention
{
    private readonly float[] _spatialWeight; // (M, C, h, w)
    private readonly float[] _spatialBias; // (M)
    private readonly float[] _temporalWeight; // (1, M, 3)
    private readonly float _temporalBias;
    private readonly AttentionGeneration _generation;

    /// <summary>Takes the weights of <c>attention_conv</c> and <c>attention_tconv</c>.</summary>
    /// <param name="spatialWeight">(M, C, h, w), where (C, h, w) is a frame's feature map.</param>
    /// <param name="spatialBias">(M).</param>
    /// <param name="temporalWeight">(1, M, 3).</param>
    /// <param name="temporalBias">The one bias.</param>
    /// <param name="generation">From scores to weights.</param>
    /// <exception cref="ArgumentException">The lengths do not fit each other.</exception>
    public TemporalAttention(float[] spatialWeight, float[] spatialBias, float[] temporalWeight, float temporalBias, AttentionGeneration generation)
    {
        ArgumentNullException.ThrowIfNull(spatialWeight);
        ArgumentNullException.ThrowIfNull(spatialBias);
        ArgumentNullException.ThrowIfNull(temporalWeight);
        int middle = spatialBias.Length;
        if (middle == 0 || spatialWeight.Length == 0 || spatialWeight.Length % middle != 0 || temporalWeight.Length != 3 * middle)
        {
            throw new ArgumentException(
                $"{middle} middle channels need {3 * middle} temporal weights and a multiple of {middle} spatial ones, got {temporalWeight.Length} and {spatialWeight.Length}");
        }

        (_spatialWeight, _spatialBias, _temporalWeight, _temporalBias, _generation) =
            (spatialWeight, spatialBias, temporalWeight, temporalBias, generation);
    }

    /// <summary>Values of one frame's feature map, C × h × w.</summary>
    public int MapLength => _spatialWeight.Length / _spatialBias.Length;

    /// <summary>One weight per frame of one clip; they sum to 1.</summary>
    /// <param name="maps">(T, C, h, w), T ≥ 1.</param>
    /// <param name="weights">Receives (T).</param>
    /// <exception cref="ArgumentException">The maps are not T frames.</exception>
    public void Weigh(ReadOnlySpan<float> maps, Span<float> weights)
    {
        int frames = weights.Length;
        if (frames == 0 || maps.Length != frames * MapLength)
        {
            throw new ArgumentException($"{frames} frames have {frames * MapLength} values, got {maps.Length}", nameof(maps));
        }

        int middle = _spatialBias.Length;
        float[] hidden = new float[(frames + 2) * middle]; // a frame of zeros before and behind: the padding
        for (int t = 0; t < frames; t++)
        {
            for (int m = 0; m < middle; m++)
            {
                float value = TensorPrimitives.Dot(maps.Slice(t * MapLength, MapLength), _spatialWeight.AsSpan(m * MapLength, MapLength));
                hidden[((t + 1) * middle) + m] = Math.Max(0, value + _spatialBias[m]);
            }
        }

        float total = 0;
        for (int t = 0; t < frames; t++)
        {
            float score = _temporalBias;
            for (int m = 0; m < middle; m++)
            {
                for (int k = 0; k < 3; k++)
                {
                    score += _temporalWeight[(3 * m) + k] * hidden[((t + k) * middle) + m];
                }
            }

            score = Math.Max(0, score);
            weights[t] = _generation == AttentionGeneration.Softmax ? MathF.Exp(score) : 1 / (1 + MathF.Exp(-score));
            total += weights[t];
        }

        TensorPrimitives.Divide(weights, Math.Max(total, 1e-12f), weights);
    }
}

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
        float[] taps = new float[3 * frames];
        for (int t = 0; t < frames; t++)
        {
            taps[(3 * t) + 1] = _temporalBias;
            for (int m = 0; m < middle; m++)
            {
                float value = TensorPrimitives.Dot(maps.Slice(t * MapLength, MapLength), _spatialWeight.AsSpan(m * MapLength, MapLength));
                float hidden = Math.Max(0, value + _spatialBias[m]);
                for (int k = 0; k < 3; k++)
                {
                    taps[(3 * t) + k] += _temporalWeight[(3 * m) + k] * hidden;
                }
            }
        }

        Weigh(taps, _generation, weights);
    }

    /// <summary>One weight per frame of one clip from what each frame speaks for its neighbours and itself; they sum to 1.</summary>
    /// <param name="taps">(T, 3): for the frame after it, itself, and the frame before it, as a kernel over time meets them.</param>
    /// <param name="generation">From scores to weights.</param>
    /// <param name="weights">Receives (T), T ≥ 1.</param>
    /// <exception cref="ArgumentException">There are no frames, or not three numbers for each.</exception>
    public static void Weigh(ReadOnlySpan<float> taps, AttentionGeneration generation, Span<float> weights)
    {
        int frames = weights.Length;
        if (frames == 0 || taps.Length != 3 * frames)
        {
            throw new ArgumentException($"{frames} frames have {3 * frames} taps, got {taps.Length}", nameof(taps));
        }

        for (int t = 0; t < frames; t++)
        {
            float before = t > 0 ? taps[3 * (t - 1)] : 0;
            float after = t < frames - 1 ? taps[(3 * (t + 1)) + 2] : 0;
            weights[t] = Math.Max(0, before + taps[(3 * t) + 1] + after);
        }

        float largest = TensorPrimitives.Max<float>(weights); // taken off before exp, which has no room above 88; the quotient stays
        float total = 0;
        for (int t = 0; t < frames; t++)
        {
            weights[t] = generation == AttentionGeneration.Softmax ? MathF.Exp(weights[t] - largest) : 1 / (1 + MathF.Exp(-weights[t]));
            total += weights[t];
        }

        TensorPrimitives.Divide(weights, Math.Max(total, 1e-12f), weights);
    }
}

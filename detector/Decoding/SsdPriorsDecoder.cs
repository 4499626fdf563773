namespace Pipeline.Detector.Decoding;

/// <summary>
/// person-detection-0013 of the Open Model Zoo cut before its DetectionOutput: a flat output of box offsets and one of (background,
/// person) pairs over cells of 16 pixels with 12 priors each; variances 0.1, 0.1, 0.2, 0.2.
/// </summary>
internal sealed class SsdPriorsDecoder(ModelShape model, int offsets, int scores) : IBoxDecoder
{
    private const int Stride = 16;

    // Sizes of the priors in pixels, from the PriorBoxClustered layer of the model's published description.
    private static readonly float[] Widths =
    [
        11.33f, 17, 20.68f, 23.52f, 28.05f, 37.4f, 30.03f, 35.7f, 44.2f, 55.25f, 78.12f, 135.15f,
    ];

    private static readonly float[] Heights =
    [
        34.07f, 47.11f, 54.22f, 65.78f, 75.56f, 80.89f, 89.78f, 99.26f, 115.56f, 163.26f, 194.07f, 197.33f,
    ];

    public static IBoxDecoder? TryCreate(ModelShape model)
    {
        long priors = model.Cells(Stride) * Widths.Length;
        return model.Outputs switch
        {
            [{ Shape: [var a] }, { Shape: [var b] }] when a == 4 * priors && b == 2 * priors => new SsdPriorsDecoder(model, 0, 1),
            [{ Shape: [var a] }, { Shape: [var b] }] when b == 4 * priors && a == 2 * priors => new SsdPriorsDecoder(model, 1, 0),
            _ => null,
        };
    }

    public void Decode(ModelOutputs outputs, int picture, float threshold, List<Detection> boxes)
    {
        ReadOnlySpan<float> pairs = outputs.Of(scores, picture);
        ReadOnlySpan<float> all = outputs.Of(offsets, picture);
        int columns = model.Columns(Stride);
        for (int i = 0; i < pairs.Length / 2; i++)
        {
            float score = pairs[(2 * i) + 1];
            if (score > threshold)
            {
                int cell = i / Widths.Length;
                boxes.Add(new(Decode(all.Slice(4 * i, 4), cell % columns, cell / columns, i % Widths.Length), score));
            }
        }
    }

    private static Box Decode(ReadOnlySpan<float> offset, int x, int y, int prior) => ModelShape.Centred(
        (offset[0] * 0.1f * Widths[prior]) + ((x + 0.5f) * Stride),
        (offset[1] * 0.1f * Heights[prior]) + ((y + 0.5f) * Stride),
        MathF.Exp(offset[2] * 0.2f) * Widths[prior],
        MathF.Exp(offset[3] * 0.2f) * Heights[prior]);
}

namespace Pipeline.Detector.Decoding;

/// <summary>
/// FastestDet: planes over cells of 16 pixels: objectness, x and y (tanh), width and height (sigmoid, parts of the input), classes;
/// score = objectness^0.6 x class^0.4 where the person is the best class.
/// </summary>
internal sealed class FastestdetDecoder(ModelShape model, int classes, int person) : IBoxDecoder
{
    private const int Stride = 16;

    public static IBoxDecoder? TryCreate(ModelShape model) =>
        model.Outputs is [{ Shape: [>= 6 and long planes, long rows, long columns] }]
        && rows == model.Rows(Stride) && columns == model.Columns(Stride)
            ? new FastestdetDecoder(model, (int)planes - 5, model.Person(planes - 5))
            : null;

    public void Decode(ModelOutputs outputs, int picture, float threshold, List<Detection> boxes)
    {
        ReadOnlySpan<float> all = outputs.Of(0, picture);
        int columns = model.Columns(Stride);
        int cells = columns * model.Rows(Stride);
        for (int cell = 0; cell < cells; cell++)
        {
            float score = MathF.Pow(all[cell], 0.6f) * MathF.Pow(all[((5 + person) * cells) + cell], 0.4f);
            if (score > threshold && PersonIsBest(all[(5 * cells)..], cell, cells))
            {
                float x = (cell % columns) + MathF.Tanh(all[cells + cell]);
                float y = (cell / columns) + MathF.Tanh(all[(2 * cells) + cell]);
                boxes.Add(new(
                    ModelShape.Centred(
                        x * model.Width / columns,
                        y * model.Height / model.Rows(Stride),
                        Sigmoid(all[(3 * cells) + cell]) * model.Width,
                        Sigmoid(all[(4 * cells) + cell]) * model.Height),
                    score));
            }
        }
    }

    private bool PersonIsBest(ReadOnlySpan<float> scores, int cell, int cells)
    {
        float own = scores[(person * cells) + cell];
        for (int other = 0; other < classes; other++)
        {
            float score = scores[(other * cells) + cell];
            if (score > own || (score == own && other < person))
            {
                return false;
            }
        }

        return true;
    }

    private static float Sigmoid(float x) => 1 / (1 + MathF.Exp(-x));
}

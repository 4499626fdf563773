namespace Pipeline.Detector.Decoding;

/// <summary>
/// YOLOX before decoding: rows of cx, cy, w, h, objectness, classes over the cells of strides 8, 16, 32; centre = (xy + cell) x stride,
/// size = exp(wh) x stride, score = objectness x class.
/// </summary>
internal sealed class YoloxDecoder(ModelShape model, int columns, int person) : IBoxDecoder
{
    private static readonly int[] Strides = [8, 16, 32];

    public static IBoxDecoder? TryCreate(ModelShape model) =>
        model.Outputs is [{ Shape: [long rows, >= 6 and long columns] }] && rows == model.Cells(Strides)
            ? new YoloxDecoder(model, (int)columns, model.Person(columns - 5))
            : null;

    public void Decode(ModelOutputs outputs, int picture, float threshold, List<Detection> boxes)
    {
        ReadOnlySpan<float> rest = outputs.Of(0, picture);
        foreach (int stride in Strides)
        {
            for (int y = 0; y < model.Rows(stride); y++)
            {
                for (int x = 0; x < model.Columns(stride); x++)
                {
                    ReadOnlySpan<float> row = rest[..columns];
                    rest = rest[columns..];
                    float score = row[4] * row[5 + person];
                    if (score > threshold)
                    {
                        boxes.Add(new(Decode(row, x, y, stride), score));
                    }
                }
            }
        }
    }

    private static Box Decode(ReadOnlySpan<float> row, int x, int y, int stride) => ModelShape.Centred(
        (row[0] + x) * stride, (row[1] + y) * stride, MathF.Exp(row[2]) * stride, MathF.Exp(row[3]) * stride);
}

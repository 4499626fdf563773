namespace Pipeline.Detector.Decoding;

/// <summary>YOLOv8, v9 and 11: one column a cell, rows of cx, cy, w, h in input pixels, then a row a class.</summary>
internal sealed class Yolov8Decoder(int cells, int person) : IBoxDecoder
{
    public static IBoxDecoder? TryCreate(ModelShape model) =>
        model.Outputs is [{ Shape: [>= 5 and long rows, long cells] }, ..]
        && (cells == model.Cells(8, 16, 32) || cells == model.Cells(8, 16, 32, 64))
            ? new Yolov8Decoder((int)cells, model.Person(rows - 4))
            : null;

    public void Decode(ModelOutputs outputs, int picture, float threshold, List<Detection> boxes)
    {
        ReadOnlySpan<float> all = outputs.Of(0, picture);
        ReadOnlySpan<float> scores = all.Slice((4 + person) * cells, cells);
        for (int i = 0; i < cells; i++)
        {
            if (scores[i] > threshold)
            {
                boxes.Add(new(
                    ModelShape.Centred(all[i], all[cells + i], all[(2 * cells) + i], all[(3 * cells) + i]), scores[i]));
            }
        }
    }
}

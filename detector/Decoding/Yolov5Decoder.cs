namespace Pipeline.Detector.Decoding;

/// <summary>YOLOv5 and v7: rows of cx, cy, w, h in input pixels, objectness, classes; three anchors a cell; score = objectness x class.</summary>
internal sealed class Yolov5Decoder(int columns, int person) : IBoxDecoder
{
    public static IBoxDecoder? TryCreate(ModelShape model) =>
        model.Outputs is [{ Shape: [long rows, >= 6 and long columns] }, ..]
        && (rows == 3 * model.Cells(8, 16, 32) || rows == 3 * model.Cells(8, 16, 32, 64))
            ? new Yolov5Decoder((int)columns, model.Person(columns - 5))
            : null;

    public void Decode(ModelOutputs outputs, int picture, float threshold, List<Detection> boxes)
    {
        ReadOnlySpan<float> all = outputs.Of(0, picture);
        for (ReadOnlySpan<float> row = all; row.Length >= columns; row = row[columns..])
        {
            float score = row[4] * row[5 + person];
            if (score > threshold)
            {
                boxes.Add(new(ModelShape.Centred(row[0], row[1], row[2], row[3]), score));
            }
        }
    }
}

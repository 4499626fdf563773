namespace Pipeline.Detector.Decoding;

/// <summary>SSD with its post-processing inside: rows of picture, class, score, x1, y1, x2, y2 as parts of the input; picture -1 ends them.</summary>
internal sealed class SsdEndToEndDecoder(ModelShape model) : IBoxDecoder
{
    private const int Columns = 7;
    private readonly int _person = model.PersonClass ?? 1; // 0 is the background

    public static IBoxDecoder? TryCreate(ModelShape model) =>
        model.Outputs is [{ Shape: [1, _, Columns] }] ? new SsdEndToEndDecoder(model) : null;

    public void Decode(ModelOutputs outputs, int picture, float threshold, List<Detection> boxes)
    {
        for (ReadOnlySpan<float> row = outputs.Of(0, picture); row.Length >= Columns && row[0] >= 0; row = row[Columns..])
        {
            if (row[2] > threshold && (int)row[1] == _person)
            {
                float left = row[3] * model.Width;
                float top = row[4] * model.Height;
                boxes.Add(new(new(left, top, (row[5] * model.Width) - left, (row[6] * model.Height) - top), row[2]));
            }
        }
    }
}

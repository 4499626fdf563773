namespace Pipeline.Detector.Decoding;

/// <summary>NanoDet-Plus: rows of class scores, then 4 x 8 distance bins, over the cells of strides 8 to 64; the point of a cell is cell x stride.</summary>
internal sealed class NanodetPlusDecoder(ModelShape model, int columns, int person) : IBoxDecoder
{
    private const int Bins = 4 * 8;
    private static readonly int[] Strides = [8, 16, 32, 64];

    public static IBoxDecoder? TryCreate(ModelShape model) =>
        model.Outputs is [{ Shape: [long rows, > Bins and long columns] }] && rows == model.Cells(Strides)
            ? new NanodetPlusDecoder(model, (int)columns, model.Person(columns - Bins))
            : null;

    public void Decode(ModelOutputs outputs, int picture, float threshold, List<Detection> boxes)
    {
        ReadOnlySpan<float> rest = outputs.Of(0, picture);
        foreach (int stride in Strides)
        {
            int cells = (int)model.Cells(stride);
            for (int cell = 0; cell < cells; cell++)
            {
                ReadOnlySpan<float> row = rest.Slice(cell * columns, columns);
                if (row[person] > threshold)
                {
                    float x = cell % model.Columns(stride) * stride;
                    float y = cell / model.Columns(stride) * stride;
                    boxes.Add(new(DistanceBins.Around(row[^Bins..], x, y, stride), row[person]));
                }
            }

            rest = rest[(cells * columns)..];
        }
    }
}

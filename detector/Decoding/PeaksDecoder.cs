namespace Pipeline.Detector.Decoding;

/// <summary>Finished boxes: rows of x1, y1, x2, y2 in input pixels, score, class; YOLOv10's and CenterNet's.</summary>
internal sealed class PeaksDecoder(int output, int person) : IBoxDecoder
{
    private const int MostRows = 1000;

    /// <summary>The peaks alone: an end-to-end YOLO.</summary>
    public static IBoxDecoder? TryCreateYolov10(ModelShape model) =>
        model.Outputs is [{ Shape: [<= MostRows, 6] }] && !model.ChannelsLast ? new PeaksDecoder(0, model.PersonClass ?? 0) : null;

    /// <summary>The peaks beside the heat-maps they come from, or alone behind an input whose channels come last: a CenterNet.</summary>
    public static IBoxDecoder? TryCreateCenternet(ModelShape model)
    {
        int peaks = model.Outputs.ToList().FindIndex(output => output.Shape is [<= MostRows, 6]);
        bool others = model.Outputs.Where((_, i) => i != peaks).All(output => output.Shape.Count == 3);
        return peaks >= 0 && others && (model.ChannelsLast || model.Outputs.Count > 1) ? new PeaksDecoder(peaks, model.PersonClass ?? 0) : null;
    }

    public void Decode(ModelOutputs outputs, int picture, float threshold, List<Detection> boxes)
    {
        for (ReadOnlySpan<float> row = outputs.Of(output, picture); row.Length >= 6; row = row[6..])
        {
            if (row[4] > threshold && MathF.Round(row[5]) == person)
            {
                boxes.Add(new(new(row[0], row[1], row[2] - row[0], row[3] - row[1]), row[4]));
            }
        }
    }
}

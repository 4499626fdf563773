namespace Pipeline.Detector.Decoding;

/// <summary>
/// NanoDet and PicoDet: for each stride class scores [cells, classes] and distance bins [cells, 4 x bins]; the point of a cell is
/// cell x stride + (stride - 1) / 2.
/// </summary>
internal sealed class NanodetDecoder : IBoxDecoder
{
    private static readonly int[] Strides = [8, 16, 32, 64, 128];
    private static readonly long[] UsualBins = [32, 44, 64, 68]; // four sides of 8, 11, 16, 17 bins

    private readonly List<Level> _levels;
    private readonly ModelShape _model;
    private readonly int _person;

    private NanodetDecoder(ModelShape model, List<Level> levels)
    {
        (_model, _levels) = (model, levels);
        _person = model.Person(levels[0].Classes);
    }

    /// <summary>Three strides.</summary>
    public static IBoxDecoder? TryCreateNanodet(ModelShape model) => model.Outputs.Count == 6 ? TryCreate(model) : null;

    /// <summary>Four strides or more.</summary>
    public static IBoxDecoder? TryCreatePicodet(ModelShape model) => model.Outputs.Count is 8 or 10 ? TryCreate(model) : null;

    public void Decode(ModelOutputs outputs, int picture, float threshold, List<Detection> boxes)
    {
        foreach (Level level in _levels)
        {
            ReadOnlySpan<float> scores = outputs.Of(level.Scores, picture);
            ReadOnlySpan<float> bins = outputs.Of(level.Boxes, picture);
            int columns = _model.Columns(level.Stride);
            float middle = (level.Stride - 1) / 2f;
            for (int cell = 0; cell < scores.Length / level.Classes; cell++)
            {
                float score = scores[(cell * level.Classes) + _person];
                if (score > threshold)
                {
                    float x = (cell % columns * level.Stride) + middle;
                    float y = (cell / columns * level.Stride) + middle;
                    boxes.Add(new(DistanceBins.Around(bins.Slice(cell * level.Bins, level.Bins), x, y, level.Stride), score));
                }
            }
        }
    }

    private static NanodetDecoder? TryCreate(ModelShape model)
    {
        List<Level> levels = [];
        foreach (int stride in Strides.Take(model.Outputs.Count / 2))
        {
            int[] here = [.. Enumerable.Range(0, model.Outputs.Count).Where(i => model.Outputs[i].Shape is [long cells, _] && cells == model.Cells(stride))];
            if (here is not [int first, int second])
            {
                return null;
            }

            // The scores come first, unless only the first can be bins.
            bool swapped = !UsualBins.Contains(model.Outputs[second].Shape[1]) && UsualBins.Contains(model.Outputs[first].Shape[1]);
            (int scores, int boxes) = swapped ? (second, first) : (first, second);
            levels.Add(new(stride, scores, boxes, (int)model.Outputs[scores].Shape[1], (int)model.Outputs[boxes].Shape[1]));
        }

        bool even = levels.All(level => level.Bins % 4 == 0 && level.Bins == levels[0].Bins && level.Classes == levels[0].Classes);
        return even ? new NanodetDecoder(model, levels) : null;
    }

    private readonly record struct Level(int Stride, int Scores, int Boxes, int Classes, int Bins);
}

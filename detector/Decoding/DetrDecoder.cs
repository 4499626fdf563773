namespace Pipeline.Detector.Decoding;

/// <summary>
/// DETR family: class logits and boxes of cx, cy, w, h as parts of the input. DETR itself has 91 COCO ids and "nothing" as the last
/// class of a softmax; Deformable DETR, RT-DETR and D-FINE have a sigmoid a class.
/// </summary>
internal sealed class DetrDecoder(ModelShape model, int logits, int boxes, int classes, int person, bool softmax) : IBoxDecoder
{
    private const int CocoIdsAndNothing = 92;
    private const int CocoIds = 91;
    private const int MostQueries = 1000;

    public static IBoxDecoder? TryCreate(ModelShape model)
    {
        if (model.Outputs is not [{ Shape: [var queries, var a] }, { Shape: [var same, var b] }]
            || queries != same || queries > MostQueries || (a != 4 && b != 4))
        {
            return null;
        }

        int boxes = b == 4 ? 1 : 0;
        long classes = boxes == 1 ? a : b;
        bool softmax = classes == CocoIdsAndNothing;
        int person = model.Person(softmax ? classes - 1 : classes, classes is CocoIds or CocoIdsAndNothing ? 1 : 0);
        return new DetrDecoder(model, 1 - boxes, boxes, (int)classes, person, softmax);
    }

    public void Decode(ModelOutputs outputs, int picture, float threshold, List<Detection> found)
    {
        ReadOnlySpan<float> values = outputs.Of(logits, picture);
        ReadOnlySpan<float> box = outputs.Of(boxes, picture);
        for (; box.Length >= 4; box = box[4..], values = values[classes..])
        {
            float score = Score(values[..classes]);
            if (score > threshold)
            {
                found.Add(new(
                    ModelShape.Centred(box[0] * model.Width, box[1] * model.Height, box[2] * model.Width, box[3] * model.Height), score));
            }
        }
    }

    private float Score(ReadOnlySpan<float> values)
    {
        if (!softmax)
        {
            return 1 / (1 + MathF.Exp(-values[person]));
        }

        float sum = 0;
        foreach (float value in values)
        {
            sum += MathF.Exp(value - values[person]);
        }

        return 1 / sum;
    }
}

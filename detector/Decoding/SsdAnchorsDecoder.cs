namespace Pipeline.Detector.Decoding;

/// <summary>
/// SSD of TensorFlow's object detection before its post-processing: encodings y, x, h, w scaled by 10, 10, 5, 5 against anchors on six
/// grids (strides 16 to 512; scales 0.2 to 0.95; ratios 1, 2, 1/2, 3, 1/3 and one square between two scales), and class logits.
/// </summary>
internal sealed class SsdAnchorsDecoder : IBoxDecoder
{
    private const int Layers = 6;
    private const float SmallestScale = 0.2f;
    private const float LargestScale = 0.95f;

    // The labels of the OpenImages model inside MediaPipe's objectron put the person at 4; TensorFlow's own count from 1, 0 is background.
    private const int ObjectronClasses = 24;
    private const int ObjectronPerson = 4;
    private const int UsualPerson = 1;

    private readonly ModelShape _model;
    private readonly List<Box> _anchors; // centre and size as parts of the input
    private readonly int _classes;
    private readonly int _person;
    private readonly int _boxes;

    private SsdAnchorsDecoder(ModelShape model, List<Box> anchors, int boxes, int classes)
    {
        (_model, _anchors, _boxes, _classes) = (model, anchors, boxes, classes);
        _person = model.Person(classes, classes == ObjectronClasses ? ObjectronPerson : UsualPerson);
    }

    public static IBoxDecoder? TryCreate(ModelShape model)
    {
        if (model.Outputs is not [{ Shape: [var anchors, var a] }, { Shape: [var same, var b] }] || anchors != same || (a != 4 && b != 4))
        {
            return null;
        }

        List<Box> made = Anchors(model);
        int boxes = a == 4 ? 0 : 1;
        return made.Count == anchors ? new SsdAnchorsDecoder(model, made, boxes, (int)(boxes == 0 ? b : a)) : null;
    }

    public void Decode(ModelOutputs outputs, int picture, float threshold, List<Detection> boxes)
    {
        ReadOnlySpan<float> encodings = outputs.Of(_boxes, picture);
        ReadOnlySpan<float> logits = outputs.Of(1 - _boxes, picture);
        for (int i = 0; i < _anchors.Count; i++)
        {
            float score = 1 / (1 + MathF.Exp(-logits[(i * _classes) + _person]));
            if (score > threshold)
            {
                boxes.Add(new(Decode(encodings.Slice(4 * i, 4), _anchors[i]), score));
            }
        }
    }

    private Box Decode(ReadOnlySpan<float> encoding, in Box anchor) => ModelShape.Centred(
        ((encoding[1] / 10 * anchor.Width) + anchor.X) * _model.Width,
        ((encoding[0] / 10 * anchor.Height) + anchor.Y) * _model.Height,
        MathF.Exp(encoding[3] / 5) * anchor.Width * _model.Width,
        MathF.Exp(encoding[2] / 5) * anchor.Height * _model.Height);

    private static List<Box> Anchors(ModelShape model)
    {
        List<Box> anchors = [];
        for (int layer = 0; layer < Layers; layer++)
        {
            int stride = 16 << layer;
            (float Ratio, float Scale)[] shapes = Shapes(layer);
            for (int y = 0; y < model.Rows(stride); y++)
            {
                for (int x = 0; x < model.Columns(stride); x++)
                {
                    foreach ((float ratio, float scale) in shapes)
                    {
                        anchors.Add(new(
                            (x + 0.5f) / model.Columns(stride), (y + 0.5f) / model.Rows(stride), scale * MathF.Sqrt(ratio), scale / MathF.Sqrt(ratio)));
                    }
                }
            }
        }

        return anchors;
    }

    private static (float Ratio, float Scale)[] Shapes(int layer)
    {
        static float Scale(int layer) => SmallestScale + ((LargestScale - SmallestScale) * layer / (Layers - 1));
        float scale = Scale(layer);
        if (layer == 0) // the lowest grid has fewer
        {
            return [(1, 0.1f), (2, scale), (0.5f, scale)];
        }

        float next = layer == Layers - 1 ? 1 : Scale(layer + 1);
        return [(1, scale), (2, scale), (0.5f, scale), (3, scale), (0.3333f, scale), (1, MathF.Sqrt(scale * next))];
    }
}

namespace Pipeline.Detector.Decoding;

/// <summary>Reads the outputs of one layout.</summary>
public interface IBoxDecoder
{
    /// <summary>Adds the person boxes of one picture, in pixels of the model's input, before suppression.</summary>
    /// <param name="outputs">The model's outputs.</param>
    /// <param name="picture">Place in the batch.</param>
    /// <param name="threshold">Only scores above this.</param>
    /// <param name="boxes">Receives the boxes, in the order of the output's rows.</param>
    void Decode(ModelOutputs outputs, int picture, float threshold, List<Detection> boxes);
}

/// <summary>What is known of a model when its layout is looked for.</summary>
/// <param name="Width">Width of its input in pixels.</param>
/// <param name="Height">Height of its input in pixels.</param>
/// <param name="ChannelsLast">True for an input [batch, height, width, 3].</param>
/// <param name="Outputs">Its outputs, in its order.</param>
/// <param name="PersonClass">Index of the class "person", from the settings or the model's metadata; null when neither says.</param>
public sealed record ModelShape(int Width, int Height, bool ChannelsLast, IReadOnlyList<OutputShape> Outputs, int? PersonClass)
{
    /// <summary>Cells of the grids of these strides together.</summary>
    /// <param name="strides">Strides in pixels.</param>
    public long Cells(params ReadOnlySpan<int> strides)
    {
        long cells = 0;
        foreach (int stride in strides)
        {
            cells += (long)Columns(stride) * Rows(stride);
        }

        return cells;
    }

    /// <summary>Cells in a row of a stride's grid.</summary>
    /// <param name="stride">Stride in pixels.</param>
    public int Columns(int stride) => (Width + stride - 1) / stride;

    /// <summary>Rows of a stride's grid.</summary>
    /// <param name="stride">Stride in pixels.</param>
    public int Rows(int stride) => (Height + stride - 1) / stride;

    /// <summary>The person's class when it is below <paramref name="classes"/>, by default <paramref name="usual"/>.</summary>
    /// <param name="classes">Classes that the model tells apart.</param>
    /// <param name="usual">Index that models of the layout usually give to persons.</param>
    /// <exception cref="InvalidDataException">The model has not so many classes.</exception>
    public int Person(long classes, int usual = 0)
    {
        int person = PersonClass ?? usual;
        return person < classes
            ? person
            : throw new InvalidDataException(
                $"the model has {classes} classes, and class {person} was to be the person; set detector.person_class to 0 ... {classes - 1}");
    }

    /// <summary>A box by its centre.</summary>
    internal static Box Centred(float x, float y, float width, float height) => new(x - (width / 2), y - (height / 2), width, height);
}

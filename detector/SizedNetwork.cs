using System.Diagnostics;
using Microsoft.ML.OnnxRuntime;
using OpenCvSharp;
using Pipeline.Detector.Decoding;

namespace Pipeline.Detector;

/// <summary>A detector's network at one size of its input: how it is fed and read there, and how many pictures it takes at once. Not thread-safe.</summary>
internal sealed class SizedNetwork : IDisposable
{
    private readonly ModelSession _session;
    private readonly DetectorOptions _options;
    private readonly IBoxDecoder _decoder;
    private readonly Placement[] _placements;
    private InputTensor? _input;

    /// <summary>Finds out how the network is fed and read at a size, and whether it treats the pictures of a batch apart.</summary>
    /// <param name="session">The network; it may be opened again with a free batch.</param>
    /// <param name="options">Settings without problems.</param>
    /// <param name="width">Width of the input in pixels.</param>
    /// <param name="height">Height of the input in pixels.</param>
    /// <exception cref="InvalidDataException">The network does not run at this size, or its outputs fit no known layout.</exception>
    public SizedNetwork(ModelSession session, DetectorOptions options, int width, int height)
    {
        (_session, _options, Width, Height) = (session, options, width, height);
        (Layout, _decoder) = Recognise(Probe());
        Format = PictureFormat.Of(Layout).With(options);
        Batch = options.Batch > 1 && TryBatches() ? options.Batch : 1;
        _placements = new Placement[Batch];
    }

    /// <summary>Width of the input in pixels.</summary>
    public int Width { get; }

    /// <summary>Height of the input in pixels.</summary>
    public int Height { get; }

    /// <summary>How the outputs are read.</summary>
    public DetectorLayout Layout { get; }

    /// <summary>How the model wants its pictures.</summary>
    public PictureFormat Format { get; }

    /// <summary>Pictures that go through the network together at most.</summary>
    public int Batch { get; }

    private InputTensor Input => _input ??= InputTensor.Create(_session.Type, Format, Width, Height, _session.ChannelsLast, Batch);

    /// <summary>Detects persons.</summary>
    /// <param name="pictures">CV_8UC3 BGR pictures, 1 to <see cref="Batch"/>.</param>
    /// <param name="found">Receives the boxes of each.</param>
    /// <param name="times">Receives what it took.</param>
    public void Detect(ReadOnlySpan<Mat> pictures, Span<IReadOnlyList<Detection>> found, ref DetectorTimes times)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < pictures.Length; i++)
        {
            _placements[i] = Input.Fill(pictures[i], i);
        }

        long filled = Stopwatch.GetTimestamp();
        using ModelOutputs outputs = new(_session.Run(Input.Value(pictures.Length)), pictures.Length);
        long ran = Stopwatch.GetTimestamp();
        for (int i = 0; i < pictures.Length; i++)
        {
            found[i] = Boxes(outputs, i, pictures[i]);
        }

        times = times.Plus(pictures.Length, Stopwatch.GetElapsedTime(start, filled), Stopwatch.GetElapsedTime(filled, ran), Stopwatch.GetElapsedTime(ran));
    }

    /// <summary>The outputs for one picture by name, row-major.</summary>
    /// <param name="picture">CV_8UC3, BGR.</param>
    public Dictionary<string, float[]> Raw(Mat picture)
    {
        Input.Fill(picture, 0);
        using ModelOutputs outputs = new(_session.Run(Input.Value(1)), 1);
        return Enumerable.Range(0, _session.Outputs.Count).ToDictionary(i => _session.Outputs[i], i => outputs.Of(i, 0).ToArray());
    }

    /// <summary>Runs the bare session on pictures that are prepared already.</summary>
    /// <param name="count">Pictures in the batch, 1 to <see cref="Batch"/>.</param>
    public void RunBare(int count) => _session.Run(Input.Value(count)).Dispose();

    /// <inheritdoc/>
    public void Dispose() => _input?.Dispose();

    private List<Detection> Boxes(ModelOutputs outputs, int index, Mat picture)
    {
        List<Detection> boxes = [];
        _decoder.Decode(outputs, index, _options.ScoreThreshold, boxes);

        // Suppression looks at the whole boxes; only what remains is cut at the picture's edges.
        boxes.RemoveAll(found => !(found.Box.Area > 0) || !float.IsFinite(found.Box.Area + found.Box.X + found.Box.Y + found.Score));
        NonMaximumSuppression.Apply(boxes, _options.NmsIou);
        for (int i = 0; i < boxes.Count; i++)
        {
            boxes[i] = boxes[i] with { Box = _placements[index].ToPicture(boxes[i].Box, picture.Width, picture.Height) };
        }

        boxes.RemoveAll(found => !(found.Box.Area > 0));
        boxes.Sort(NonMaximumSuppression.Order);
        return boxes;
    }

    // Only a run shows the shapes of every model: many leave axes of their outputs open.
    private ModelShape Probe()
    {
        PictureFormat plain = PictureFormat.Of(DetectorLayout.Fastestdet);
        using InputTensor input = InputTensor.Create(_session.Type, plain, Width, Height, _session.ChannelsLast, 1);
        input.FillPattern(0, 0);
        try
        {
            using IDisposableReadOnlyCollection<OrtValue> outputs = _session.Run(input.Value(1));
            OutputShape[] shapes = [.. _session.Outputs.Select((name, i) => new OutputShape(name, ShapeOf(outputs[i])))];
            return new(Width, Height, _session.ChannelsLast, shapes, PersonClass());
        }
        catch (OnnxRuntimeException e)
        {
            throw new InvalidDataException(
                $"detector '{_session.File}' does not run with an input of {Width}x{Height}: {e.Message.Split('\n')[0].Trim()} "
                + "Set detector.input_width and detector.input_height to a size that it was made for.",
                e);
        }
    }

    private (DetectorLayout Layout, IBoxDecoder Decoder) Recognise(ModelShape shape)
    {
        try
        {
            return Layouts.Recognise(shape, _options.Layout);
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"detector '{_session.File}': {e.Message}.", e);
        }
    }

    // Ultralytics notes the classes as a Python dictionary: {0: 'person', 1: 'bicycle', ...}.
    private int? PersonClass()
    {
        if (_options.PersonClass >= 0)
        {
            return _options.PersonClass;
        }

        string names = _session.Metadata.GetValueOrDefault("names", "");
        foreach (string entry in names.Trim('{', '}').Split(','))
        {
            if (entry.Split(':') is [string index, string name]
                && name.Trim(' ', '\'', '"').ToLowerInvariant() is "person" or "pedestrian" or "people"
                && int.TryParse(index.Trim(), out int person))
            {
                return person;
            }
        }

        return null;
    }

    // Two unlike pictures together must give what each gives alone, to the bit: else the results would depend on the batch.
    private bool TryBatches()
    {
        if (Layout == DetectorLayout.SsdEndToEnd || (_session.FixedBatch && !_session.TryOpenBatch()))
        {
            return false; // SSD's rows of all pictures come in one list
        }

        try
        {
            if (BatchesAreExact())
            {
                return true;
            }
        }
        catch (OnnxRuntimeException)
        {
            // Some node holds a batch of one: the model runs singly.
        }

        _session.CloseBatch();
        return false;
    }

    private bool BatchesAreExact()
    {
        using InputTensor input = InputTensor.Create(_session.Type, Format, Width, Height, _session.ChannelsLast, 2);
        input.FillPattern(0, 1);
        using ModelOutputs first = new(_session.Run(input.Value(1)), 1);
        input.FillPattern(0, 0);
        using ModelOutputs second = new(_session.Run(input.Value(1)), 1);
        input.FillPattern(1, 1);
        using ModelOutputs both = new(_session.Run(input.Value(2)), 2);
        return Enumerable.Range(0, _session.Outputs.Count).All(
            i => both.Of(i, 0).SequenceEqual(second.Of(i, 0)) && both.Of(i, 1).SequenceEqual(first.Of(i, 0)));
    }

    private static long[] ShapeOf(OrtValue value) => value.GetTensorTypeAndShape().Shape is [_, .. long[] rest] ? rest : [];
}

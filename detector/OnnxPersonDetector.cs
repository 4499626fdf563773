using System.Diagnostics;
using System.Globalization;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using OpenCvSharp;
using Pipeline.Detector.Decoding;
using Pipeline.Inference;

namespace Pipeline.Detector;

/// <summary>Finds persons with an ONNX model of any layout in <see cref="DetectorLayout"/>.</summary>
public sealed class OnnxPersonDetector : IPersonDetector, IDetectorTimes
{
    private readonly ModelSession _session;
    private readonly DetectorOptions _options;
    private readonly InputTensor _input;
    private readonly IBoxDecoder _decoder;
    private readonly Placement[] _placements;

    private OnnxPersonDetector(ModelSession session, DetectorOptions options)
    {
        (_session, _options) = (session, options);
        ModelShape shape = Probe();
        (Layout, _decoder) = Recognise(shape);
        Format = PictureFormat.Of(Layout).With(options);
        Batch = options.Batch > 1 && TryBatches() ? options.Batch : 1;
        session.Settle();
        _placements = new Placement[Batch];
        _input = InputTensor.Create(session.Type, Format, session.Width, session.Height, session.ChannelsLast, Batch);
    }

    /// <summary>How the outputs are read.</summary>
    public DetectorLayout Layout { get; }

    /// <summary>How the model wants its pictures.</summary>
    public PictureFormat Format { get; }

    /// <summary>Pictures that go through the network together at most.</summary>
    public int Batch { get; }

    /// <inheritdoc/>
    public string Id => $"{Path.GetFileNameWithoutExtension(_session.File)}@sha256:{_session.Digest}";

    /// <inheritdoc/>
    public string RunsOn => _session.RunsOn;

    /// <inheritdoc/>
    public string Description => string.Create(
        CultureInfo.InvariantCulture,
        $"{Layout.ToString().ToLowerInvariant()}, input {_session.Width}x{_session.Height} {Format.Colour.ToString().ToUpperInvariant()} {Format.Fit.ToString().ToLowerInvariant()}, {_session.RunsOn}, {(Batch == 1 ? "one picture at a time" : $"batches of up to {Batch}")}");

    /// <inheritdoc/>
    public DetectorTimes Times { get; private set; }

    /// <summary>Opens a model and finds out how to feed and read it.</summary>
    /// <param name="path">An .onnx or .ort file.</param>
    /// <param name="options">Settings without problems.</param>
    /// <param name="device">What the network runs on.</param>
    /// <param name="threads">CPU threads of the network; 0 takes as many as there are cores.</param>
    /// <exception cref="InvalidDataException">The file is missing, no whole model, or of no known layout.</exception>
    public static OnnxPersonDetector Load(
        string path, DetectorOptions options, Device device = Device.Auto, int threads = 0)
    {
        ArgumentNullException.ThrowIfNull(options);
        ModelSession session = ModelSession.Load(path, options, device, threads);
        try
        {
            return new OnnxPersonDetector(session, options);
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<IReadOnlyList<Detection>> Detect(IReadOnlyList<Mat> pictures)
    {
        ArgumentNullException.ThrowIfNull(pictures);
        List<IReadOnlyList<Detection>> found = new(pictures.Count);
        for (int first = 0; first < pictures.Count; first += Batch)
        {
            DetectBatch(pictures, first, Math.Min(Batch, pictures.Count - first), found);
        }

        return found;
    }

    /// <summary>The model's outputs for one picture, for checks against other implementations.</summary>
    /// <param name="picture">CV_8UC3, BGR.</param>
    /// <returns>The outputs by name, row-major.</returns>
    public IReadOnlyDictionary<string, float[]> Raw(Mat picture)
    {
        _input.Fill(picture, 0);
        using ModelOutputs outputs = new(_session.Run(_input.Value(1)), 1);
        return Enumerable.Range(0, _session.Outputs.Count).ToDictionary(i => _session.Outputs[i], i => outputs.Of(i, 0).ToArray());
    }

    /// <summary>Runs the bare session on pictures that are prepared already, for benchmarks.</summary>
    /// <param name="count">Pictures in the batch, 1 to <see cref="Batch"/>.</param>
    public void RunBare(int count) => _session.Run(_input.Value(count)).Dispose();

    /// <inheritdoc/>
    public void Dispose()
    {
        _input.Dispose();
        _session.Dispose();
    }

    private void DetectBatch(IReadOnlyList<Mat> pictures, int first, int count, List<IReadOnlyList<Detection>> found)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < count; i++)
        {
            _placements[i] = _input.Fill(pictures[first + i], i);
        }

        long filled = Stopwatch.GetTimestamp();
        using ModelOutputs outputs = new(_session.Run(_input.Value(count)), count);
        long ran = Stopwatch.GetTimestamp();
        for (int i = 0; i < count; i++)
        {
            found.Add(Boxes(outputs, i, pictures[first + i]));
        }

        Times = Times.Plus(count, Stopwatch.GetElapsedTime(start, filled), Stopwatch.GetElapsedTime(filled, ran), Stopwatch.GetElapsedTime(ran));
    }

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
        using InputTensor input = InputTensor.Create(_session.Type, plain, _session.Width, _session.Height, _session.ChannelsLast, 1);
        input.FillPattern(0, 0);
        try
        {
            using IDisposableReadOnlyCollection<OrtValue> outputs = _session.Run(input.Value(1));
            OutputShape[] shapes = [.. _session.Outputs.Select((name, i) => new OutputShape(name, ShapeOf(outputs[i])))];
            return new(_session.Width, _session.Height, _session.ChannelsLast, shapes, PersonClass());
        }
        catch (OnnxRuntimeException e)
        {
            throw new InvalidDataException(
                $"detector '{_session.File}' does not run with an input of {_session.Width}x{_session.Height}: {e.Message.Split('\n')[0].Trim()} "
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
        using InputTensor input = InputTensor.Create(_session.Type, Format, _session.Width, _session.Height, _session.ChannelsLast, 2);
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

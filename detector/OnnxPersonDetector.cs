using System.Globalization;
using OpenCvSharp;
using Pipeline.Inference;

namespace Pipeline.Detector;

/// <summary>
/// Finds persons with an ONNX model of any layout in <see cref="DetectorLayout"/>. A model that leaves the size of its input open gets each picture in the
/// picture's own proportions; pictures of one size go through it together.
/// </summary>
public sealed class OnnxPersonDetector : IPersonDetector, IDetectorTimes
{
    private const int MostSizes = 4; // kept ready at once: the cameras of a site have few, a folder of pictures may have many

    private readonly ModelSession _session;
    private readonly DetectorOptions _options;
    private readonly List<SizedNetwork> _sizes = []; // the one used last at the end
    private DetectorTimes _times;

    private OnnxPersonDetector(ModelSession session, DetectorOptions options)
    {
        (_session, _options) = (session, options);
        SizedNetwork first = new(session, options, session.Width, session.Height);
        session.Settle();
        _sizes.Add(first);
        (Layout, Format, Batch) = (first.Layout, first.Format, first.Batch);
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
        $"{Layout.ToString().ToLowerInvariant()}, input {InputSize} {Format.Colour.ToString().ToUpperInvariant()} {Format.Fit.ToString().ToLowerInvariant()}, {_session.RunsOn}, {(Batch == 1 ? "one picture at a time" : $"batches of up to {Batch}")}");

    /// <inheritdoc/>
    public DetectorTimes Times => _times;

    private string InputSize => _session.FollowsPicture ? $"{ModelSession.LongSide} pixels long in the picture's proportions" : $"{_session.Width}x{_session.Height}";

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
        IReadOnlyList<Detection>[] found = new IReadOnlyList<Detection>[pictures.Count];
        foreach (IGrouping<(int Width, int Height), int> size in Enumerable.Range(0, pictures.Count).GroupBy(i => _session.SizeFor(pictures[i].Width, pictures[i].Height)))
        {
            SizedNetwork network = Sized(size.Key);
            foreach (int[] batch in size.Chunk(network.Batch))
            {
                IReadOnlyList<Detection>[] boxes = new IReadOnlyList<Detection>[batch.Length];
                network.Detect([.. batch.Select(i => pictures[i])], boxes, ref _times);
                for (int i = 0; i < batch.Length; i++)
                {
                    found[batch[i]] = boxes[i];
                }
            }
        }

        return found;
    }

    /// <summary>The model's outputs for one picture, for checks against other implementations.</summary>
    /// <param name="picture">CV_8UC3, BGR.</param>
    /// <returns>The outputs by name, row-major.</returns>
    public IReadOnlyDictionary<string, float[]> Raw(Mat picture)
    {
        ArgumentNullException.ThrowIfNull(picture);
        return Sized(_session.SizeFor(picture.Width, picture.Height)).Raw(picture);
    }

    /// <summary>Runs the bare session on pictures that are prepared already, of the size used last, for benchmarks.</summary>
    /// <param name="count">Pictures in the batch, 1 to <see cref="Batch"/>.</param>
    public void RunBare(int count) => _sizes[^1].RunBare(count);

    /// <inheritdoc/>
    public void Dispose()
    {
        _sizes.ForEach(network => network.Dispose());
        _session.Dispose();
    }

    private SizedNetwork Sized((int Width, int Height) size)
    {
        int at = _sizes.FindIndex(network => (network.Width, network.Height) == size);
        SizedNetwork network = at >= 0 ? _sizes[at] : new SizedNetwork(_session, _options with { Layout = Layout }, size.Width, size.Height);
        if (at >= 0)
        {
            _sizes.RemoveAt(at);
        }
        else if (_sizes.Count == MostSizes)
        {
            _sizes[0].Dispose();
            _sizes.RemoveAt(0);
        }

        _sizes.Add(network);
        return network;
    }
}

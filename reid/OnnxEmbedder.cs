using System.Globalization;
using Microsoft.ML.OnnxRuntime;
using Pipeline.Inference;

namespace Pipeline.Reid;

/// <summary>Serves any re-id network in an ONNX file: one picture input of three channels, one embedding output.</summary>
/// <remarks>
/// Kernels of ONNX Runtime may add in another order when the batch has another size, so every run here has the same size: on the CPU one crop,
/// which costs no speed there, on CUDA <see cref="CudaBatch"/>, filled up with the last crop. A network of fixed batch is run at its own.
/// </remarks>
public sealed class OnnxEmbedder : IEmbedder
{
    /// <summary>Crops of a run on CUDA.</summary>
    public const int CudaBatch = 16;

    private const int TapCount = 3;

    private readonly InferenceSession _session;
    private readonly CropTensor _tensor;
    private readonly RunOptions _runOptions = new();
    private readonly OrtValue _input;
    private readonly string[] _inputNames;
    private readonly string[] _outputNames;
    private readonly string[] _clipOutputNames;
    private readonly int _batch;
    private readonly bool _flip;
    private readonly float[] _mirrored;

    private OnnxEmbedder(InferenceSession session, NetworkDescription description, string runsOn, int batch, bool flip)
    {
        _session = session;
        _tensor = new CropTensor(description.Preprocessing);
        _batch = batch;
        _flip = flip;
        _inputNames = [session.InputMetadata.Keys.First()];
        _outputNames = [description.Output];
        _clipOutputNames = description.ClipTaps is { } taps ? [description.Output, taps] : [];
        Dimension = description.Dimension;
        ModelId = description.ModelId;
        Notice = description.Notice;
        DefaultThreshold = description.Threshold;
        DefaultSameCameraExtra = description.SameCameraExtra;
        Preprocessing = description.Preprocessing;
        RunsOn = runsOn;
        _mirrored = new float[flip ? Dimension + TapCount : 0];
        _input = OrtValue.CreateAllocatedTensorValue(OrtAllocator.DefaultInstance, Microsoft.ML.OnnxRuntime.Tensors.TensorElementType.Float, Shape());
    }

    /// <inheritdoc/>
    public string ModelId { get; }

    /// <inheritdoc/>
    public int Dimension { get; }

    /// <inheritdoc/>
    public string? Notice { get; }

    /// <inheritdoc/>
    public float DefaultThreshold { get; }

    /// <inheritdoc/>
    public float DefaultSameCameraExtra { get; }

    /// <summary>How crops are prepared for this network.</summary>
    public Preprocessing Preprocessing { get; }

    /// <inheritdoc/>
    public string RunsOn { get; }

    /// <summary>The mirrored crop is embedded too, and the mean taken.</summary>
    public bool Mirrors => _flip;

    /// <summary>Opens a network. Its preprocessing is read as <see cref="ModelMetadata"/> says.</summary>
    /// <param name="path">The ONNX file.</param>
    /// <param name="device">Where to run; <see cref="Device.Auto"/> takes CUDA when it starts and says in <see cref="RunsOn"/> why not.</param>
    /// <param name="threads">CPU threads inside an operator; 0 takes as many as there are cores.</param>
    /// <param name="flip">Embed the mirrored crop as well and take the mean; done in any case for a network whose metadata ask for it.</param>
    /// <exception cref="InvalidDataException">The file is missing, damaged, no ONNX, or no network from pictures to vectors; or CUDA was asked for and is not there.</exception>
    public static OnnxEmbedder Open(string path, Device device = Device.Auto, int threads = 0, bool flip = false)
    {
        byte[] model = Read(path);
        (InferenceSession session, string runsOn) = Start(path, model, device, threads);
        try
        {
            NetworkDescription description = NetworkDescription.Of(path, session, ShortDigest.Of(model));
            int batch = description.FixedBatch ?? (runsOn == NetworkSession.OnCuda ? CudaBatch : 1);
            OnnxEmbedder embedder = new(session, description, runsOn, batch, flip || description.Mirror);
            embedder.Try(path);
            return embedder;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public bool WeighsClips => _clipOutputNames.Length > 0;

    /// <inheritdoc/>
    public void Embed(IReadOnlyList<Picture> pictures, Span<float> embeddings) => EmbedAll(pictures, embeddings, []);

    /// <inheritdoc/>
    public void Embed(IReadOnlyList<Picture> pictures, Span<float> embeddings, Span<float> taps)
    {
        ArgumentNullException.ThrowIfNull(pictures);
        if (!WeighsClips)
        {
            throw new NotSupportedException($"{ModelId} does not weigh the crops of a clip");
        }

        if (taps.Length != pictures.Count * TapCount)
        {
            throw new ArgumentException($"{pictures.Count} crops have {pictures.Count * TapCount} taps, got {taps.Length}", nameof(taps));
        }

        EmbedAll(pictures, embeddings, taps);
    }

    private void EmbedAll(IReadOnlyList<Picture> pictures, Span<float> embeddings, Span<float> taps)
    {
        ArgumentNullException.ThrowIfNull(pictures);
        if (embeddings.Length != pictures.Count * Dimension)
        {
            throw new ArgumentException($"{pictures.Count} embeddings of {Dimension} are {pictures.Count * Dimension} floats, got {embeddings.Length}", nameof(embeddings));
        }

        for (int from = 0; from < pictures.Count; from += _batch)
        {
            int count = Math.Min(_batch, pictures.Count - from);
            Span<float> results = embeddings.Slice(from * Dimension, count * Dimension);
            Span<float> weights = taps.IsEmpty ? [] : taps.Slice(from * TapCount, count * TapCount);
            Run(pictures, from, count, mirrored: false, results, weights);
            if (_flip)
            {
                AddMirrored(pictures, from, count, results, weights);
            }
        }
    }

    /// <summary>Runs the bare session on a crop that is prepared already, for benchmarks.</summary>
    /// <param name="crops">How many crops; rounded up to whole runs.</param>
    public void RunBare(int crops)
    {
        for (int from = 0; from < crops; from += _batch)
        {
            _session.Run(_runOptions, _inputNames, [_input], _outputNames).Dispose();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _input.Dispose();
        _runOptions.Dispose();
        _session.Dispose();
    }

    private void AddMirrored(IReadOnlyList<Picture> pictures, int from, int count, Span<float> results, Span<float> taps)
    {
        Span<float> mirrored = count == 1 ? _mirrored : new float[count * (Dimension + TapCount)];
        Span<float> features = mirrored[..results.Length];
        Span<float> weights = mirrored.Slice(results.Length, taps.Length);
        Run(pictures, from, count, mirrored: true, features, weights);
        Halve(results, features);
        Halve(taps, weights);
    }

    private static void Halve(Span<float> sum, ReadOnlySpan<float> other)
    {
        for (int i = 0; i < sum.Length; i++)
        {
            sum[i] = (sum[i] + other[i]) / 2;
        }
    }

    private void Run(IReadOnlyList<Picture> pictures, int from, int count, bool mirrored, Span<float> results, Span<float> taps)
    {
        Span<float> input = _input.GetTensorMutableDataAsSpan<float>();
        for (int i = 0; i < _batch; i++)
        {
            Span<float> place = input.Slice(i * _tensor.Length, _tensor.Length);
            if (i < count)
            {
                _tensor.Write(pictures[from + i], place, mirrored);
            }
            else
            {
                input.Slice((count - 1) * _tensor.Length, _tensor.Length).CopyTo(place);
            }
        }

        using IDisposableReadOnlyCollection<OrtValue> outputs = _session.Run(
            _runOptions, _inputNames, [_input], taps.IsEmpty ? _outputNames : _clipOutputNames);
        outputs[0].GetTensorDataAsSpan<float>()[..results.Length].CopyTo(results);
        if (!taps.IsEmpty)
        {
            outputs[1].GetTensorDataAsSpan<float>()[..taps.Length].CopyTo(taps);
        }
    }

    // One run on a grey crop: a graph that does not fit its own description says so at start, not an hour into the recordings.
    private void Try(string path)
    {
        try
        {
            Run([new Picture(1, 1, [128, 128, 128])], 0, 1, mirrored: false, new float[Dimension], []);
        }
        catch (Exception e) when (e is OnnxRuntimeException or ArgumentOutOfRangeException)
        {
            throw new InvalidDataException(
                $"'{path}': does not run on an input of {string.Join("x", Shape())}: {OneLine(e)}. Correct input_height, input_width or layout in {NetworkDescription.Beside(path)}.", e);
        }
    }

    private long[] Shape() => Preprocessing.Layout == TensorLayout.Nchw
        ? [_batch, 3, Preprocessing.Height, Preprocessing.Width]
        : [_batch, Preprocessing.Height, Preprocessing.Width, 3];

    private static byte[] Read(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataException($"'{path}': cannot read the re-id model: {OneLine(e)} Name an ONNX file, or leave --reid-model out.", e);
        }
    }

    private static (InferenceSession Session, string RunsOn) Start(string path, byte[] model, Device device, int threads)
    {
        try
        {
            return NetworkSession.Open(model, device, threads);
        }
        catch (OnnxRuntimeException e)
        {
            throw new InvalidDataException(
                $"'{path}': not a usable ONNX model ({model.Length} bytes): {OneLine(e)}. Fetch or export the file again.", e);
        }
    }

    private static string OneLine(Exception e) => e.Message.ReplaceLineEndings(" ").Trim().TrimEnd('.');
}

using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Pipeline.Detector.Onnx;
using Pipeline.Inference;

namespace Pipeline.Detector;

/// <summary>A model file in an ONNX Runtime session: its one picture input, its outputs, what it runs on.</summary>
public sealed class ModelSession : IDisposable
{
    /// <summary>The longer side of an input that follows its picture, in pixels.</summary>
    public const int LongSide = 640;

    private const int Step = 64; // of the shorter side: the largest stride of the known layouts

    private byte[] _bytes;
    private readonly Device _device;
    private readonly int _threads;
    private readonly RunOptions _run = new() { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
    private InferenceSession _session;

    private ModelSession(string path, byte[] bytes, DetectorOptions options, Device device, int threads)
    {
        (File, _bytes, _device, _threads) = (path, bytes, device, threads);
        Digest = ShortDigest.Of(bytes);
        (_session, RunsOn) = Open(bytes);
        try
        {
            (Input, Type, long[] shape) = PictureInput();
            ChannelsLast = shape[3] == 3 && shape[1] != 3;
            FixedBatch = shape[0] == 1;
            (long height, long width) = (shape[ChannelsLast ? 1 : 2], shape[ChannelsLast ? 2 : 3]);
            FollowsPicture = height <= 0 && width <= 0 && options is { InputHeight: 0, InputWidth: 0 } && MetadataSize("width") is null;
            (Width, Height) = FollowsPicture ? SizeFor(16, 9) : (Size(width, options.InputWidth, "width"), Size(height, options.InputHeight, "height"));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Path of the file.</summary>
    public string File { get; }

    /// <summary>What it runs on and why, for people.</summary>
    public string RunsOn { get; private set; }

    /// <summary>Name of the picture input.</summary>
    public string Input { get; }

    /// <summary>Element type of the picture input.</summary>
    public TensorElementType Type { get; }

    /// <summary>Whether every picture is brought to a size of its own proportions: the model leaves both sides open, and neither the settings nor its notes name a size.</summary>
    public bool FollowsPicture { get; }

    /// <summary>Width of the input in pixels; for wide pictures where it follows them.</summary>
    public int Width { get; }

    /// <summary>Height of the input in pixels; for wide pictures where it follows them.</summary>
    public int Height { get; }

    /// <summary>True for an input [batch, height, width, 3].</summary>
    public bool ChannelsLast { get; }

    /// <summary>True when the model takes one picture at a time.</summary>
    public bool FixedBatch { get; private set; }

    /// <summary>Names of the outputs, in the model's order.</summary>
    public IReadOnlyList<string> Outputs => _session.OutputNames;

    /// <summary>The model's own notes.</summary>
    public IReadOnlyDictionary<string, string> Metadata => _session.ModelMetadata.CustomMetadataMap;

    /// <summary>First eight hexadecimal digits of the file's SHA-256.</summary>
    public string Digest { get; }

    /// <summary>Opens a model file.</summary>
    /// <param name="path">An .onnx or .ort file.</param>
    /// <param name="options">Settings without problems.</param>
    /// <param name="device">What the network runs on.</param>
    /// <param name="threads">CPU threads of the network; 0 takes as many as there are cores.</param>
    /// <exception cref="InvalidDataException">The file is missing, unreadable, no whole model, or takes something else than pictures.</exception>
    public static ModelSession Load(
        string path, DetectorOptions options, Device device = Device.Auto, int threads = 0)
    {
        if (!System.IO.File.Exists(path))
        {
            throw new InvalidDataException(
                $"cannot open detector '{path}': there is no such file. Give the path of an .onnx file, or set detector.model to default or hog.");
        }

        byte[] bytes;
        try
        {
            bytes = System.IO.File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataException($"cannot read detector '{path}': {e.Message} Check its permissions.", e);
        }

        return new ModelSession(path, bytes, options, device, threads);
    }

    /// <summary>Size of the input for a picture.</summary>
    /// <param name="width">Width of the picture, at least 1.</param>
    /// <param name="height">Height of the picture, at least 1.</param>
    public (int Width, int Height) SizeFor(int width, int height)
    {
        if (!FollowsPicture)
        {
            return (Width, Height);
        }

        int shorter = (int)Math.Ceiling((double)LongSide * Math.Min(width, height) / Math.Max(width, height) / Step) * Step;
        return width >= height ? (LongSide, shorter) : (shorter, LongSide);
    }

    /// <summary>Runs a batch.</summary>
    /// <param name="input">The pictures.</param>
    /// <returns>The outputs in the model's order; the caller disposes them.</returns>
    public IDisposableReadOnlyCollection<OrtValue> Run(OrtValue input) => _session.Run(_run, [Input], [input], _session.OutputNames);

    /// <summary>Opens the model again with a free first axis.</summary>
    /// <returns>False when it cannot be opened so, or was settled; then nothing has changed.</returns>
    public bool TryOpenBatch()
    {
        if (_bytes.Length == 0)
        {
            return false;
        }

        try
        {
            (InferenceSession session, string device) = Open(BatchAxis.Open(_bytes));
            (InferenceSession before, _session, RunsOn, FixedBatch) = (_session, session, device, false);
            before.Dispose();
            return true;
        }
        catch (InvalidDataException)
        {
            return false; // an .ort file, or a graph that does not hold together with another batch
        }
    }

    /// <summary>Goes back to the model as it is in the file, one picture at a time; once it was settled it stays as it is.</summary>
    public void CloseBatch()
    {
        if (_bytes.Length == 0)
        {
            return;
        }

        _session.Dispose();
        (_session, RunsOn) = Open(_bytes);
        FixedBatch = true;
    }

    /// <summary>Lets go of the file's bytes once <see cref="TryOpenBatch"/> and <see cref="CloseBatch"/> are done with.</summary>
    public void Settle() => _bytes = [];

    /// <inheritdoc/>
    public void Dispose()
    {
        _session.Dispose();
        _run.Dispose();
    }

    private (InferenceSession Session, string RunsOn) Open(byte[] bytes)
    {
        try
        {
            return NetworkSession.Open(bytes, _device, _threads);
        }
        catch (OnnxRuntimeException e)
        {
            throw new InvalidDataException(
                $"cannot load detector '{File}' ({bytes.Length} bytes): not a whole ONNX model, or one that ONNX Runtime cannot run: {FirstLine(e)}. "
                + "Fetch or export the file again.",
                e);
        }
    }

    private (string Name, TensorElementType Type, long[] Shape) PictureInput()
    {
        if (_session.InputNames is not [string name])
        {
            throw Unfit("one picture input is needed");
        }

        NodeMetadata input = _session.InputMetadata[name];
        long[] shape = [.. input.Dimensions.Select(size => (long)size)];
        bool known = input.ElementDataType is TensorElementType.Float or TensorElementType.Float16 or TensorElementType.UInt8;
        if (!known || shape.Length != 4 || (shape[1] != 3 && shape[3] != 3) || shape[0] > 1)
        {
            throw Unfit("an input of one picture or a free number of them, [n, 3, height, width] or [n, height, width, 3], is needed");
        }

        return (name, input.ElementDataType, shape);
    }

    private InvalidDataException Unfit(string need)
    {
        IEnumerable<string> found = _session.InputNames.Select(
            name => $"{name} {_session.InputMetadata[name].ElementDataType} [{string.Join(", ", _session.InputMetadata[name].Dimensions)}]");
        return new($"detector '{File}' does not take pictures: {need}, got {string.Join(", ", found)}. Take another model.");
    }

    private int Size(long ofModel, int wanted, string side)
    {
        if (ofModel <= 0)
        {
            return wanted > 0 ? wanted : MetadataSize(side) ?? LongSide;
        }

        return wanted == 0 || wanted == ofModel
            ? (int)ofModel
            : throw new InvalidDataException(
                $"detector.input_{side}: '{File}' has a fixed {side} of {ofModel}, got {wanted}. Leave it out, or export the model for that size.");
    }

    // Ultralytics notes "[height, width]".
    private int? MetadataSize(string side) =>
        Metadata.TryGetValue("imgsz", out string? size) && size.Trim('[', ']').Split(',') is [string height, string width]
        && int.TryParse(side == "height" ? height : width, out int pixels) && pixels is >= 32 and <= 4096
            ? pixels
            : null;

    private static string FirstLine(Exception e) => e.Message.Split('\n')[0].Trim().TrimEnd('.');
}

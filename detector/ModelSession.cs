using System.Security.Cryptography;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Pipeline.Detector.Onnx;

namespace Pipeline.Detector;

/// <summary>A model file in an ONNX Runtime session: its one picture input, its outputs, what it runs on.</summary>
public sealed class ModelSession : IDisposable
{
    private byte[] _bytes;
    private readonly DetectorDevice _device;
    private readonly int _threads;
    private readonly RunOptions _run = new() { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
    private InferenceSession _session;

    private ModelSession(string path, byte[] bytes, DetectorOptions options, DetectorDevice device, int threads)
    {
        (File, _bytes, _device, _threads) = (path, bytes, device, threads);
        Digest = Convert.ToHexStringLower(SHA256.HashData(bytes))[..8];
        (_session, Device) = Open(bytes);
        try
        {
            (Input, Type, long[] shape) = PictureInput();
            ChannelsLast = shape[3] == 3 && shape[1] != 3;
            FixedBatch = shape[0] == 1;
            Height = Size(shape[ChannelsLast ? 1 : 2], options.InputHeight, "height");
            Width = Size(shape[ChannelsLast ? 2 : 3], options.InputWidth, "width");
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
    public string Device { get; private set; }

    /// <summary>Name of the picture input.</summary>
    public string Input { get; }

    /// <summary>Element type of the picture input.</summary>
    public TensorElementType Type { get; }

    /// <summary>Width of the input in pixels.</summary>
    public int Width { get; }

    /// <summary>Height of the input in pixels.</summary>
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
        string path, DetectorOptions options, DetectorDevice device = DetectorDevice.Auto, int threads = 0)
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

    /// <summary>Runs a batch.</summary>
    /// <param name="input">The pictures.</param>
    /// <returns>The outputs in the model's order; the caller disposes them.</returns>
    public IDisposableReadOnlyCollection<OrtValue> Run(OrtValue input) => _session.Run(_run, [Input], [input], _session.OutputNames);

    /// <summary>Opens the model again with a free first axis.</summary>
    /// <returns>False when it cannot be opened so; then nothing has changed.</returns>
    public bool TryOpenBatch()
    {
        try
        {
            (InferenceSession session, string device) = Open(BatchAxis.Open(_bytes));
            (InferenceSession before, _session, Device, FixedBatch) = (_session, session, device, false);
            before.Dispose();
            return true;
        }
        catch (InvalidDataException)
        {
            return false; // an .ort file, or a graph that does not hold together with another batch
        }
    }

    /// <summary>Goes back to the model as it is in the file, one picture at a time.</summary>
    public void CloseBatch()
    {
        _session.Dispose();
        (_session, Device) = Open(_bytes);
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

    private (InferenceSession Session, string Device) Open(byte[] bytes)
    {
        string device = "cpu";
        bool cuda = _device != DetectorDevice.Cpu;
        if (cuda && !OrtEnv.Instance().GetAvailableProviders().Contains("CUDAExecutionProvider"))
        {
            device = "cpu (this ONNX Runtime has no CUDA)";
            cuda = false;
            RefuseWithoutCuda("this ONNX Runtime was built without it");
        }

        try
        {
            if (cuda)
            {
                try
                {
                    using SessionOptions onCuda = Settings();
                    onCuda.AppendExecutionProvider_CUDA(0);
                    return (new InferenceSession(bytes, onCuda), "cuda");
                }
                catch (OnnxRuntimeException e) when (_device == DetectorDevice.Auto)
                {
                    device = $"cpu (CUDA does not start: {FirstLine(e)})";
                }
                catch (OnnxRuntimeException e)
                {
                    RefuseWithoutCuda(FirstLine(e));
                }
            }

            using SessionOptions settings = Settings();
            return (new InferenceSession(bytes, settings), device);
        }
        catch (OnnxRuntimeException e)
        {
            throw new InvalidDataException(
                $"cannot load detector '{File}' ({bytes.Length} bytes): not a whole ONNX model, or one that ONNX Runtime cannot run: {FirstLine(e)}. "
                + "Fetch or export the file again.",
                e);
        }
    }

    private void RefuseWithoutCuda(string reason)
    {
        if (_device == DetectorDevice.Cuda)
        {
            throw new InvalidDataException($"run.device: cuda was asked for and cannot be had: {reason}. Set it to auto or cpu.");
        }
    }

    private SessionOptions Settings()
    {
        // Errors come as exceptions; printed as well they would only confuse, since some are expected while batches are tried.
        SessionOptions settings = new() { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
        settings.IntraOpNumThreads = _threads == 0 ? Environment.ProcessorCount : _threads;
        settings.AddSessionConfigEntry("session.intra_op.allow_spinning", "0"); // the decoders need the cores between batches
        return settings;
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
        const int Usual = 640;
        if (ofModel <= 0)
        {
            return wanted > 0 ? wanted : MetadataSize(side) ?? Usual;
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

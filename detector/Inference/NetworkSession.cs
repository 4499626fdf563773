using Microsoft.ML.OnnxRuntime;

namespace Pipeline.Inference;

/// <summary>Opens networks in ONNX Runtime, for the detector and for re-identification alike.</summary>
public static class NetworkSession
{
    /// <summary>What <see cref="Open"/> says of a network that runs on CUDA.</summary>
    public const string OnCuda = "cuda";

    /// <summary>Opens a network.</summary>
    /// <param name="model">Bytes of an .onnx or .ort file.</param>
    /// <param name="device">What to run on.</param>
    /// <param name="threads">CPU threads inside an operator; 0 takes as many as there are cores.</param>
    /// <returns>The session, which the caller disposes, and what it runs on: <c>cuda</c>, <c>cpu</c>, or <c>cpu (why it is not CUDA)</c>.</returns>
    /// <exception cref="OnnxRuntimeException">The bytes are no whole model, or one that cannot be run.</exception>
    /// <exception cref="InvalidDataException">CUDA was asked for and does not start.</exception>
    public static (InferenceSession Session, string RunsOn) Open(byte[] model, Device device, int threads)
    {
        string runsOn = "cpu";
        if (device != Device.Cpu)
        {
            (InferenceSession? session, string problem) = TryCuda(model, threads);
            if (session is not null)
            {
                return (session, OnCuda);
            }

            runsOn = device == Device.Auto ? $"cpu ({problem})"
                : throw new InvalidDataException($"run.device: cuda was asked for and cannot be had: {problem}. Set it to auto or cpu.");
        }

        using SessionOptions options = Options(threads);
        return (new InferenceSession(model, options), runsOn);
    }

    private static (InferenceSession? Session, string Problem) TryCuda(byte[] model, int threads)
    {
        if (!OrtEnv.Instance().GetAvailableProviders().Contains("CUDAExecutionProvider"))
        {
            return (null, "this ONNX Runtime has no CUDA");
        }

        try
        {
            using SessionOptions options = Options(threads);
            options.AppendExecutionProvider_CUDA(0);
            return (new InferenceSession(model, options), "");
        }
        catch (OnnxRuntimeException e)
        {
            return (null, $"CUDA does not start: {e.Message.Split('\n')[0].Trim().TrimEnd('.')}");
        }
    }

    private static SessionOptions Options(int threads)
    {
        // Errors come as exceptions; printed as well they would only confuse, since some are expected while batches are tried.
        SessionOptions options = new() { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
        options.IntraOpNumThreads = threads == 0 ? Environment.ProcessorCount : threads;
        options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0"); // the other stages need the cores between two runs
        return options;
    }
}

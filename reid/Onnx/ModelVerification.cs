using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Pipeline.Reid.Networks;
using Pipeline.Reid.Weights;
using TorchSharp;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Pipeline.Reid.Onnx;

/// <summary>How far an output of an ONNX file is from what its weights give on libtorch.</summary>
/// <param name="Output">Name of the output.</param>
/// <param name="Deviation">Largest difference, as a share of the largest value.</param>
public sealed record OutputDeviation(string Output, double Deviation);

/// <summary>Whether an ONNX file computes what the weights compute that it was made from: the same pictures through ONNX Runtime and libtorch.</summary>
public static class ModelVerification
{
    /// <summary>Deviations up to this are rounding: sums in another order, normalisations folded into convolutions.</summary>
    public const double Tolerance = 1e-3;

    private const int Pictures = 4;

    /// <summary>Compares.</summary>
    /// <param name="onnxPath">The ONNX file.</param>
    /// <param name="weightsPath">The weights; network and input size are told from them.</param>
    /// <returns>A row for each output that both have.</returns>
    /// <exception cref="InvalidDataException">One of them cannot be read, they are of another network or input size, or libtorch is not there.</exception>
    public static IReadOnlyList<OutputDeviation> Compare(string onnxPath, string weightsPath)
    {
        WeightFile file = WeightFile.Read(weightsPath);
        ReidNetwork network = NetworkRecogniser.Recognise(file);
        IReadOnlyDictionary<string, WeightTensor> weights = NetworkWeights.From(network, file);
        float[] images = Noise(Pictures * 3 * network.Height * network.Width);
        Dictionary<string, float[]> served = Served(onnxPath, weightsPath, network, images);
        Dictionary<string, float[]> reference;
        try
        {
            reference = Reference(network, weights, images);
        }
        catch (DllNotFoundException e)
        {
            throw new InvalidDataException($"verifying needs libtorch, which cannot be loaded: {e.Message} Run ./test once, which installs it.", e);
        }

        string[] both = [.. reference.Keys.Where(served.ContainsKey)];
        return both.Length == 0
            ? throw new InvalidDataException(
                $"'{onnxPath}': its outputs {string.Join(", ", served.Keys)} are none of {string.Join(", ", reference.Keys)}. "
                + "Give a file that 'pipeline model export' wrote.")
            : [.. both.Select(name => new OutputDeviation(name, Deviation(reference[name], served[name])))];
    }

    private static Dictionary<string, float[]> Served(string onnxPath, string weightsPath, ReidNetwork network, float[] images)
    {
        try
        {
            using InferenceSession session = new(onnxPath);
            (string input, NodeMetadata shape) = session.InputMetadata.First();
            if (!shape.Dimensions.Skip(1).SequenceEqual([3, network.Height, network.Width]))
            {
                throw new InvalidDataException(
                    $"'{onnxPath}' takes [{string.Join(", ", shape.Dimensions)}], the weights '{weightsPath}' are those of {network.Name} "
                    + $"at {network.Height} x {network.Width}. Give the two that belong together.");
            }

            DenseTensor<float> pictures = new(images, [Pictures, 3, network.Height, network.Width]);
            using IDisposableReadOnlyCollection<DisposableNamedOnnxValue> results = session.Run([NamedOnnxValue.CreateFromTensor(input, pictures)]);
            return results.ToDictionary(r => r.Name, r => r.AsTensor<float>().ToArray());
        }
        catch (OnnxRuntimeException e)
        {
            throw new InvalidDataException($"'{onnxPath}': not a usable ONNX model: {e.Message.ReplaceLineEndings(" ").Trim()}", e);
        }
    }

    private static Dictionary<string, float[]> Reference(ReidNetwork network, IReadOnlyDictionary<string, WeightTensor> weights, float[] images)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable plain = no_grad();
        TorchOperations? operations = null;
        using TorchNetwork torchNetwork = new(network, weights, (root, parts, values) => operations = new TorchOperations(root, parts, values));
        torchNetwork.eval();
        Tensor map = network.Map(operations!, tensor(images, [Pictures, 3, network.Height, network.Width]));
        Tensor pooled = network.PooledFrom(operations!, map);
        Dictionary<string, float[]> outputs = new() { ["feat"] = Values(network.Compared(operations!, torchNetwork.Normalised(pooled))), ["feat_"] = Values(pooled) };
        if (network.Clip is not null)
        {
            outputs[ModelMetadata.ClipTaps] = Values(network.Clip.Apply(operations!, map));
        }

        return outputs;
    }

    private static float[] Values(Tensor tensor) => tensor.contiguous().data<float>().ToArray();

    private static double Deviation(float[] expected, float[] found)
    {
        if (expected.Length != found.Length)
        {
            return double.PositiveInfinity;
        }

        double largest = expected.Max(Math.Abs);
        double difference = expected.Zip(found, (e, f) => Math.Abs((double)e - f)).Max();
        return double.IsNaN(difference) ? double.PositiveInfinity : difference / Math.Max(largest, 1e-12);
    }

    private static float[] Noise(int count)
    {
        ulong state = 1;
        float[] values = new float[count];
        for (int i = 0; i < count; i++)
        {
            state = (state * 6364136223846793005) + 1442695040888963407;
            values[i] = ((state >> 40) / (float)(1 << 23)) - 1;
        }

        return values;
    }
}

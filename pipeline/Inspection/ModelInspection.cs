using System.Globalization;
using Microsoft.ML.OnnxRuntime;
using Pipeline.Detector;
using Pipeline.Detector.Conversion;
using Pipeline.Inference;
using Pipeline.Reid;
using Pipeline.Reid.Onnx;

namespace Pipeline.Cli.Inspection;

/// <summary>An input, an output or a weight.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Element type.</param>
/// <param name="Shape">Sizes; a question mark where they are free.</param>
internal sealed record TensorFact(string Name, string Type, string Shape);

/// <summary>What a model file holds.</summary>
/// <param name="Path">The file.</param>
/// <param name="Container"><c>onnx</c>, <c>ort</c>, <c>tfjs</c>, <c>safetensors</c>, <c>pth (zip)</c> or <c>pth (legacy)</c>.</param>
/// <param name="Facts">What to say of it, in order.</param>
/// <param name="Tensors">Inputs and outputs, or weights.</param>
internal sealed record ModelReport(string Path, string Container, IReadOnlyList<KeyValuePair<string, string>> Facts, IReadOnlyList<TensorFact> Tensors);

/// <summary>Looks into model files. Nothing in them is run but ONNX graphs.</summary>
internal static class ModelInspection
{
    /// <summary>Looks into a file; its ending says what it should be.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidDataException">It is damaged, or nothing that is known.</exception>
    public static ModelReport Of(string path) => System.IO.Path.GetExtension(path).ToLowerInvariant() switch
    {
        ".onnx" or ".ort" => Graph(path),
        ".json" => Tfjs(path),
        ".pth" or ".pt" or ".tar" or ".safetensors" => Weights(path),
        _ => throw new InvalidDataException($"'{path}': .onnx, .ort, .safetensors, .pth, .tar and model.json are known. Name such a file."),
    };

    private static ModelReport Graph(string path)
    {
        List<KeyValuePair<string, string>> facts = [];
        List<TensorFact> tensors = [];
        try
        {
            using SessionOptions options = new() { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
            using InferenceSession session = new(File.ReadAllBytes(path), options);
            tensors.AddRange(session.InputMetadata.Select(input => Fact("in: " + input.Key, input.Value)));
            tensors.AddRange(session.OutputMetadata.Select(output => Fact("out: " + output.Key, output.Value)));
            facts.Add(new("producer", $"{session.ModelMetadata.ProducerName} {session.ModelMetadata.GraphName}".Trim()));
            facts.AddRange(session.ModelMetadata.CustomMetadataMap.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => KeyValuePair.Create("metadata " + entry.Key, entry.Value)));
        }
        catch (OnnxRuntimeException e)
        {
            throw new InvalidDataException($"'{path}': not a usable ONNX model ({new FileInfo(path).Length} bytes): {e.Message.Split('\n')[0].Trim().TrimEnd('.')}. Fetch or export the file again.", e);
        }

        string? notDetector = Try(facts, () => Detector(path));
        string? notEmbedder = Try(facts, () => Embedder(path));
        if (notDetector is not null && notEmbedder is not null)
        {
            facts.Add(new("as a detector", notDetector));
            facts.Add(new("as a re-id network", notEmbedder));
        }

        return new ModelReport(path, System.IO.Path.GetExtension(path)[1..].ToLowerInvariant(), facts, tensors);
    }

    private static string? Try(List<KeyValuePair<string, string>> facts, Func<IEnumerable<KeyValuePair<string, string>>> look)
    {
        try
        {
            facts.AddRange(look());
            return null;
        }
        catch (InvalidDataException e)
        {
            return e.Message;
        }
    }

    private static List<KeyValuePair<string, string>> Detector(string path)
    {
        using OnnxPersonDetector detector = OnnxPersonDetector.Load(path, new DetectorOptions(), Device.Cpu);
        return [new("detector", $"{detector.Id}: {detector.Description}")];
    }

    private static List<KeyValuePair<string, string>> Embedder(string path)
    {
        using OnnxEmbedder embedder = OnnxEmbedder.Open(path, Device.Cpu);
        Preprocessing p = embedder.Preprocessing;
        List<KeyValuePair<string, string>> facts =
        [
            new("re-id network", $"{embedder.ModelId}, vectors of {embedder.Dimension}"),
            new("crops", string.Create(
                CultureInfo.InvariantCulture,
                $"{p.Width}x{p.Height} {(p.Bgr ? "BGR" : "RGB")} {p.Layout.ToString().ToLowerInvariant()}, {p.Interpolation}, {(p.BlackPoint > 0 ? $"darkest {100 * p.BlackPoint:0.#} % black, " : "")}x {p.Scale:0.#####}, mean {string.Join(", ", p.Mean)}, std {string.Join(", ", p.Std)}")),
            new("threshold", string.Create(CultureInfo.InvariantCulture, $"{embedder.DefaultThreshold:0.00}, while nothing is calibrated")),
        ];
        if (embedder.Notice is { } notice)
        {
            facts.Add(new("notice", notice));
        }

        return facts;
    }

    private static ModelReport Weights(string path)
    {
        WeightFacts weights = ModelFiles.Inspect(path);
        List<KeyValuePair<string, string>> facts = [new("container", weights.Container), new("parameters", weights.Parameters.ToString("#,0", CultureInfo.InvariantCulture))];
        if (weights.Network is { } network)
        {
            facts.Add(new("network", $"{network}, input {weights.InputWidth}x{weights.InputHeight}, vectors of {weights.FeatureLength}{(weights.Classes > 0 ? $", classifier of {weights.Classes}" : "")}"));
        }

        facts.AddRange(weights.Metadata.Select(entry => KeyValuePair.Create("metadata " + entry.Key, entry.Value)));
        facts.Add(new("usable", weights.Problem ?? "yes: pipeline run --reid-model takes it, pipeline model convert writes it as ONNX"));
        return new ModelReport(path, weights.Container, facts, [.. weights.Tensors.Select(tensor => new TensorFact(tensor.Name, tensor.Type.ToString(), string.Join("x", tensor.Shape)))]);
    }

    private static ModelReport Tfjs(string path)
    {
        TfjsFacts model = TfjsGraphConverter.Inspect(path);
        return new ModelReport(path, "tfjs",
        [
            new("operators", string.Join(", ", model.Operators.Select(op => $"{op.Key} {op.Value}"))),
            new("outputs", string.Join(", ", model.Outputs)),
            new("parameters", model.Parameters.ToString("#,0", CultureInfo.InvariantCulture)),
            new("usable", model.Unknown.Count == 0 ? "yes: pipeline model convert writes it as ONNX" : $"no: operators that are not known: {string.Join(", ", model.Unknown)}"),
        ], []);
    }

    private static TensorFact Fact(string name, NodeMetadata node) => new(
        name, node.ElementDataType.ToString().ToLowerInvariant(), string.Join("x", node.Dimensions.Select((size, i) => size > 0 ? size.ToString(CultureInfo.InvariantCulture) : node.SymbolicDimensions[i] is { Length: > 0 } symbol ? symbol : "?")));
}

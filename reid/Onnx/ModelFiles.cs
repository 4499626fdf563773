using System.Globalization;
using Pipeline.Reid.Networks;
using Pipeline.Reid.Weights;

namespace Pipeline.Reid.Onnx;

/// <summary>Which feature of a network is taken as the embedding.</summary>
public enum NetworkFeature
{
    /// <summary>After the batch normalisation neck (official name: feat).</summary>
    AfterNeck,

    /// <summary>Before it, as pooled (official name: feat_).</summary>
    BeforeNeck,
}

/// <summary>What a weight file holds, for people.</summary>
/// <param name="Container"><c>safetensors</c>, <c>pth (zip)</c> or <c>pth (legacy)</c>.</param>
/// <param name="Tensors">Names, types and shapes in file order.</param>
/// <param name="Parameters">Trainable values: all but running statistics and the classifier.</param>
/// <param name="Network">The network that the shapes show, such as <c>rga-sc-r50</c>; null when they are those of none.</param>
/// <param name="InputHeight">Rows of its input.</param>
/// <param name="InputWidth">Columns of its input.</param>
/// <param name="FeatureLength">Length of its feature.</param>
/// <param name="Classes">Training identities of its classifier; 0 without one.</param>
/// <param name="Metadata">What the file says of itself.</param>
/// <param name="Problem">Why no network can be made of it; null when one can.</param>
public sealed record WeightFacts(
    string Container, IReadOnlyList<PartTensor> Tensors, long Parameters, string? Network, int InputHeight, int InputWidth, int FeatureLength, int Classes,
    IReadOnlyDictionary<string, string> Metadata, string? Problem);

/// <summary>From a network's name or a weight file to an ONNX file that ONNX Runtime serves. Needs no libtorch.</summary>
public static class ModelFiles
{
    private const string ClipTaps = "clip_taps";

    /// <summary>What is said of a network that was never trained.</summary>
    public const string UntrainedNotice = "untrained weights: the network runs, its similarities mean nothing";

    /// <summary>Writes a network with seeded, untrained weights; its metadata says so.</summary>
    /// <param name="network">One of <see cref="NetworkCatalog.Names"/>.</param>
    /// <param name="onnxPath">The file; replaced as a whole.</param>
    /// <param name="height">Rows of the input.</param>
    /// <param name="width">Columns of the input.</param>
    /// <param name="seed">Seed of the weights.</param>
    /// <exception cref="ArgumentException">There is no such network, or the input does not suit it.</exception>
    public static void ExportUntrained(string network, string onnxPath, int height = 256, int width = 128, ulong seed = 0)
    {
        ReidNetwork definition = NetworkCatalog.Create(network, height, width);
        Export(definition, NetworkWeights.Seeded(definition, seed), onnxPath, notice: UntrainedNotice);
    }

    /// <summary>Writes the network that a safetensors file or a PyTorch checkpoint holds.</summary>
    /// <param name="weightsPath">The weights; network and input size are told from their shapes.</param>
    /// <param name="onnxPath">The file; replaced as a whole.</param>
    /// <param name="feature">What to take as the embedding; what the network was made for when left out.</param>
    /// <exception cref="InvalidDataException">The file cannot be used; the message lists all that does not fit.</exception>
    public static void ExportWeights(string weightsPath, string onnxPath, NetworkFeature? feature = null)
    {
        WeightFile file = WeightFile.Read(weightsPath);
        ReidNetwork network = NetworkRecogniser.Recognise(file);
        Export(network, NetworkWeights.From(network, file), onnxPath, feature, file.Metadata.GetValueOrDefault(ModelMetadata.Notice));
    }

    /// <summary>Writes a network as ONNX: opset 17, any batch, both features as outputs, what a user of the file must know in its metadata.</summary>
    /// <param name="network">The network.</param>
    /// <param name="weights">Every tensor of it by its full name.</param>
    /// <param name="onnxPath">The file; replaced as a whole.</param>
    /// <param name="feature">What to take as the embedding; what the network was made for when left out. It is the first output.</param>
    /// <param name="notice">What the user must know of the weights; null when nothing.</param>
    public static void Export(
        ReidNetwork network, IReadOnlyDictionary<string, WeightTensor> weights, string onnxPath, NetworkFeature? feature = null,
        string? notice = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(weights);
        OnnxGraph graph = new();
        OnnxOperations operations = new(graph, weights);
        graph.Inputs.Add(("images", [-1, 3, network.Height, network.Width]));
        string map = network.Map(operations, "images");
        string pooled = network.PooledFrom(operations, map);
        string compared = network.Compared(operations, network.Normalised(operations, pooled));
        feature ??= network.ServedBeforeNeck ? NetworkFeature.BeforeNeck : NetworkFeature.AfterNeck;
        string chosen = feature == NetworkFeature.AfterNeck ? "feat" : "feat_";
        foreach ((string name, string value) in new[] { ("feat", compared), ("feat_", pooled) }.OrderBy(o => o.Item1 != chosen))
        {
            graph.Rename(value, name);
            graph.Outputs.Add((name, [-1, network.FeatureLength]));
        }

        if (network.Clip is not null)
        {
            graph.Rename(network.Clip.Apply(operations, map), ClipTaps);
            graph.Outputs.Add((ClipTaps, [-1, TemporalHead.Taps]));
        }

        graph.FoldNormalisations();
        Dictionary<string, string> metadata = new()
        {
            [ModelMetadata.ModelId] = $"{network.Name}-{network.Height}x{network.Width}",
            [ModelMetadata.InputHeight] = network.Height.ToString(CultureInfo.InvariantCulture),
            [ModelMetadata.InputWidth] = network.Width.ToString(CultureInfo.InvariantCulture),
            [ModelMetadata.Mean] = Numbers(network.Preprocessing.Mean),
            [ModelMetadata.Std] = Numbers(network.Preprocessing.Std),
            [ModelMetadata.Scale] = network.Preprocessing.Scale.ToString("R", CultureInfo.InvariantCulture),
            [ModelMetadata.Colour] = network.Preprocessing.Bgr ? "bgr" : "rgb",
            [ModelMetadata.BlackPoint] = network.Preprocessing.BlackPoint.ToString("R", CultureInfo.InvariantCulture),
            [ModelMetadata.Interpolation] = network.Preprocessing.Interpolation switch
            {
                Interpolation.OpenCvLinear => "opencv_linear",
                Interpolation.PillowBicubic => "pillow_bicubic",
                _ => "pillow_bilinear",
            },
            [ModelMetadata.Feature] = chosen,
        };
        if (network.Clip is not null)
        {
            metadata[ModelMetadata.ClipTaps] = ClipTaps;
        }

        if (notice is not null)
        {
            metadata[ModelMetadata.Notice] = notice;
        }

        AtomicFile.Write(onnxPath, stream => OnnxWriter.Write(stream, graph, network.Name, metadata));
    }

    private static string Numbers(IEnumerable<float> values) => string.Join(',', values.Select(v => v.ToString(CultureInfo.InvariantCulture)));

    /// <summary>What a weight file holds. Nothing in it is run.</summary>
    /// <exception cref="InvalidDataException">The file is damaged or holds what a weight file has no need of.</exception>
    public static WeightFacts Inspect(string path)
    {
        WeightFile file = WeightFile.Read(path);
        PartTensor[] tensors = [.. file.Tensors.Select(t => new PartTensor(t.Key, t.Value.Shape, t.Value.Type))];
        string[] notTrained = [".running_mean", ".running_var", ".num_batches_tracked", "cls.weight", "fc.weight", "fc.bias"];
        long parameters = file.Tensors.Where(t => !notTrained.Any(n => t.Key.EndsWith(n, StringComparison.Ordinal))).Sum(t => t.Value.Count);
        try
        {
            ReidNetwork network = NetworkRecogniser.Recognise(file);
            string? problem = null;
            try
            {
                _ = NetworkWeights.From(network, file);
            }
            catch (InvalidDataException e)
            {
                problem = e.Message;
            }

            return new WeightFacts(
                file.Container, tensors, parameters, network.Name, network.Height, network.Width, network.FeatureLength, network.Classes,
                file.Metadata, problem);
        }
        catch (InvalidDataException e)
        {
            return new WeightFacts(file.Container, tensors, parameters, null, 0, 0, 0, 0, file.Metadata, e.Message);
        }
    }

    /// <summary>Writes a checkpoint as a safetensors file of ours, under the official keys, its network and input size in the metadata.</summary>
    /// <param name="checkpointPath">A PyTorch checkpoint, or safetensors.</param>
    /// <param name="path">The file; replaced as a whole.</param>
    /// <returns>The network.</returns>
    /// <exception cref="InvalidDataException">The file cannot be used; the message lists all that does not fit.</exception>
    public static ReidNetwork Import(string checkpointPath, string path)
    {
        WeightFile file = WeightFile.Read(checkpointPath);
        ReidNetwork network = NetworkRecogniser.Recognise(file);
        Save(network, NetworkWeights.From(network, file), path);
        return network;
    }

    /// <summary>Saves weights as safetensors, with what is needed to build the network again.</summary>
    /// <param name="network">The network.</param>
    /// <param name="weights">Its tensors.</param>
    /// <param name="path">The file; replaced as a whole.</param>
    public static void Save(ReidNetwork network, IEnumerable<KeyValuePair<string, WeightTensor>> weights, string path)
    {
        ArgumentNullException.ThrowIfNull(network);
        SafetensorsFile.Write(path, weights, new Dictionary<string, string>
        {
            ["format"] = "pt",
            ["network"] = network.Name,
            [NetworkRecogniser.HeightKey] = network.Height.ToString(CultureInfo.InvariantCulture),
            [NetworkRecogniser.WidthKey] = network.Width.ToString(CultureInfo.InvariantCulture),
        });
    }
}

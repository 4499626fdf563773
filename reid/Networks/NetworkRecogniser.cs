using System.Globalization;
using Pipeline.Reid.Weights;

namespace Pipeline.Reid.Networks;

/// <summary>Tells from keys and shapes which network a weight file belongs to, and at which input size.</summary>
public static class NetworkRecogniser
{
    /// <summary>Metadata keys of our own safetensors files.</summary>
    internal const string HeightKey = "input_height";

    /// <summary>As <see cref="HeightKey"/>.</summary>
    internal const string WidthKey = "input_width";

    /// <summary>The network of a file, with the widths and the classifier that its shapes show.</summary>
    /// <remarks>
    /// The input size is the metadata's. Without it the attention's weights tell the number of positions, not the sides: 2:1 is taken where
    /// that works, then 3:1, 5:2, 3:2 and 1:1. Without attention nothing tells the size: 256 × 128, or 384 × 128 of the adaptive network.
    /// </remarks>
    /// <param name="file">The file.</param>
    /// <exception cref="InvalidDataException">Its keys are those of no known network.</exception>
    public static ReidNetwork Recognise(WeightFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        OrderedDictionary<string, WeightTensor> tensors = Keys.Normalised(file);
        RgaHalves halves = RgaHalves.None;
        halves |= tensors.ContainsKey("backbone.rga_att1.gx_spatial.0.weight") ? RgaHalves.Spatial : 0;
        halves |= tensors.ContainsKey("backbone.rga_att1.gx_channel.0.weight") ? RgaHalves.Channel : 0;
        int classes = (tensors.TryGetValue("cls.weight", out WeightTensor? classifier) || tensors.TryGetValue("cls.0.weight", out classifier)) && classifier.Shape.Count == 2 ? (int)classifier.Shape[0] : 0;
        bool metric = tensors.ContainsKey($"{ReidNetwork.MetricKey}.weight");
        string attention = NetworkCatalog.AttentionName(halves);
        (int height, int width) = InputSize(file, tensors, halves);
        try
        {
            TemporalShape? clip = tensors.ContainsKey("clip.reduce.weight")
                ? new TemporalShape { Reduced = Size(file.Path, tensors, "clip.reduce.weight", 0), Hidden = Size(file.Path, tensors, "clip.spatial.weight", 0) }
                : null;
            if (tensors.ContainsKey("backbone.features.0.0.weight"))
            {
                string trunk = tensors.ContainsKey("backbone.features.14.conv.0.0.weight") ? "compact" : "compact-96";
                string ibn = tensors.ContainsKey("backbone.features.2.conv.0.1.IN.weight") ? "-ibn" : "";
                return NetworkCatalog.Create($"{attention}-{trunk}{ibn}", height, width, classes, Stripes(file, tensors), clip, BlackPoint(file), metric);
            }

            if (tensors.ContainsKey("regional.layer4.0.conv1.weight"))
            {
                return NetworkCatalog.Create("adaptive-r50", height, width, classes);
            }

            if (!tensors.ContainsKey("backbone.layer4.0.conv1.weight"))
            {
                throw new InvalidDataException(
                    $"{file.Path}: its {tensors.Count} keys ({string.Join(", ", tensors.Keys.Take(3))}, ...) are those of no known network. "
                    + $"Known are {string.Join(", ", NetworkCatalog.Names)}.");
            }

            ResNetShape shape = new()
            {
                Width = Size(file.Path, tensors, "backbone.conv1.weight", 0),
                Blocks = [.. Enumerable.Range(1, 4).Select(l => BlockCount(tensors, l))],
                Ibn = tensors.ContainsKey("backbone.layer1.0.bn1.IN.weight"),
            };
            bool published = shape.Width == 64 && shape.Blocks.SequenceEqual([3, 4, 6, 3]);
            string resnet = (published ? "r50" : $"resnet-w{shape.Width}-{string.Join('-', shape.Blocks)}") + (shape.Ibn ? "-ibn" : "");
            return new ReidNetwork(
                $"{attention}-{resnet}", height, width, classes,
                parts => new ResNetTrunk(parts, shape, height, width, halves, (stage, channels, rows, columns) => Geometry(file, tensors, stage, channels, rows, columns)),
                clip: clip, metric: metric);
        }
        catch (ArgumentException e)
        {
            throw new InvalidDataException($"{file.Path}: its shapes are those of no network that can be built: {e.Message}", e);
        }
    }

    // Files from before it was written down were trained without.
    private static double BlackPoint(WeightFile file) =>
        double.TryParse(file.Metadata.GetValueOrDefault(ModelMetadata.BlackPoint), CultureInfo.InvariantCulture, out double share) ? share : 0;

    private static StripeShape Stripes(WeightFile file, OrderedDictionary<string, WeightTensor> tensors)
    {
        int count = 0;
        while (tensors.ContainsKey($"head.part.{count}.weight"))
        {
            count++;
        }

        return new StripeShape
        {
            Count = count,
            StripeLength = count > 0 ? Size(file.Path, tensors, "head.part.0.weight", 0) : 0,
            WholeLength = Size(file.Path, tensors, "head.whole.weight", 0),
        };
    }

    private static RgaGeometry Geometry(WeightFile file, OrderedDictionary<string, WeightTensor> tensors, int stage, int channels, int rows, int columns)
    {
        int Of(string layer, int dimension) =>
            tensors.ContainsKey($"backbone.rga_att{stage}.{layer}.weight") ? Size(file.Path, tensors, $"backbone.rga_att{stage}.{layer}.weight", dimension) : 0;
        int channelWidth = Math.Max(Of("theta_spatial.0", 0), Of("gg_channel.0", 0));
        int positionWidth = Math.Max(Of("theta_channel.0", 0), Of("gg_spatial.0", 0));
        return new RgaGeometry(channels, rows, columns, channelWidth, positionWidth, Of("W_spatial.0", 0), Of("W_channel.0", 0));
    }

    private static (int Height, int Width) InputSize(WeightFile file, OrderedDictionary<string, WeightTensor> tensors, RgaHalves halves)
    {
        if (file.Metadata.TryGetValue(HeightKey, out string? h) && file.Metadata.TryGetValue(WidthKey, out string? w)
            && int.TryParse(h, CultureInfo.InvariantCulture, out int height) && int.TryParse(w, CultureInfo.InvariantCulture, out int width))
        {
            return (height, width);
        }

        if (halves == RgaHalves.None)
        {
            return tensors.ContainsKey("regional.layer4.0.conv1.weight") ? (384, 128) : (256, 128);
        }

        int positions = halves.HasFlag(RgaHalves.Channel)
            ? Size(file.Path, tensors, "backbone.rga_att1.theta_channel.0.weight", 1)
            : Size(file.Path, tensors, "backbone.rga_att1.gg_spatial.0.weight", 1) / 2;
        foreach ((int up, int across) in ((int, int)[])[(2, 1), (3, 1), (5, 2), (3, 2), (1, 1)])
        {
            // Positions of the first attention are a sixteenth of the pixels.
            int unit = (int)Math.Round(Math.Sqrt(positions * 16.0 / (up * across)));
            if (unit * unit * up * across == positions * 16 && unit * up % 16 == 0 && unit * across % 16 == 0)
            {
                return (unit * up, unit * across);
            }
        }

        throw new InvalidDataException(
            $"{file.Path}: its attention has {positions} positions, which are those of no usual input size. Give {HeightKey} and {WidthKey} in a safetensors file's metadata.");
    }

    private static int BlockCount(OrderedDictionary<string, WeightTensor> tensors, int layer)
    {
        int count = 0;
        while (tensors.ContainsKey($"backbone.layer{layer}.{count}.conv1.weight"))
        {
            count++;
        }

        return count;
    }

    private static int Size(string path, OrderedDictionary<string, WeightTensor> tensors, string key, int dimension) =>
        tensors.TryGetValue(key, out WeightTensor? tensor) && dimension < tensor.Shape.Count
            ? (int)tensor.Shape[dimension]
            : throw new InvalidDataException($"{path}: {key} is missing or has too few dimensions, so it cannot be told which network this is. Take a checkpoint that holds the whole network.");
}

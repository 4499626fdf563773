using System.Globalization;
using Pipeline.Reid.Networks;
using Pipeline.Reid.Weights;

namespace Pipeline.Reid.Training;

/// <summary>The weight file that a training leaves: with what is needed to build the network and prepare its pictures, and where the weights came from.</summary>
public static class TrainedNetwork
{
    /// <summary>Saves weights as safetensors.</summary>
    /// <param name="path">The file; what was there before stays there until the new one is whole and on the disk.</param>
    /// <param name="network">The network.</param>
    /// <param name="weights">Its tensors.</param>
    /// <param name="about">More for the metadata.</param>
    public static void Save(
        string path, ReidNetwork network, IEnumerable<KeyValuePair<string, WeightTensor>> weights, IReadOnlyDictionary<string, string> about)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(about);
        Preprocessing how = network.Preprocessing;
        Dictionary<string, string> metadata = new(about)
        {
            ["format"] = "pt",
            ["network"] = network.Name,
            [ModelMetadata.InputHeight] = Text(network.Height),
            [ModelMetadata.InputWidth] = Text(network.Width),
            [ModelMetadata.Mean] = string.Join(',', how.Mean.Select(m => m.ToString(CultureInfo.InvariantCulture))),
            [ModelMetadata.Std] = string.Join(',', how.Std.Select(s => s.ToString(CultureInfo.InvariantCulture))),
            [ModelMetadata.Scale] = how.Scale.ToString(CultureInfo.InvariantCulture),
            [ModelMetadata.Colour] = how.Bgr ? "bgr" : "rgb",
            [ModelMetadata.BlackPoint] = how.BlackPoint.ToString(CultureInfo.InvariantCulture),
            ["classes"] = Text(network.Classes),
        };
        SafetensorsFile.Write(path, weights, metadata);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}

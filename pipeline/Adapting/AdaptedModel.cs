using System.Globalization;
using Pipeline.Cli.Summary;
using Pipeline.Inference;
using Pipeline.Reid;
using Pipeline.Reid.Adapting;
using Pipeline.Reid.Onnx;
using Pipeline.Reid.Training;

namespace Pipeline.Cli.Adapting;

/// <summary>The files that an adaptation leaves.</summary>
/// <param name="folder">Where they go.</param>
internal sealed class AdaptedModel(string folder)
{
    /// <summary>The weights, kept or not.</summary>
    public string Weights { get; } = Path.Combine(folder, "adapted.safetensors");

    /// <summary>The model to run with; absent when the old one is kept.</summary>
    public string Onnx { get; } = Path.Combine(folder, "adapted.onnx");

    /// <summary>The page.</summary>
    public string Report { get; } = Path.Combine(folder, "report.html");

    private string Manifest => Path.Combine(folder, "adapted.manifest.yaml");

    /// <summary>Writes weights and manifest, and, where it is better than the old one, the model with its settings.</summary>
    /// <param name="result">What the adaptation gave.</param>
    /// <param name="old">The old model's file.</param>
    /// <param name="threshold">The old model's threshold.</param>
    /// <param name="about">Where it comes from.</param>
    public void Write(AdaptationResult result, string old, float threshold, IReadOnlyDictionary<string, string> about)
    {
        PrivateFile.CreateFolder(folder);
        TrainedNetwork.Save(Weights, result.Network, result.Weights, about);
        if (result.Comparison.Improved)
        {
            ModelFiles.Export(result.Network, result.Weights, Onnx);
            Text(Path.ChangeExtension(Onnx, ".yaml"), Settings(old, result.Comparison.Carried(threshold)));
        }

        Text(Manifest, string.Join('\n', about.OrderBy(line => line.Key, StringComparer.Ordinal).Select(line => $"{line.Key}: \"{line.Value.Replace("\"", "'", StringComparison.Ordinal)}\"").Append($"kept: {(result.Comparison.Improved ? "the adapted model" : "the old model")}")) + "\n");
    }

    /// <summary>Where a model comes from, for metadata and manifest.</summary>
    /// <param name="result">What the adaptation gave.</param>
    /// <param name="old">The old model's file.</param>
    /// <param name="site">What was learned from.</param>
    /// <param name="source">The source; null without.</param>
    /// <param name="options">Options in force.</param>
    public static Dictionary<string, string> About(AdaptationResult result, string old, string site, string? source, AdaptationOptions options)
    {
        SelfCheckComparison check = result.Comparison;
        static string Number(IFormattable number, string format) => number.ToString(format, CultureInfo.InvariantCulture);
        return new Dictionary<string, string>
        {
            ["adapted_from"] = $"{Path.GetFileName(old)} (sha256 {ShortDigest.OfFile(old)}...)",
            ["adapted_on"] = $"{site}: {result.Learned} unlabelled tracks, {result.Pictures} pictures",
            ["source"] = source is null ? "none" : $"{Path.GetFileName(Path.TrimEndingDirectorySeparator(source))}: {result.SourcePeople} people",
            ["length"] = $"{options.Epochs} epochs of {options.Steps} steps, learning rate {Number(options.LearningRate, "g3")}, seed {options.Seed}",
            ["self_check"] = $"separation {Number(check.Before.Separation, "0.00")} to {Number(check.After.Separation, "0.00")}, gain {Number(check.Low, "+0.00;-0.00")} to {Number(check.High, "+0.00;-0.00")} (95 %), {check.Before.Same} tracks",
            ["licence"] = "the weights have learned from recordings of people: pass them on only as you may pass on those",
        };
    }

    // What the old model says of itself holds for the new one, but for the threshold.
    private static string Settings(string old, float threshold)
    {
        string beside = Path.ChangeExtension(old, ".yaml");
        IEnumerable<string> kept = File.Exists(beside)
            ? File.ReadLines(beside).Where(line => line.Length > 0 && !line.StartsWith('#') && !line.StartsWith(ModelMetadata.Threshold, StringComparison.Ordinal))
            : [];
        IEnumerable<string> lines = kept
            .Prepend("# Read with adapted.onnx. The threshold keeps the old one's place among people in view at once; 'pipeline calibrate' measures it.")
            .Append(FormattableString.Invariant($"{ModelMetadata.Threshold}: {threshold:0.000}"));
        return string.Join('\n', lines) + "\n";
    }

    private static void Text(string path, string text) => AtomicFile.Write(path, stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(text)));
}

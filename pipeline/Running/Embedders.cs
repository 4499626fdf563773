using Pipeline.Inference;
using Pipeline.Reid;
using Pipeline.Reid.Networks;
using Pipeline.Reid.Onnx;

namespace Pipeline.Cli.Running;

/// <summary>Opens the embedder that the settings name: the shipped one, <c>colour</c>, a network by its name, or a file.</summary>
internal static class Embedders
{
    private static readonly string[] WeightFiles = [".pth", ".tar", ".safetensors"];

    /// <summary>Opens one.</summary>
    /// <param name="options">Settings; a file is given by its path.</param>
    /// <param name="device">Where it runs.</param>
    /// <param name="threads">CPU threads.</param>
    /// <exception cref="InvalidDataException">There is no such model, or its file cannot be used.</exception>
    public static IEmbedder Open(ReidOptions options, Device device, int threads)
    {
        if (options.Model == ShippedModel.Name && ShippedModel.Exists)
        {
            return OnnxEmbedder.Open(ShippedModel.Path, device, threads, options.Flip);
        }

        if (options.Model is ColourEmbedder.Name or ShippedModel.Name)
        {
            return new ColourEmbedder();
        }

        if (NetworkCatalog.Names.Contains(options.Model))
        {
            return OnnxEmbedder.Open(Exported($"{options.Model}-untrained", path => ModelFiles.ExportUntrained(options.Model, path)), device, threads, options.Flip);
        }

        if (!File.Exists(options.Model))
        {
            throw new InvalidDataException(
                $"reid.model '{options.Model}': no such file, and no network of that name. Name an .onnx, .pth or .safetensors file, "
                + $"'{ShippedModel.Name}', '{ColourEmbedder.Name}', or one of {string.Join(", ", NetworkCatalog.Names)}.");
        }

        string path = WeightFiles.Contains(Path.GetExtension(options.Model), StringComparer.OrdinalIgnoreCase)
            ? Exported($"{Path.GetFileNameWithoutExtension(options.Model)}-{ShortDigest.OfFile(options.Model)}", onnx => ModelFiles.ExportWeights(options.Model, onnx))
            : options.Model;
        return OnnxEmbedder.Open(path, device, threads, options.Flip);
    }

    // ONNX Runtime serves every network; one that comes as weights is exported once and kept in the cache, until the program that writes it is another.
    private static string Exported(string name, Action<string> export)
    {
        string path = Path.Combine(Doctor.DoctorChecks.CacheFolder(), "networks", $"{name}-{typeof(ModelFiles).Module.ModuleVersionId.ToString("N")[..8]}.onnx");
        if (!File.Exists(path))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            export(path);
        }

        return path;
    }
}

namespace Pipeline.Reid;

/// <summary>From the name in the settings to the embedder.</summary>
public static class Embedders
{
    /// <summary>Opens <c>colour</c> or an ONNX file.</summary>
    /// <param name="options">What is wanted.</param>
    /// <param name="device">Where networks run.</param>
    /// <param name="threads">Threads of ONNX Runtime inside an operator; 0 lets it choose. Without influence on results.</param>
    /// <exception cref="InvalidDataException">The name is neither, or the file cannot be used.</exception>
    public static IEmbedder Open(ReidOptions options, EmbedDevice device = EmbedDevice.Auto, int threads = 0)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Model == ColourEmbedder.Name)
        {
            return new ColourEmbedder();
        }

        return options.Model.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase)
            ? OnnxEmbedder.Open(options.Model, device, threads, options.Flip)
            : throw new InvalidDataException($"reid.model: '{options.Model}' is neither '{ColourEmbedder.Name}' nor a file ending in .onnx. Correct it, or leave it out to get '{ColourEmbedder.Name}'.");
    }
}

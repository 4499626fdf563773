namespace Pipeline.Reid;

/// <summary>The network that comes with the program: its ONNX file, the settings beside it, and the manifest that says what it learned from.</summary>
public static class ShippedModel
{
    /// <summary>What the settings call it.</summary>
    public const string Name = "default";

    /// <summary>The ONNX file, beside the program.</summary>
    public static string Path { get; } = System.IO.Path.Combine(AppContext.BaseDirectory, "models", "default.onnx");

    /// <summary>Whether it is there: a build without it falls back to <see cref="ColourEmbedder"/>, and says so.</summary>
    public static bool Exists => File.Exists(Path);
}

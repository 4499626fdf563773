namespace OpenCvSharp;

/// <summary>Placeholder until the bridge lands.</summary>
public sealed class Mat : IDisposable
{
    /// <summary>Width.</summary>
    public int Width { get; init; }

    /// <summary>Height.</summary>
    public int Height { get; init; }

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}

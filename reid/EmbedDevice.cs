namespace Pipeline.Reid;

/// <summary>Where the embedder runs.</summary>
public enum EmbedDevice
{
    /// <summary>CUDA when it starts, else the CPU.</summary>
    Auto,

    /// <summary>The CPU.</summary>
    Cpu,

    /// <summary>CUDA, or an error.</summary>
    Cuda,
}

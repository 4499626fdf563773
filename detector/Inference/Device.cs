namespace Pipeline.Inference;

/// <summary>What networks run on.</summary>
public enum Device
{
    /// <summary>The first CUDA device when it starts, else the CPU; what was chosen and why is told.</summary>
    Auto,

    /// <summary>The CPU.</summary>
    Cpu,

    /// <summary>The first CUDA device; an error when it does not start.</summary>
    Cuda,
}

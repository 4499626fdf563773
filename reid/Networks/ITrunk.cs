namespace Pipeline.Reid.Networks;

/// <summary>What lies between the picture and the global pooling.</summary>
public interface ITrunk
{
    /// <summary>Channels of the last map.</summary>
    int Channels { get; }

    /// <summary>What it wants its pictures to be normalised with; sizes are the network's.</summary>
    Preprocessing Preprocessing { get; }

    /// <summary>(B, 3, H, W) to the last map.</summary>
    T Apply<T>(IOperations<T> ops, T images);
}

namespace Pipeline.Reid.Networks;

/// <summary>What lies between the picture and the global pooling.</summary>
public interface ITrunk
{
    /// <summary>Channels of the last map: the length of the feature.</summary>
    int Channels { get; }

    /// <summary>(B, 3, H, W) to the last map.</summary>
    T Apply<T>(IOperations<T> ops, T images);
}

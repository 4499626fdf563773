namespace Pipeline.Reid.Networks;

/// <summary>What lies between the last map and the neck.</summary>
public interface IHead
{
    /// <summary>Length of the feature.</summary>
    int Length { get; }

    /// <summary>Lengths of the pieces that are trained by themselves, each with its classifier and its triplets; they make up the feature.</summary>
    IReadOnlyList<int> Branches => [Length];

    /// <summary>Whether the feature before the neck is the one to compare people by.</summary>
    bool ServedBeforeNeck => false;

    /// <summary>The normalisation behind the head.</summary>
    BatchNorm Neck(string key) => new(key, Length, OfVectors: true) { FrozenShift = true };

    /// <summary>The last map (B, C, H, W) to the feature (B, <see cref="Length"/>).</summary>
    T Apply<T>(IOperations<T> ops, T map);
}

/// <summary>Global average pooling: the feature is as long as the map has channels.</summary>
/// <param name="Length">Channels of the map.</param>
public sealed record MeanHead(int Length) : IHead
{
    /// <inheritdoc/>
    public T Apply<T>(IOperations<T> ops, T map)
    {
        ArgumentNullException.ThrowIfNull(ops);
        return ops.Mean(map, [2, 3], keep: false);
    }
}

namespace Pipeline.Reid.Networks;

/// <summary>The widths of a <see cref="TemporalHead"/>.</summary>
public sealed record TemporalShape
{
    /// <summary>Channels that the map is reduced to before all of it is looked at. Default 32.</summary>
    public int Reduced { get; init; } = 32;

    /// <summary>Numbers that describe a frame for the attention. Default 256.</summary>
    public int Hidden { get; init; } = 256;
}

/// <summary>
/// The part of temporal attention (Gao and Nevatia 2018, arXiv 1805.02104) that looks at one frame: reduced, the whole map becomes some numbers,
/// and these three, which say what the frame speaks for the frame after it, itself and the one before it.
/// </summary>
/// <remarks>
/// Published: a convolution over the whole map, then one over time with kernel 3. A frame's share in the second is a product by itself, so it is
/// taken here, and what is left for the clip is to add three numbers (<see cref="TemporalAttention.Weigh(ReadOnlySpan{float}, AttentionGeneration, Span{float})"/>).
/// </remarks>
public sealed class TemporalHead
{
    /// <summary>Numbers per frame.</summary>
    public const int Taps = 3;

    private readonly Convolution _reduce;
    private readonly Projection _spatial;
    private readonly Projection _temporal;
    private readonly int _mapLength;

    /// <summary>Puts the head together.</summary>
    /// <param name="parts">Receives the parts, under <c>clip.</c>.</param>
    /// <param name="channels">Channels of the map.</param>
    /// <param name="rows">Rows of the map.</param>
    /// <param name="columns">Columns of the map.</param>
    /// <param name="shape">Its widths.</param>
    public TemporalHead(PartList parts, int channels, int rows, int columns, TemporalShape shape)
    {
        ArgumentNullException.ThrowIfNull(parts);
        ArgumentNullException.ThrowIfNull(shape);
        _mapLength = shape.Reduced * rows * columns;
        _reduce = parts.Add(new Convolution("clip.reduce", channels, shape.Reduced) { Bias = true });
        _spatial = parts.Add(new Projection("clip.spatial", _mapLength, shape.Hidden) { Bias = true });
        _temporal = parts.Add(new Projection("clip.temporal", shape.Hidden, Taps) { Bias = true });
    }

    /// <summary>A frame's last map (B, C, H, W) to what it speaks for itself and its neighbours (B, 3).</summary>
    public T Apply<T>(IOperations<T> ops, T map)
    {
        ArgumentNullException.ThrowIfNull(ops);
        T reduced = ops.Reshape(ops.Relu(ops.Convolve(_reduce, map)), _mapLength);
        return ops.Project(_temporal, ops.Relu(ops.Project(_spatial, reduced)));
    }
}

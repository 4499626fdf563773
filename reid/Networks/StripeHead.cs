namespace Pipeline.Reid.Networks;

/// <summary>How long the pieces of a <see cref="StripeHead"/> are.</summary>
public sealed record StripeShape
{
    /// <summary>Horizontal stripes, 0 to the rows of the map. Default 4.</summary>
    public int Count { get; init; } = 4;

    /// <summary>Numbers that describe one stripe. Default 128.</summary>
    public int StripeLength { get; init; } = 128;

    /// <summary>Numbers that describe the whole map. Default 256.</summary>
    public int WholeLength { get; init; } = 256;

    /// <summary>Length of the feature.</summary>
    public int Length => (Count * StripeLength) + WholeLength;
}

/// <summary>The map's mean in each of some horizontal stripes, and over all of it, each reduced by a matrix of its own: head, chest, legs and feet, and the whole.</summary>
public sealed class StripeHead : IHead
{
    private readonly List<(int Start, int Count, Projection Projection)> _stripes = [];
    private readonly Projection _whole;

    /// <summary>Puts the head together.</summary>
    /// <param name="parts">Receives the parts, under <c>head.</c>.</param>
    /// <param name="channels">Channels of the map.</param>
    /// <param name="rows">Rows of the map. Where they cannot be shared out evenly, neighbouring stripes have a row in common.</param>
    /// <param name="shape">Number and lengths.</param>
    /// <exception cref="ArgumentException">There are more stripes than rows.</exception>
    public StripeHead(PartList parts, int channels, int rows, StripeShape shape)
    {
        ArgumentNullException.ThrowIfNull(parts);
        ArgumentNullException.ThrowIfNull(shape);
        if (shape.Count < 0 || shape.Count > rows)
        {
            throw new ArgumentException($"a map of {rows} rows has 0 to {rows} stripes, got {shape.Count}", nameof(shape));
        }

        for (int i = 0; i < shape.Count; i++)
        {
            int start = i * rows / shape.Count;
            int end = (((i + 1) * rows) + shape.Count - 1) / shape.Count;
            _stripes.Add((start, end - start, parts.Add(new Projection($"head.part.{i}", channels, shape.StripeLength))));
        }

        _whole = parts.Add(new Projection("head.whole", channels, shape.WholeLength));
        Length = shape.Length;
    }

    /// <inheritdoc/>
    public int Length { get; }

    /// <inheritdoc/>
    public T Apply<T>(IOperations<T> ops, T map)
    {
        ArgumentNullException.ThrowIfNull(ops);
        IEnumerable<T> stripes = _stripes.Select(s => ops.Project(s.Projection, ops.Mean(ops.Rows(map, s.Start, s.Count), [2, 3], keep: false)));
        return ops.Concatenate([.. stripes, ops.Project(_whole, ops.Mean(map, [2, 3], keep: false))]);
    }
}

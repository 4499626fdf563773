namespace Pipeline.Reid.Networks;

/// <summary>
/// The head of the network of adaptive L2 regularisation (Ni et al., ICPR 2020): ResNet's last layer twice, once for the whole picture and once
/// for its upper and its lower half, which a 3 × 3 convolution each reduces. Pooled vectors are clipped to 0..1 and stand one behind the other.
/// </summary>
public sealed class AdaptiveHead : IHead
{
    private const int Inputs = 1024;
    private const int Width = 512;
    private const int Outputs = 4 * Width;
    private const int RegionLength = 1024;

    private readonly Bottleneck[] _global;
    private readonly Bottleneck[] _regional;
    private readonly Convolution[] _regions;
    private readonly int _rows;

    /// <summary>Puts the head together.</summary>
    /// <param name="parts">Receives the parts: <c>backbone.layer4</c>, <c>regional.layer4</c> and <c>regional.part</c>.</param>
    /// <param name="rows">Rows of the map that comes in.</param>
    public AdaptiveHead(PartList parts, int rows)
    {
        ArgumentNullException.ThrowIfNull(parts);
        _rows = rows;
        _global = Layer(parts, "backbone.layer4");
        _regional = Layer(parts, "regional.layer4");
        _regions = [.. Enumerable.Range(0, 2).Select(i => parts.Add(
            new Convolution($"regional.part.{i}", Outputs, RegionLength, Kernel: 3, Padding: 1) { Bias = true }))];
    }

    /// <inheritdoc/>
    public int Length => Outputs + (2 * RegionLength);

    /// <inheritdoc/>
    public IReadOnlyList<int> Branches => [Outputs, RegionLength, RegionLength];

    /// <inheritdoc/>
    public bool ServedBeforeNeck => true;

    /// <inheritdoc/>
    public BatchNorm Neck(string key) => new(key, Length, OfVectors: true) { Epsilon = 2e-5 };

    /// <inheritdoc/>
    public T Apply<T>(IOperations<T> ops, T map)
    {
        ArgumentNullException.ThrowIfNull(ops);
        T whole = _global.Aggregate(map, (x, block) => block.Apply(ops, x));
        T regional = _regional.Aggregate(map, (x, block) => block.Apply(ops, x));
        int upper = _rows / 2;
        T Region(int i, int start, int count) => Pooled(ops, ops.Relu(ops.Convolve(_regions[i], ops.Rows(regional, start, count))));
        return ops.Concatenate(Pooled(ops, whole), Region(0, 0, upper), Region(1, upper, _rows - upper));
    }

    private static T Pooled<T>(IOperations<T> ops, T map) => ops.Clamp(ops.Mean(map, [2, 3], keep: false), 0, 1);

    private static Bottleneck[] Layer(PartList parts, string key) =>
        [.. Enumerable.Range(0, 3).Select(b => new Bottleneck(parts, $"{key}.{b}", b == 0 ? Inputs : Outputs, Width, stride: 1, ibn: false, shortcut: b == 0))];
}

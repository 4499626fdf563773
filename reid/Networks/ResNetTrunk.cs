namespace Pipeline.Reid.Networks;

/// <summary>The shape of a ResNet of bottlenecks; ResNet-50 unless something is set.</summary>
public sealed record ResNetShape
{
    /// <summary>Channels after the stem, and width of the first layer. Default 64.</summary>
    public int Width { get; init; } = 64;

    /// <summary>Bottlenecks in each of the layers, four or fewer. Default 3, 4, 6, 3.</summary>
    public IReadOnlyList<int> Blocks { get; init; } = [3, 4, 6, 3];

    /// <summary>Whether layers 1 to 3 normalise half of their channels by instance (IBN-a). Default false.</summary>
    public bool Ibn { get; init; }
}

/// <summary>ResNet with the last stride at 1, as re-identification uses it, and an attention module after each layer.</summary>
public sealed class ResNetTrunk : ITrunk
{
    private readonly Convolution _conv1;
    private readonly BatchNorm _bn1;
    private readonly List<Bottleneck>[] _layers = [[], [], [], []];
    private readonly RgaModule?[] _attention = new RgaModule?[4];

    /// <summary>Puts the trunk together.</summary>
    /// <param name="parts">Receives the parts, under <c>backbone.</c>.</param>
    /// <param name="shape">Widths and depths.</param>
    /// <param name="height">Rows of the input, a multiple of 16.</param>
    /// <param name="width">Columns of the input, a multiple of 16.</param>
    /// <param name="halves">The attention after each layer.</param>
    /// <param name="geometry">Widths of the attention from channels, rows and columns; the published ones, where they fit, when left out.</param>
    public ResNetTrunk(
        PartList parts, ResNetShape shape, int height, int width, RgaHalves halves, Func<int, int, int, int, RgaGeometry>? geometry = null)
    {
        ArgumentNullException.ThrowIfNull(parts);
        ArgumentNullException.ThrowIfNull(shape);
        geometry ??= (_, channels, rows, columns) => RgaGeometry.Fitting(channels, rows, columns);
        int stem = shape.Width;
        _conv1 = parts.Add(new Convolution("backbone.conv1", 3, stem, Kernel: 7, Stride: 2, Padding: 3));
        _bn1 = parts.Add(new BatchNorm("backbone.bn1", stem));
        int channels = stem;
        for (int l = 0; l < shape.Blocks.Count; l++)
        {
            for (int b = 0; b < shape.Blocks[l]; b++)
            {
                int stride = b == 0 && l is 1 or 2 ? 2 : 1;
                _layers[l].Add(new Bottleneck(parts, $"backbone.layer{l + 1}.{b}", channels, stem << l, stride, ibn: shape.Ibn && l < 3, shortcut: b == 0));
                channels = (stem << l) * 4;
            }
        }

        for (int l = 0; l < shape.Blocks.Count && halves != RgaHalves.None; l++)
        {
            int reduction = Math.Min(4 << l, 16);
            RgaGeometry widths = geometry(l + 1, (stem << l) * 4, height / reduction, width / reduction);
            _attention[l] = new RgaModule(parts, $"backbone.rga_att{l + 1}", widths, halves);
        }

        Channels = channels;
    }

    /// <inheritdoc/>
    public int Channels { get; }

    /// <inheritdoc/>
    public Preprocessing Preprocessing { get; } = new();

    /// <inheritdoc/>
    public T Apply<T>(IOperations<T> ops, T images)
    {
        ArgumentNullException.ThrowIfNull(ops);
        T x = ops.Relu(ops.Normalise(_bn1, ops.Convolve(_conv1, images)));
        x = ops.MaxPool(x, kernel: 3, stride: 2, padding: 1);
        for (int l = 0; l < 4; l++)
        {
            foreach (Bottleneck block in _layers[l])
            {
                x = block.Apply(ops, x);
            }

            x = _attention[l] is { } attention ? attention.Apply(ops, x) : x;
            x = l < 2 ? ops.Restyle(x) : x;
        }

        return x;
    }
}

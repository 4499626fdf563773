namespace Pipeline.Reid.Networks;

/// <summary>
/// MobileNetV2 1.0 (arXiv 1801.04381, table 2) without its last convolution and with the 160-channel stage at stride 1, so that the last
/// map is as fine as ResNet's; an attention module after the stages of strides 4, 8 and 16 and after the last. Keys as in torchvision, padding
/// as TensorFlow's SAME, because the weights that start it (<see cref="CompactStart"/>) were trained with it.
/// </summary>
public sealed class CompactTrunk : ITrunk
{
    // Expansion, channels, blocks, stride, and the number of the attention module after the stage.
    private static readonly (int Expansion, int Channels, int Blocks, int Stride, int Attention)[] s_stages =
    [
        (1, 16, 1, 1, 0), (6, 24, 2, 2, 1), (6, 32, 3, 2, 2), (6, 64, 4, 2, 0), (6, 96, 3, 1, 3), (6, 160, 3, 1, 0), (6, 320, 1, 1, 4),
    ];

    private readonly Convolution _stem;
    private readonly BatchNorm _stemNorm;
    private readonly List<(InvertedResidual Block, int Attention)> _blocks = [];
    private readonly Dictionary<int, RgaModule> _attention = [];

    /// <summary>Puts the trunk together.</summary>
    /// <param name="parts">Receives the parts, under <c>backbone.</c>.</param>
    /// <param name="height">Rows of the input, a multiple of 16.</param>
    /// <param name="width">Columns of the input, a multiple of 16.</param>
    /// <param name="shape">Depth and attention.</param>
    public CompactTrunk(PartList parts, int height, int width, CompactShape shape)
    {
        ArgumentNullException.ThrowIfNull(parts);
        ArgumentNullException.ThrowIfNull(shape);
        if (shape.Stages is not (5 or 7))
        {
            throw new ArgumentException($"the compact trunk has 5 or 7 stages, got {shape.Stages}", nameof(shape));
        }

        Shape = shape;
        RgaHalves halves = shape.Attention;
        _stem = parts.Add(Three("backbone.features.0.0", 3, 32, stride: 2));
        _stemNorm = parts.Add(new BatchNorm("backbone.features.0.1", 32));
        List<(int Number, int Channels, int Reduction)> attended = [];
        int channels = 32;
        int reduction = 2;
        foreach ((int expansion, int outputs, int blocks, int stride, int attention) in s_stages[..shape.Stages])
        {
            for (int b = 0; b < blocks; b++)
            {
                string key = $"backbone.features.{_blocks.Count + 1}";
                InvertedResidual block = new(parts, key, channels, outputs, b == 0 ? stride : 1, expansion, ibn: shape.Ibn && outputs is >= 24 and <= 64);
                _blocks.Add((block, b == blocks - 1 ? attention : 0));
                channels = outputs;
            }

            reduction *= stride;
            attended.Add((attention, outputs, reduction));
        }

        foreach ((int number, int outputs, int at) in attended.Where(a => a.Number > 0 && halves != RgaHalves.None))
        {
            // 24 channels over 8 are 3: too few to tell relations apart. 6 embeddings and 2 hidden channels are the least here.
            RgaGeometry widths = RgaGeometry.Fitting(outputs, height / at, width / at, leastWidth: 6, leastHidden: 2);
            _attention.Add(number, new RgaModule(parts, $"backbone.rga_att{number}", widths, halves, neutral: true));
        }

        Channels = channels;
    }

    /// <summary>What was chosen of it.</summary>
    public CompactShape Shape { get; }

    /// <inheritdoc/>
    public int Channels { get; }

    /// <summary>Pixels from -1 to 1, as for the network that <see cref="CompactStart"/> takes its weights from, black levels taken off before.</summary>
    public Preprocessing Preprocessing => new() { Mean = [0.5f, 0.5f, 0.5f], Std = [0.5f, 0.5f, 0.5f], BlackPoint = Shape.BlackPoint };

    /// <inheritdoc/>
    public T Apply<T>(IOperations<T> ops, T images)
    {
        ArgumentNullException.ThrowIfNull(ops);
        T x = Activate(ops, ops.Normalise(_stemNorm, ops.Convolve(_stem, images)));
        foreach ((InvertedResidual block, int attention) in _blocks)
        {
            x = block.Apply(ops, x);
            x = _attention.TryGetValue(attention, out RgaModule? module) ? module.Apply(ops, x) : x;
            x = attention is 1 or 2 ? ops.Restyle(x) : x;
        }

        return x;
    }

    // The published trunk clips at 6. Without the clip its untrained features find people as well (RESULTS.md), and on CPUs a training step in
    // bfloat16 takes two thirds of the time.
    private static T Activate<T>(IOperations<T> ops, T x) => ops.Relu(x);

    // Halving an even size, TensorFlow puts the one zero that it needs behind the map.
    private static Convolution Three(string key, int inputs, int outputs, int stride, int groups = 1) =>
        new(key, inputs, outputs, Kernel: 3, Stride: stride, Padding: stride == 1 ? 1 : 0, Groups: groups) { PaddingAfter = 1 };

    /// <summary>1 × 1 up, depthwise 3 × 3, 1 × 1 down without activation; a shortcut where shapes allow it.</summary>
    private sealed class InvertedResidual
    {
        private readonly Convolution? _expand;
        private readonly BatchNorm? _expandNorm;
        private readonly IbnNorm? _expandIbn;
        private readonly Convolution _depthwise;
        private readonly BatchNorm _depthwiseNorm;
        private readonly Convolution _project;
        private readonly BatchNorm _projectNorm;
        private readonly bool _shortcut;

        internal InvertedResidual(PartList parts, string key, int inputs, int outputs, int stride, int expansion, bool ibn)
        {
            int hidden = inputs * expansion;
            int at = expansion == 1 ? 0 : 1;
            if (expansion > 1)
            {
                _expand = parts.Add(new Convolution($"{key}.conv.0.0", inputs, hidden));
                _expandIbn = ibn ? new IbnNorm(parts, $"{key}.conv.0.1", hidden) : null;
                _expandNorm = ibn ? null : parts.Add(new BatchNorm($"{key}.conv.0.1", hidden));
            }

            _depthwise = parts.Add(Three($"{key}.conv.{at}.0", hidden, hidden, stride, groups: hidden));
            _depthwiseNorm = parts.Add(new BatchNorm($"{key}.conv.{at}.1", hidden));
            _shortcut = stride == 1 && inputs == outputs;

            // No activation halves what comes out here, and a shortcut adds it to what was there: untrained, the map must not grow from block to block.
            _project = parts.Add(new Convolution($"{key}.conv.{at + 1}", hidden, outputs) { InitialGain = _shortcut ? 0.3 : 3 });
            _projectNorm = parts.Add(new BatchNorm($"{key}.conv.{at + 2}", outputs));
        }

        internal T Apply<T>(IOperations<T> ops, T x)
        {
            T y = x;
            if (_expand is not null)
            {
                y = ops.Convolve(_expand, x);
                y = Activate(ops, _expandNorm is null ? _expandIbn!.Apply(ops, y) : ops.Normalise(_expandNorm, y));
            }

            y = Activate(ops, ops.Normalise(_depthwiseNorm, ops.Convolve(_depthwise, y)));
            y = ops.Normalise(_projectNorm, ops.Convolve(_project, y));
            return _shortcut ? ops.Add(x, y) : y;
        }
    }
}

namespace Pipeline.Reid.Networks;

/// <summary>Which halves of the attention there are.</summary>
[Flags]
public enum RgaHalves
{
    /// <summary>No attention.</summary>
    None = 0,

    /// <summary>RGA-S: each position is weighed by its relations to all positions.</summary>
    Spatial = 1,

    /// <summary>RGA-C: each channel is weighed by its relations to all channels.</summary>
    Channel = 2,

    /// <summary>RGA-SC: first S, then C on what S gave.</summary>
    Both = 3,
}

/// <summary>Relation-aware global attention (Zhang et al., CVPR 2020) on one map. There is no residual: the output is attention times input.</summary>
public sealed class RgaModule
{
    private readonly RgaGeometry _geometry;
    private readonly Half? _spatial;
    private readonly Half? _channel;

    /// <summary>Puts the module together, its parts in the order of official files.</summary>
    /// <param name="parts">Receives the parts.</param>
    /// <param name="key">Key of the module; empty at the top.</param>
    /// <param name="geometry">Its widths.</param>
    /// <param name="halves">Which attentions it has.</param>
    /// <param name="neutral">Whether an untrained module lets everything pass nearly unchanged, so that the trunk around it keeps what it learnt before.</param>
    public RgaModule(PartList parts, string key, RgaGeometry geometry, RgaHalves halves, bool neutral = false)
    {
        ArgumentNullException.ThrowIfNull(parts);
        _geometry = geometry ?? throw new ArgumentNullException(nameof(geometry));
        string lead = key is "" ? "" : key + ".";
        RgaGeometry g = geometry;
        _spatial = halves.HasFlag(RgaHalves.Spatial)
            ? new Half(lead, "spatial", g.Channels, g.ChannelWidth, g.Positions, g.PositionWidth, g.SpatialHidden, neutral) : null;
        _channel = halves.HasFlag(RgaHalves.Channel)
            ? new Half(lead, "channel", g.Positions, g.PositionWidth, g.Channels, g.ChannelWidth, g.ChannelHidden, neutral) : null;

        // Files list the layers of both halves in turn, but for theta and phi.
        Half[] both = [.. new[] { _spatial, _channel }.OfType<Half>()];
        foreach (Func<Half, Part[]> group in (Func<Half, Part[]>[])[h => h.Gx.Parts, h => h.Gg.Parts, h => h.Head, h => [.. h.Theta.Parts, .. h.Phi.Parts]])
        {
            foreach (Part part in both.SelectMany(group))
            {
                parts.Add(part);
            }
        }
    }

    /// <summary>The map, attended.</summary>
    public T Apply<T>(IOperations<T> ops, T x)
    {
        ArgumentNullException.ThrowIfNull(ops);
        if (_spatial is not null)
        {
            x = ops.Multiply(x, ops.Sigmoid(_spatial.Logits(ops, x, _geometry.Height, _geometry.Width)));
        }

        if (_channel is not null)
        {
            // Channels become the nodes, and the values at the positions what describes them.
            T nodes = ops.Transpose(ops.Reshape(x, _geometry.Channels, _geometry.Positions));
            nodes = ops.Reshape(nodes, _geometry.Positions, _geometry.Channels, 1);
            T attention = ops.Sigmoid(_channel.Logits(ops, nodes, _geometry.Channels, 1));
            x = ops.Multiply(x, ops.Reshape(attention, _geometry.Channels, 1, 1));
        }

        return x;
    }

    /// <summary>1 × 1 convolution, batch normalisation, ReLU.</summary>
    private sealed class Unit(string key, int inputs, int outputs)
    {
        internal Convolution Convolution { get; } = new($"{key}.0", inputs, outputs) { InitialGain = 1 };

        internal BatchNorm Norm { get; } = new($"{key}.1", outputs);

        internal Part[] Parts => [Convolution, Norm];

        internal T Apply<T>(IOperations<T> ops, T x) => ops.Relu(ops.Normalise(Norm, ops.Convolve(Convolution, x)));
    }

    /// <summary>Both attentions are this, over nodes of different meaning.</summary>
    private sealed class Half(string lead, string name, int inputs, int embedding, int nodes, int relations, int hidden, bool neutral)
    {
        // sigmoid(4 ± 0.1) is 0.982 ± 0.002: next to 1, yet still with a slope to learn by.
        private const float NeutralShift = 4;
        private const float NeutralScale = 0.1f;

        private readonly Unit _hidden = new($"{lead}W_{name}", 1 + relations, hidden);
        private readonly Convolution _logit = new($"{lead}W_{name}.3", hidden, 1) { InitialGain = 1 };

        private readonly BatchNorm _logitNorm = new($"{lead}W_{name}.4", 1)
        {
            InitialScale = neutral ? NeutralScale : 1,
            InitialShift = neutral ? NeutralShift : 0,
        };

        internal Unit Gx { get; } = new($"{lead}gx_{name}", inputs, embedding);

        internal Unit Gg { get; } = new($"{lead}gg_{name}", 2 * nodes, relations);

        internal Unit Theta { get; } = new($"{lead}theta_{name}", inputs, embedding);

        internal Unit Phi { get; } = new($"{lead}phi_{name}", inputs, embedding);

        internal Part[] Head => [.. _hidden.Parts, _logit, _logitNorm];

        /// <summary>(B, inputs, rows, columns) to (B, 1, rows, columns), where rows × columns are the nodes.</summary>
        internal T Logits<T>(IOperations<T> ops, T x, int rows, int columns)
        {
            T theta = ops.Reshape(Theta.Apply(ops, x), embedding, nodes);
            T phi = ops.Reshape(Phi.Apply(ops, x), embedding, nodes);
            T relation = ops.Reshape(ops.Relate(Gg.Convolution, theta, phi), relations, rows, columns);
            relation = ops.Relu(ops.Normalise(Gg.Norm, relation));
            T own = ops.Mean(Gx.Apply(ops, x), [1], keep: true);
            T weighed = _hidden.Apply(ops, ops.Concatenate(own, relation));
            return ops.Normalise(_logitNorm, ops.Convolve(_logit, weighed));
        }
    }
}

namespace Pipeline.Reid.Networks;

/// <summary>1 × 1, 3 × 3 with the stride, 1 × 1 to four times the width, and the shortcut around them.</summary>
public sealed class Bottleneck
{
    private readonly Convolution _conv1;
    private readonly IbnNorm? _ibn;
    private readonly BatchNorm? _bn1;
    private readonly Convolution _conv2;
    private readonly BatchNorm _bn2;
    private readonly Convolution _conv3;
    private readonly BatchNorm _bn3;
    private readonly (Convolution Convolution, BatchNorm Norm)? _shortcut;

    /// <summary>Puts the block together.</summary>
    /// <param name="parts">Receives the parts.</param>
    /// <param name="key">Key of the block.</param>
    /// <param name="inputs">Input channels.</param>
    /// <param name="width">Channels inside; four times as many come out.</param>
    /// <param name="stride">Step of the 3 × 3 convolution.</param>
    /// <param name="ibn">Whether the first normalisation is IBN-a.</param>
    /// <param name="shortcut">Whether the shortcut has a convolution, as in the first block of a layer.</param>
    public Bottleneck(PartList parts, string key, int inputs, int width, int stride, bool ibn, bool shortcut)
    {
        ArgumentNullException.ThrowIfNull(parts);
        string lead = key is "" ? "" : key + ".";
        _conv1 = parts.Add(new Convolution($"{lead}conv1", inputs, width));
        _ibn = ibn ? new IbnNorm(parts, $"{lead}bn1", width) : null;
        _bn1 = ibn ? null : parts.Add(new BatchNorm($"{lead}bn1", width));
        _conv2 = parts.Add(new Convolution($"{lead}conv2", width, width, Kernel: 3, Stride: stride, Padding: 1));
        _bn2 = parts.Add(new BatchNorm($"{lead}bn2", width));
        _conv3 = parts.Add(new Convolution($"{lead}conv3", width, width * 4));
        _bn3 = parts.Add(new BatchNorm($"{lead}bn3", width * 4));
        _shortcut = shortcut
            ? (parts.Add(new Convolution($"{lead}downsample.0", inputs, width * 4, Stride: stride)), parts.Add(new BatchNorm($"{lead}downsample.1", width * 4)))
            : null;
    }

    /// <summary>The block on a map.</summary>
    public T Apply<T>(IOperations<T> ops, T x)
    {
        ArgumentNullException.ThrowIfNull(ops);
        T y = ops.Convolve(_conv1, x);
        y = ops.Relu(_bn1 is null ? _ibn!.Apply(ops, y) : ops.Normalise(_bn1, y));
        y = ops.Relu(ops.Normalise(_bn2, ops.Convolve(_conv2, y)));
        y = ops.Normalise(_bn3, ops.Convolve(_conv3, y));
        T around = _shortcut is { } s ? ops.Normalise(s.Norm, ops.Convolve(s.Convolution, x)) : x;
        return ops.Relu(ops.Add(y, around));
    }
}

/// <summary>IBN-a (Pan et al., ECCV 2018): the first half of the channels normalised by instance, the rest by batch.</summary>
public sealed class IbnNorm
{
    private readonly InstanceNorm _instance;
    private readonly BatchNorm _batch;

    /// <summary>Puts the layer together.</summary>
    /// <param name="parts">Receives the parts.</param>
    /// <param name="key">Key of the layer; empty at the top.</param>
    /// <param name="channels">Channels, both halves.</param>
    public IbnNorm(PartList parts, string key, int channels)
    {
        ArgumentNullException.ThrowIfNull(parts);
        string lead = key is "" ? "" : key + ".";
        _instance = parts.Add(new InstanceNorm($"{lead}IN", channels / 2));
        _batch = parts.Add(new BatchNorm($"{lead}BN", channels - (channels / 2)));
    }

    /// <summary>The layer on a map.</summary>
    public T Apply<T>(IOperations<T> ops, T x)
    {
        ArgumentNullException.ThrowIfNull(ops);
        T first = ops.NormaliseInstance(_instance, ops.Channels(x, 0, _instance.Channels));
        T second = ops.Normalise(_batch, ops.Channels(x, _instance.Channels, _batch.Channels));
        return ops.Concatenate(first, second);
    }
}

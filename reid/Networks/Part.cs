using Pipeline.Reid.Weights;

namespace Pipeline.Reid.Networks;

/// <summary>A tensor that a part keeps in a weight file.</summary>
/// <param name="Name">Its full key, such as <c>backbone.layer1.0.conv1.weight</c>.</param>
/// <param name="Shape">Its sizes.</param>
/// <param name="Type">Its element type.</param>
public sealed record PartTensor(string Name, IReadOnlyList<long> Shape, ElementType Type = ElementType.F32);

/// <summary>A piece of a network that has weights, by its key in weight files. It says what it is; those who run it say how.</summary>
/// <param name="Key">The key without the tensor's own name, such as <c>backbone.layer1.0.conv1</c>.</param>
public abstract record Part(string Key)
{
    /// <summary>Its tensors in file order.</summary>
    public abstract IEnumerable<PartTensor> Tensors { get; }
}

/// <summary>Convolution with a square kernel and zero padding; without bias unless one is asked for.</summary>
/// <param name="Key">Key in weight files.</param>
/// <param name="Inputs">Input channels.</param>
/// <param name="Outputs">Output channels.</param>
/// <param name="Kernel">Rows and columns of the kernel.</param>
/// <param name="Stride">Step of the kernel.</param>
/// <param name="Padding">Zeros around the map: above and left of it, and, unless <see cref="Convolution.PaddingAfter"/> says otherwise, below and right of it.</param>
/// <param name="Groups">Groups of channels that do not mix; the number of channels for a depthwise convolution.</param>
public sealed record Convolution(string Key, int Inputs, int Outputs, int Kernel = 1, int Stride = 1, int Padding = 0, int Groups = 1) : Part(Key)
{
    /// <summary>Zeros below and right of the map. TensorFlow's SAME has one less before a map than behind it when it halves an even size.</summary>
    public int PaddingAfter { get; init; } = Padding;

    /// <summary>Whether a number is added to each output channel. Default false: a normalisation follows.</summary>
    public bool Bias { get; init; }

    /// <summary>Untrained weights are uniform in ±√(InitialGain / fan-in): 6 (He, for ReLU) for a trunk, 1 (PyTorch's default) in attention.</summary>
    public double InitialGain { get; init; } = 6;

    /// <inheritdoc/>
    public override IEnumerable<PartTensor> Tensors
    {
        get
        {
            yield return new($"{Key}.weight", [Outputs, Inputs / Groups, Kernel, Kernel]);
            if (Bias)
            {
                yield return new($"{Key}.bias", [Outputs]);
            }
        }
    }
}

/// <summary>Batch normalisation with affine parameters and running statistics.</summary>
/// <param name="Key">Key in weight files.</param>
/// <param name="Channels">Channels, or the length of a vector.</param>
/// <param name="OfVectors">Whether it normalises vectors (B, D) rather than maps.</param>
public sealed record BatchNorm(string Key, int Channels, bool OfVectors = false) : Part(Key)
{
    /// <summary>Added to the variance. Default 1e-5.</summary>
    public double Epsilon { get; init; } = 1e-5;

    /// <summary>Whether its shift stays as it is in training. Default false.</summary>
    public bool FrozenShift { get; init; }

    /// <summary>Scale of an untrained network. Default 1.</summary>
    public float InitialScale { get; init; } = 1;

    /// <summary>Shift of an untrained network. Default 0.</summary>
    public float InitialShift { get; init; }

    /// <inheritdoc/>
    public override IEnumerable<PartTensor> Tensors =>
    [
        new($"{Key}.weight", [Channels]), new($"{Key}.bias", [Channels]), new($"{Key}.running_mean", [Channels]), new($"{Key}.running_var", [Channels]),
        new($"{Key}.num_batches_tracked", [], ElementType.I64),
    ];
}

/// <summary>Normalisation of each map of each sample by itself, with affine parameters, without running statistics.</summary>
/// <param name="Key">Key in weight files.</param>
/// <param name="Channels">Channels.</param>
public sealed record InstanceNorm(string Key, int Channels) : Part(Key)
{
    /// <summary>Added to the variance.</summary>
    public const double Epsilon = 1e-5;

    /// <inheritdoc/>
    public override IEnumerable<PartTensor> Tensors => [new($"{Key}.weight", [Channels]), new($"{Key}.bias", [Channels])];
}

/// <summary>A matrix product of vectors; without bias unless one is asked for.</summary>
/// <param name="Key">Key in weight files.</param>
/// <param name="Inputs">Length of the vectors.</param>
/// <param name="Outputs">Length of what comes out.</param>
public sealed record Projection(string Key, int Inputs, int Outputs) : Part(Key)
{
    /// <summary>Whether a number is added to each output. Default false.</summary>
    public bool Bias { get; init; }

    /// <inheritdoc/>
    public override IEnumerable<PartTensor> Tensors
    {
        get
        {
            yield return new($"{Key}.weight", [Outputs, Inputs]);
            if (Bias)
            {
                yield return new($"{Key}.bias", [Outputs]);
            }
        }
    }
}

/// <summary>The classifier of training: a matrix product without bias. Not part of an exported network.</summary>
/// <param name="Key">Key in weight files.</param>
/// <param name="Inputs">Length of the feature.</param>
/// <param name="Classes">Training identities.</param>
public sealed record Classifier(string Key, int Inputs, int Classes) : Part(Key)
{
    /// <inheritdoc/>
    public override IEnumerable<PartTensor> Tensors => [new($"{Key}.weight", [Classes, Inputs])];
}

/// <summary>The parts of a network in the order of their keys in official files, collected while the network is put together.</summary>
public sealed class PartList
{
    private readonly List<Part> _parts = [];

    /// <summary>The parts.</summary>
    public IReadOnlyList<Part> Parts => _parts;

    /// <summary>Takes a part in.</summary>
    /// <returns>The same part.</returns>
    public T Add<T>(T part)
        where T : Part
    {
        _parts.Add(part);
        return part;
    }
}

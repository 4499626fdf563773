namespace Pipeline.Reid.Networks;

/// <summary>A network from picture to feature: trunk, head, batch normalisation neck, and the classifier of training.</summary>
public sealed class ReidNetwork
{
    private readonly IHead _head;

    /// <summary>Puts a network together.</summary>
    /// <param name="name">Its name, such as <c>rga-sc-r50</c>.</param>
    /// <param name="height">Rows of the input, a multiple of 16.</param>
    /// <param name="width">Columns of the input, a multiple of 16.</param>
    /// <param name="classes">Training identities; 0 leaves the classifier out.</param>
    /// <param name="trunk">Makes the trunk, which adds its parts to the list.</param>
    /// <param name="head">Makes the head from the trunk, in the same way; global average pooling when left out.</param>
    public ReidNetwork(string name, int height, int width, int classes, Func<PartList, ITrunk> trunk, Func<PartList, ITrunk, IHead>? head = null)
    {
        ArgumentNullException.ThrowIfNull(trunk);
        if (height < 32 || width < 32 || height % 16 != 0 || width % 16 != 0)
        {
            throw new ArgumentException($"the input of a network is a multiple of 16 and at least 32 on each side, got {height} x {width}");
        }

        PartList parts = new();
        Name = name;
        Height = height;
        Width = width;
        Trunk = trunk(parts);
        _head = head is null ? new MeanHead(Trunk.Channels) : head(parts, Trunk);
        Neck = parts.Add(new BatchNorm("feat_bn", _head.Length, OfVectors: true));
        Classifier = classes > 0 ? parts.Add(new Classifier("cls", _head.Length, classes)) : null;
        Parts = parts.Parts;
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>Rows of the input.</summary>
    public int Height { get; }

    /// <summary>Columns of the input.</summary>
    public int Width { get; }

    /// <summary>How pictures are prepared for it.</summary>
    public Preprocessing Preprocessing => Trunk.Preprocessing with { Height = Height, Width = Width };

    /// <summary>What lies between picture and last map.</summary>
    public ITrunk Trunk { get; }

    /// <summary>Length of the feature.</summary>
    public int FeatureLength => _head.Length;

    /// <summary>All parts with weights, in the order of official files.</summary>
    public IReadOnlyList<Part> Parts { get; }

    /// <summary>The normalisation between the feature of the triplet loss and that of the classifier; its bias stays 0 in training.</summary>
    public BatchNorm Neck { get; }

    /// <summary>The classifier; null when the network is for features only.</summary>
    public Classifier? Classifier { get; }

    /// <summary>All tensors of a weight file of this network, in the order of official files.</summary>
    public IEnumerable<PartTensor> Tensors => Parts.SelectMany(p => p.Tensors);

    /// <summary>Pictures (B, 3, H, W) to the feature before the neck (B, D), called feat_ in the official code.</summary>
    public T Pooled<T>(IOperations<T> ops, T images)
    {
        ArgumentNullException.ThrowIfNull(ops);
        return _head.Apply(ops, Trunk.Apply(ops, images));
    }

    /// <summary>The feature before the neck to that after it, called feat in the official code.</summary>
    public T Normalised<T>(IOperations<T> ops, T pooled)
    {
        ArgumentNullException.ThrowIfNull(ops);
        return ops.Normalise(Neck, pooled);
    }

    /// <summary>Multiplications of one picture, additions with them counted as one (GMAC = this over 10⁹).</summary>
    public long CountMultiplications()
    {
        MultiplicationCounter counter = new();
        _ = Normalised(counter, Pooled(counter, [3, Height, Width]));
        return counter.Total;
    }
}

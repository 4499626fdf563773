namespace Pipeline.Reid.Networks;

/// <summary>A piece of the feature that is trained by itself.</summary>
/// <param name="Start">Where it begins.</param>
/// <param name="Length">How long it is.</param>
/// <param name="Classifier">Its classifier; null when the network is for features only.</param>
public sealed record Branch(int Start, int Length, Classifier? Classifier);

/// <summary>A network from picture to feature: trunk, head, batch normalisation neck, and the classifier of training.</summary>
public sealed class ReidNetwork
{
    /// <summary>Key of <see cref="Metric"/> in weight files.</summary>
    public const string MetricKey = "metric";

    private readonly IHead _head;

    /// <summary>Puts a network together.</summary>
    /// <param name="name">Its name, such as <c>rga-sc-r50</c>.</param>
    /// <param name="height">Rows of the input, a multiple of 16.</param>
    /// <param name="width">Columns of the input, a multiple of 16.</param>
    /// <param name="classes">Training identities; 0 leaves the classifier out.</param>
    /// <param name="trunk">Makes the trunk, which adds its parts to the list.</param>
    /// <param name="head">Makes the head from the trunk, in the same way; global average pooling when left out.</param>
    /// <param name="clip">The widths of a head for clips, when the network is to have one.</param>
    /// <param name="preprocessing">How pictures are prepared; as the trunk says when left out.</param>
    /// <param name="metric">Whether the feature after the neck goes through a matrix before people are compared by it.</param>
    public ReidNetwork(
        string name, int height, int width, int classes, Func<PartList, ITrunk> trunk, Func<PartList, ITrunk, IHead>? head = null,
        TemporalShape? clip = null, Preprocessing? preprocessing = null, bool metric = false)
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
        Clip = clip is null ? null : new TemporalHead(parts, Trunk.Channels, height / 16, width / 16, clip);
        Neck = parts.Add(_head.Neck("feat_bn"));
        Metric = metric ? parts.Add(new Projection(MetricKey, _head.Length, _head.Length)) : null;
        Preprocessing = (preprocessing ?? Trunk.Preprocessing) with { Height = height, Width = width };
        Branches = [.. _head.Branches.Select((length, i) => new Branch(
            _head.Branches.Take(i).Sum(), length,
            classes > 0 ? parts.Add(new Classifier(_head.Branches.Count == 1 ? "cls" : $"cls.{i}", length, classes)) : null))];
        Parts = parts.Parts;
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>Rows of the input.</summary>
    public int Height { get; }

    /// <summary>Columns of the input.</summary>
    public int Width { get; }

    /// <summary>How pictures are prepared for it.</summary>
    public Preprocessing Preprocessing { get; }

    /// <summary>What lies between picture and last map.</summary>
    public ITrunk Trunk { get; }

    /// <summary>Length of the feature.</summary>
    public int FeatureLength => _head.Length;

    /// <summary>All parts with weights, in the order of official files.</summary>
    public IReadOnlyList<Part> Parts { get; }

    /// <summary>The normalisation between the feature of the triplet loss and that of the classifier.</summary>
    public BatchNorm Neck { get; }

    /// <summary>The matrix behind the neck that people are compared through (<see cref="WithinPersonCovariance"/>); null when there is none. Training knows nothing of it.</summary>
    public Projection? Metric { get; }

    /// <summary>The classifier; null when the network is for features only, or has one for each of several <see cref="Branches"/>.</summary>
    public Classifier? Classifier => Branches.Count == 1 ? Branches[0].Classifier : null;

    /// <summary>The pieces of the feature that are trained by themselves; most networks have one.</summary>
    public IReadOnlyList<Branch> Branches { get; }

    /// <summary>Training identities; 0 without classifiers.</summary>
    public int Classes => Branches[0].Classifier?.Classes ?? 0;

    /// <summary>The head for clips; null when the network has none.</summary>
    public TemporalHead? Clip { get; }

    /// <summary>Whether people are compared by the feature before the neck.</summary>
    public bool ServedBeforeNeck => _head.ServedBeforeNeck;

    /// <summary>All tensors of a weight file of this network, in the order of official files.</summary>
    public IEnumerable<PartTensor> Tensors => Parts.SelectMany(p => p.Tensors);

    /// <summary>Pictures (B, 3, H, W) to the feature before the neck (B, D), called feat_ in the official code.</summary>
    public T Pooled<T>(IOperations<T> ops, T images) => PooledFrom(ops, Map(ops, images));

    /// <summary>Pictures (B, 3, H, W) to the last map (B, C, H / 16, W / 16).</summary>
    public T Map<T>(IOperations<T> ops, T images) => Trunk.Apply(ops, images);

    /// <summary>The last map to the feature before the neck.</summary>
    public T PooledFrom<T>(IOperations<T> ops, T map) => _head.Apply(ops, map);

    /// <summary>The feature before the neck to that after it, called feat in the official code.</summary>
    public T Normalised<T>(IOperations<T> ops, T pooled)
    {
        ArgumentNullException.ThrowIfNull(ops);
        return ops.Normalise(Neck, pooled);
    }

    /// <summary>The feature after the neck to what people are compared by, unless that is the one before it: through <see cref="Metric"/>, where there is one.</summary>
    public T Compared<T>(IOperations<T> ops, T normalised)
    {
        ArgumentNullException.ThrowIfNull(ops);
        return Metric is null ? normalised : ops.Project(Metric, normalised);
    }

    /// <summary>Multiplications of one picture, additions with them counted as one (GMAC = this over 10⁹).</summary>
    public long CountMultiplications()
    {
        MultiplicationCounter counter = new();
        _ = Compared(counter, Normalised(counter, Pooled(counter, [3, Height, Width])));
        return counter.Total;
    }
}

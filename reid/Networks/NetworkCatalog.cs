namespace Pipeline.Reid.Networks;

/// <summary>
/// The networks by name: attention (<c>rga-sc</c>, <c>rga-s</c>, <c>rga-c</c>, <c>baseline</c>) and trunk (<c>r50</c>, <c>r50-ibn</c>,
/// <c>compact</c>, <c>compact-96</c>, which ends at its 96-channel stage, and both as <c>-ibn</c>); and <c>adaptive-r50</c>, the network of
/// adaptive L2 regularisation.
/// </summary>
public static class NetworkCatalog
{
    private static readonly (string Name, RgaHalves Halves)[] s_attention =
        [("rga-sc", RgaHalves.Both), ("rga-s", RgaHalves.Spatial), ("rga-c", RgaHalves.Channel), ("baseline", RgaHalves.None)];

    private const string Compact = "compact";
    private const string Adaptive = "adaptive-r50";

    private static readonly string[] s_trunks = ["r50", "r50-ibn", "compact", "compact-96", "compact-ibn", "compact-96-ibn"];

    /// <summary>All names.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. s_attention.SelectMany(a => s_trunks.Select(t => $"{a.Name}-{t}")), Adaptive];

    /// <summary>The network of that name.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="height">Rows of the input.</param>
    /// <param name="width">Columns of the input.</param>
    /// <param name="classes">Training identities; 0 leaves the classifier out.</param>
    /// <param name="stripes">The stripes of a compact network's feature; four of 128 beside a whole of 256 when left out.</param>
    /// <param name="clip">The widths of a head for clips; none when left out.</param>
    /// <param name="blackPoint">What a compact network takes for black; <see cref="CompactShape.BlackPoint"/>'s default when left out.</param>
    /// <param name="metric">Whether there is a <see cref="ReidNetwork.Metric"/>.</param>
    /// <exception cref="ArgumentException">There is no such network, or the input does not suit it.</exception>
    public static ReidNetwork Create(
        string name, int height = 256, int width = 128, int classes = 0, StripeShape? stripes = null, TemporalShape? clip = null, double? blackPoint = null, bool metric = false)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (name == Adaptive)
        {
            return CreateAdaptive(height, width, classes);
        }

        foreach ((string attention, RgaHalves halves) in s_attention)
        {
            foreach (string trunk in s_trunks)
            {
                if (name == $"{attention}-{trunk}")
                {
                    return trunk.StartsWith(Compact, StringComparison.Ordinal)
                        ? CreateCompact(name, height, width, classes, Shape(trunk, halves, blackPoint), stripes, clip, metric)
                        : new ReidNetwork(
                            name, height, width, classes,
                            parts => new ResNetTrunk(parts, new ResNetShape { Ibn = trunk == "r50-ibn" }, height, width, halves), clip: clip, metric: metric);
                }
            }
        }

        throw new ArgumentException($"there is no network '{name}'; there are {string.Join(", ", Names)}");
    }

    /// <summary>The compact network of a shape.</summary>
    internal static ReidNetwork CreateCompact(
        string name, int height, int width, int classes, CompactShape shape, StripeShape? stripes = null, TemporalShape? clip = null, bool metric = false) => new(
        name, height, width, classes, parts => new CompactTrunk(parts, height, width, shape),
        (parts, trunk) => new StripeHead(parts, trunk.Channels, height / 16, stripes ?? new StripeShape()), clip, metric: metric);

    // Its pictures as in the published code: caffe's, blue first, resized by OpenCV.
    private static ReidNetwork CreateAdaptive(int height, int width, int classes) => new(
        Adaptive, height, width, classes, parts => new ResNetTrunk(parts, new ResNetShape { Blocks = [3, 4, 6] }, height, width, RgaHalves.None),
        (parts, _) => new AdaptiveHead(parts, height / 16),
        preprocessing: new Preprocessing
        {
            Bgr = true, Mean = [103.939f, 116.779f, 123.68f], Std = [1, 1, 1], Scale = 1, Interpolation = Interpolation.OpenCvLinear,
        });

    private static CompactShape Shape(string trunk, RgaHalves halves, double? blackPoint) => new()
    {
        BlackPoint = blackPoint ?? new CompactShape().BlackPoint,
        Stages = trunk.Contains("-96", StringComparison.Ordinal) ? 5 : 7, Ibn = trunk.EndsWith("-ibn", StringComparison.Ordinal), Attention = halves,
    };

    internal static string AttentionName(RgaHalves halves) => s_attention.Single(a => a.Halves == halves).Name;
}

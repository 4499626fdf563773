namespace Pipeline.Reid.Networks;

/// <summary>
/// The networks by name: attention (<c>rga-sc</c>, <c>rga-s</c>, <c>rga-c</c>, <c>baseline</c>) and trunk (<c>r50</c>, <c>r50-ibn</c>,
/// <c>compact</c>, and <c>compact-96</c>, which ends at its 96-channel stage).
/// </summary>
public static class NetworkCatalog
{
    private static readonly (string Name, RgaHalves Halves)[] s_attention =
        [("rga-sc", RgaHalves.Both), ("rga-s", RgaHalves.Spatial), ("rga-c", RgaHalves.Channel), ("baseline", RgaHalves.None)];

    private const string Compact = "compact";

    private static readonly string[] s_trunks = ["r50", "r50-ibn", "compact", "compact-96"];

    /// <summary>All names.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. s_attention.SelectMany(a => s_trunks.Select(t => $"{a.Name}-{t}"))];

    /// <summary>The network of that name.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="height">Rows of the input.</param>
    /// <param name="width">Columns of the input.</param>
    /// <param name="classes">Training identities; 0 leaves the classifier out.</param>
    /// <param name="stripes">The stripes of a compact network's feature; four of 128 beside a whole of 256 when left out.</param>
    /// <exception cref="ArgumentException">There is no such network, or the input does not suit it.</exception>
    public static ReidNetwork Create(string name, int height = 256, int width = 128, int classes = 0, StripeShape? stripes = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        foreach ((string attention, RgaHalves halves) in s_attention)
        {
            foreach (string trunk in s_trunks)
            {
                if (name == $"{attention}-{trunk}")
                {
                    return trunk.StartsWith(Compact, StringComparison.Ordinal)
                        ? CreateCompact(name, height, width, classes, new() { Stages = trunk == Compact ? 7 : 5, Attention = halves }, stripes)
                        : new ReidNetwork(
                            name, height, width, classes,
                            parts => new ResNetTrunk(parts, new ResNetShape { Ibn = trunk == "r50-ibn" }, height, width, halves));
                }
            }
        }

        throw new ArgumentException($"there is no network '{name}'; there are {string.Join(", ", Names)}");
    }

    /// <summary>The compact network of a shape.</summary>
    internal static ReidNetwork CreateCompact(string name, int height, int width, int classes, CompactShape shape, StripeShape? stripes = null) => new(
        name, height, width, classes, parts => new CompactTrunk(parts, height, width, shape),
        (parts, trunk) => new StripeHead(parts, trunk.Channels, height / 16, stripes ?? new StripeShape()));

    internal static string AttentionName(RgaHalves halves) => s_attention.Single(a => a.Halves == halves).Name;
}

using Pipeline.Reid.Training.Losses;

namespace Pipeline.Reid.Training;

/// <summary>Which loss tells the people of the training set apart by name.</summary>
public enum IdentityLoss
{
    /// <summary>Cross entropy with smoothed labels.</summary>
    CrossEntropy,

    /// <summary>AM-softmax: cross entropy of scaled cosines with a margin.</summary>
    AmSoftmax,
}

/// <summary>How the batch-hard triplet loss asks for distance.</summary>
public enum TripletLossKind
{
    /// <summary>max(0, positive − negative + margin).</summary>
    Margin,

    /// <summary>log(1 + exp(positive − negative)).</summary>
    Soft,

    /// <summary>Without a triplet loss.</summary>
    None,
}

/// <summary>What is minimised.</summary>
public sealed record LossRecipe
{
    /// <summary>Which loss the classifier has. Default cross entropy.</summary>
    public IdentityLoss Identity { get; init; }

    /// <summary>Weight of the classifier's loss, 0 or more. Default 1.</summary>
    public double IdentityWeight { get; init; } = 1;

    /// <summary>Share of the target that is spread over all classes, 0 to below 1. Default 0.1.</summary>
    public double Smoothing { get; init; } = 0.1;

    /// <summary>AM-softmax: what cosines are multiplied with, above 0. Default 30.</summary>
    public double Scale { get; init; } = 30;

    /// <summary>AM-softmax: what is taken off the right class's cosine, 0 to below 1. Default 0.35.</summary>
    public double CosineMargin { get; init; } = 0.35;

    /// <summary>Which triplet loss. Default margin.</summary>
    public TripletLossKind Triplet { get; init; }

    /// <summary>How the triplet loss measures distance. Default Euclidean, as in RGA's script; differences is Keras' form.</summary>
    public TripletDistance Distance { get; init; }

    /// <summary>Weight of the triplet loss, 0 or more. Default 1.</summary>
    public double TripletWeight { get; init; } = 1;

    /// <summary>Distance asked for between the farthest of the same and the nearest of another person, 0 or more. Default 0.3.</summary>
    public double Margin { get; init; } = 0.3;

    /// <summary>Weight of the centre loss, 0 or more; 0, the default: without it. BoT: 0.0005.</summary>
    public double CentreWeight { get; init; }

    /// <summary>Learning rate of the centres, above 0. Default 0.5.</summary>
    public double CentreRate { get; init; } = 0.5;

    /// <summary>Every rule these values break, each as key and "allowed, got"; empty when they are valid.</summary>
    public IEnumerable<(string Key, string Problem)> Problems()
    {
        if (!Enum.IsDefined(Identity))
        {
            yield return ("loss.identity", $"cross_entropy or am_softmax, got {(int)Identity}");
        }

        if (!Enum.IsDefined(Triplet))
        {
            yield return ("loss.triplet", $"margin, soft or none, got {(int)Triplet}");
        }

        if (!Enum.IsDefined(Distance))
        {
            yield return ("loss.distance", $"euclidean, cosine or differences, got {(int)Distance}");
        }

        foreach ((string key, double value) in new[]
        {
            ("identity_weight", IdentityWeight), ("triplet_weight", TripletWeight), ("margin", Margin), ("centre_weight", CentreWeight),
        })
        {
            if (value is not (>= 0 and <= 1e6))
            {
                yield return ($"loss.{key}", FormattableString.Invariant($"0 or more, got {value}"));
            }
        }

        if (Smoothing is not (>= 0 and < 1))
        {
            yield return ("loss.smoothing", FormattableString.Invariant($"0 to below 1, got {Smoothing}"));
        }

        if (Scale is not (> 0 and <= 1e6))
        {
            yield return ("loss.scale", FormattableString.Invariant($"above 0, got {Scale}"));
        }

        if (CosineMargin is not (>= 0 and < 1))
        {
            yield return ("loss.cosine_margin", FormattableString.Invariant($"0 to below 1, got {CosineMargin}"));
        }

        if (CentreRate is not (> 0 and <= 1e6))
        {
            yield return ("loss.centre_rate", FormattableString.Invariant($"above 0, got {CentreRate}"));
        }

        if (IdentityWeight == 0 && (TripletWeight == 0 || Triplet == TripletLossKind.None))
        {
            yield return ("loss.identity_weight", "something to minimise is needed, got weight 0 for both losses");
        }
    }
}

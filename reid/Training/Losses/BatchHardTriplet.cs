using static TorchSharp.torch;

namespace Pipeline.Reid.Training.Losses;

/// <summary>How the triplet loss measures.</summary>
public enum TripletDistance
{
    /// <summary>√max(|a|² + |b|² - 2ab, 10⁻¹²), as the official RGA code does. An anchor counts among its own positives.</summary>
    Euclidean,

    /// <summary>1 - cosine. An anchor counts among its own positives.</summary>
    Cosine,

    /// <summary>√(Σ(a - b)² + 10⁻¹²) by differences, as AdaptiveL2Regularization (Keras) does. An anchor is no positive of its own.</summary>
    Differences,
}

/// <summary>
/// Batch-hard triplet loss (Hermans et al. 2017, arXiv 1703.07737, equation 5): each anchor with the farthest of its identity and the nearest
/// of the others, averaged over the batch.
/// </summary>
public sealed record BatchHardTriplet
{
    /// <summary>By how much the nearest other must be farther, 0 or more. Null takes the soft margin ln(1 + exp(positive - negative)). Default 0.3.</summary>
    public double? Margin { get; init; } = 0.3;

    /// <summary>How to measure. Default Euclidean.</summary>
    public TripletDistance Distance { get; init; } = TripletDistance.Euclidean;

    /// <summary>Whether features are scaled to unit length first. Default false.</summary>
    public bool Normalise { get; init; }

    /// <summary>The loss of a batch, one number.</summary>
    /// <param name="features">Features (B, D).</param>
    /// <param name="labels">Their identities (B), whole numbers; at least two different ones, else the loss is not finite or says nothing.</param>
    public Tensor Of(Tensor features, Tensor labels) => PerAnchor(Mine(features, labels)).mean();

    /// <summary>The loss of each anchor, before the mean.</summary>
    public Tensor PerAnchor(HardTriplets mined)
    {
        ArgumentNullException.ThrowIfNull(mined);
        Tensor violation = mined.Positive - mined.Negative;
        return Margin is { } margin ? (violation + margin).relu() : nn.functional.softplus(violation);
    }

    /// <summary>Finds each anchor's hardest positive and negative.</summary>
    /// <exception cref="ArgumentException">There is not one label a feature.</exception>
    public HardTriplets Mine(Tensor features, Tensor labels)
    {
        ArgumentNullException.ThrowIfNull(features);
        Tensor column = Identities.Column(labels, features);
        Tensor same = column.eq(column.t());
        Tensor distances = Distances(Normalise ? features / (Length(features) + 1e-12) : features);

        // Distances are never negative, so 0 drops out of the maximum where there is a positive.
        (Tensor positive, Tensor positiveAt) = distances.masked_fill(column.ne(column.t()), 0).max(1);
        (Tensor negative, Tensor negativeAt) = distances.masked_fill(same, double.PositiveInfinity).min(1);
        return new HardTriplets(distances, positive, negative, positiveAt, negativeAt);
    }

    private static Tensor Length(Tensor features) => features.pow(2).sum([1], keepdim: true).sqrt();

    private Tensor Distances(Tensor x)
    {
        switch (Distance)
        {
            case TripletDistance.Cosine:
                Tensor length = Length(x);
                return -(x.matmul(x.t()) / length.matmul(length.t())) + 1;
            case TripletDistance.Differences:
                long rows = x.shape[0];
                Tensor difference = x.reshape(rows, 1, -1) - x.reshape(1, rows, -1);
                return (difference.pow(2).sum([2]) + 1e-12).sqrt();
            default:
                Tensor squares = x.pow(2).sum([1], keepdim: true);
                return (squares + squares.t() - (x.matmul(x.t()) * 2)).clamp_min(1e-12).sqrt();
        }
    }
}

/// <summary>What mining found in a batch of B.</summary>
/// <param name="Distances">All distances (B, B).</param>
/// <param name="Positive">Distance of each anchor to the farthest of its identity (B).</param>
/// <param name="Negative">Distance of each anchor to the nearest of another (B).</param>
/// <param name="PositiveAt">Which one that is.</param>
/// <param name="NegativeAt">Which one that is.</param>
public sealed record HardTriplets(Tensor Distances, Tensor Positive, Tensor Negative, Tensor PositiveAt, Tensor NegativeAt);

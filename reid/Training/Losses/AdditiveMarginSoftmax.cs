using static TorchSharp.torch;

namespace Pipeline.Reid.Training.Losses;

/// <summary>AM-Softmax (Wang et al. 2018, arXiv 1801.05599, equation 6; CosFace): cross entropy over scaled cosines, the true one less a margin.</summary>
/// <param name="Scale">Factor s of the cosines. Default 30.</param>
/// <param name="Margin">What the true identity's cosine is lowered by. Default 0.35.</param>
public sealed record AdditiveMarginSoftmax(double Scale = 30, double Margin = 0.35)
{
    /// <summary>The scores s · (cos - m · [true]).</summary>
    /// <param name="features">Features (B, D).</param>
    /// <param name="weight">One direction an identity (K, D).</param>
    /// <param name="labels">The true identities (B), whole numbers from 0 to K - 1.</param>
    /// <returns>(B, K).</returns>
    public Tensor Logits(Tensor features, Tensor weight, Tensor labels)
    {
        ArgumentNullException.ThrowIfNull(features);
        ArgumentNullException.ThrowIfNull(weight);
        Tensor cosines = Unit(features).matmul(Unit(weight).t());
        return (cosines - (Identities.OneHot(labels, weight.shape[0], features) * Margin)) * Scale;
    }

    /// <summary>The loss, one number.</summary>
    /// <param name="features">Features (B, D).</param>
    /// <param name="weight">One direction an identity (K, D).</param>
    /// <param name="labels">The true identities (B), whole numbers from 0 to K - 1.</param>
    /// <param name="smoothing">ε of <see cref="CrossEntropy.Smoothed"/>.</param>
    public Tensor Of(Tensor features, Tensor weight, Tensor labels, double smoothing = 0) =>
        CrossEntropy.Smoothed(Logits(features, weight, labels), labels, smoothing);

    private static Tensor Unit(Tensor rows) => rows / rows.pow(2).sum([1], keepdim: true).sqrt().clamp_min(1e-12);
}

using static TorchSharp.torch;

namespace Pipeline.Reid.Training.Losses;

/// <summary>Cross entropy of scores against identities.</summary>
public static class CrossEntropy
{
    /// <summary>
    /// Label-smoothed cross entropy: the target is 1 - ε + ε/K for the true identity and ε/K for each other (Szegedy et al. 2016, section 7,
    /// as the official RGA code has it), summed over identities, averaged over the batch.
    /// </summary>
    /// <param name="logits">Scores (B, K).</param>
    /// <param name="labels">The true identities (B), whole numbers from 0 to K - 1.</param>
    /// <param name="smoothing">ε, 0 to 1.</param>
    /// <returns>The loss, one number.</returns>
    public static Tensor Smoothed(Tensor logits, Tensor labels, double smoothing = 0.1)
    {
        ArgumentNullException.ThrowIfNull(logits);
        ArgumentOutOfRangeException.ThrowIfNegative(smoothing);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(smoothing, 1);
        Tensor log = nn.functional.log_softmax(logits, 1);
        Tensor likelihood = log.gather(1, Identities.Column(labels, logits)).mean();
        return -((likelihood * (1 - smoothing)) + (log.mean() * smoothing));
    }
}

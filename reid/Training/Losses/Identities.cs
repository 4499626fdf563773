using static TorchSharp.torch;

namespace Pipeline.Reid.Training.Losses;

/// <summary>Identities of a batch in the forms that losses need.</summary>
internal static class Identities
{
    /// <summary>(B, 1) from (B).</summary>
    /// <exception cref="ArgumentException">There are not as many as features.</exception>
    internal static Tensor Column(Tensor labels, Tensor features)
    {
        ArgumentNullException.ThrowIfNull(labels);
        return labels.numel() == features.shape[0]
            ? labels.reshape(-1, 1)
            : throw new ArgumentException($"{labels.numel()} identities for {features.shape[0]} features", nameof(labels));
    }

    /// <summary>(B, K), one in the column of each row's identity, in the features' type.</summary>
    internal static Tensor OneHot(Tensor labels, long classes, Tensor features)
    {
        long[] all = new long[classes];
        for (int i = 0; i < all.Length; i++)
        {
            all[i] = i;
        }

        return Column(labels, features).eq(tensor(all, [1, classes], device: features.device)).to(features.dtype);
    }
}

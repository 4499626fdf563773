using static TorchSharp.torch;

namespace Pipeline.Tests.Networks;

/// <summary>The losses of the official recipe, as far as its golden gradients need them.</summary>
internal static class Losses
{
    internal static Tensor LabelSmoothCrossEntropy(Tensor logits, int[] labels)
    {
        int classes = (int)logits.shape[1];
        float[] target = new float[labels.Length * classes];
        for (int i = 0; i < target.Length; i++)
        {
            target[i] = (0.1f / classes) + (i % classes == labels[i / classes] ? 0.9f : 0);
        }

        Tensor log = nn.functional.log_softmax(logits, 1);
        return -(log * tensor(target, logits.shape)).sum() / labels.Length;
    }

    internal static Tensor BatchHardTriplet(Tensor features, int[] labels)
    {
        int n = labels.Length;
        Tensor squares = features.pow(2).sum([1], keepdim: true);
        Tensor distances = (squares + squares.t() - (features.matmul(features.t()) * 2)).clamp_min(1e-12).sqrt();
        float[] same = [.. Enumerable.Range(0, n * n).Select(i => labels[i / n] == labels[i % n] ? 1f : 0f)];
        Tensor mask = tensor(same, [n, n]);
        Tensor positive = (distances * mask).amax([1]);
        Tensor negative = (distances + (mask * 1e6)).amin([1]);
        return (positive - negative + 0.3).relu().mean();
    }
}

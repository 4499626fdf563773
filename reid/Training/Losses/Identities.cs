using static TorchSharp.torch;

namespace Pipeline.Reid.Training.Losses;

/// <summary>Labels of a batch as tensors beside the features.</summary>
internal static class Identities
{
    /// <summary>(B, 1), whole numbers.</summary>
    /// <exception cref="ArgumentException">There are not as many as rows, or one is not a column.</exception>
    internal static Tensor Column(IReadOnlyList<int> labels, Tensor scores)
    {
        long[] shape = scores.shape;
        foreach (int label in labels)
        {
            if (label < 0 || label >= shape[1])
            {
                throw new ArgumentException($"identity {label} of a batch is not among the {shape[1]} of the training set", nameof(labels));
            }
        }

        return Column(labels, shape[0], scores.device);
    }

    /// <summary>(B, 1), whole numbers of any size.</summary>
    internal static Tensor Column(IReadOnlyList<int> labels, long rows, Device device)
    {
        ArgumentNullException.ThrowIfNull(labels);
        return labels.Count == rows
            ? tensor([.. labels.Select(l => (long)l)], [rows, 1], device: device)
            : throw new ArgumentException($"{labels.Count} identities for {rows} features", nameof(labels));
    }

    /// <summary>(B, K), one in the column of each row's identity.</summary>
    internal static Tensor OneHot(IReadOnlyList<int> labels, long classes, Tensor features)
    {
        long rows = features.shape[0];
        float[] values = new float[checked(rows * classes)];
        if (labels.Count != rows)
        {
            throw new ArgumentException($"{labels.Count} identities for {rows} features", nameof(labels));
        }

        for (int i = 0; i < labels.Count; i++)
        {
            if (labels[i] < 0 || labels[i] >= classes)
            {
                throw new ArgumentException($"identity {labels[i]} of a batch is not among the {classes} of the training set", nameof(labels));
            }

            values[(i * classes) + labels[i]] = 1;
        }

        return tensor(values, [rows, classes], features.dtype, features.device);
    }
}

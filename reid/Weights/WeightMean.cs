using System.Numerics.Tensors;
using Pipeline.Reid.Networks;

namespace Pipeline.Reid.Weights;

/// <summary>
/// The mean of networks that were trained one from another, tensor by tensor ("model soups": Wortsman et al., ICML 2022; over one training: Izmailov et
/// al., UAI 2018). It keeps what they agree on, and costs no more to run than one of them.
/// </summary>
public static class WeightMean
{
    /// <summary>Key of metadata that says where the normalisations' statistics come from.</summary>
    public const string NormalisationsKey = "normalisations";

    /// <summary>The mean. Classifiers are left out, since each is of the people of its training; whole numbers and metadata are those of the last file, how pictures are prepared among them. Normalisations have the
    /// means of the parents' statistics, which are not this network's: <see cref="Training.MeanMeasurement"/> measures them.</summary>
    /// <param name="files">Two or more weight files of one network.</param>
    /// <exception cref="InvalidDataException">There is one only, or one has other tensors than the last: it is named.</exception>
    public static WeightFile Of(IReadOnlyList<WeightFile> files)
    {
        ArgumentNullException.ThrowIfNull(files);
        if (files.Count < 2)
        {
            throw new InvalidDataException($"a mean is of two or more weight files, got {files.Count}. Name more.");
        }

        WeightFile last = files[^1];
        OrderedDictionary<string, WeightTensor>[] all = [.. files.Select(Keys.WithoutClassifiers)];
        OrderedDictionary<string, WeightTensor> mean = [];
        foreach ((string name, WeightTensor tensor) in all[^1])
        {
            for (int i = 0; i < all.Length; i++)
            {
                if (!all[i].TryGetValue(name, out WeightTensor? other) || !other.Shape.SequenceEqual(tensor.Shape) || all[i].Count != all[^1].Count)
                {
                    throw new InvalidDataException(
                        $"'{files[i].Path}': {all[i].Count} tensors, '{last.Path}' has {all[^1].Count}, and {name} is not the same in both. Name weights of one network at one input size.");
                }
            }

            mean.Add(name, tensor.Type is ElementType.F32 or ElementType.F16 or ElementType.BF16 ? Mean(tensor.Shape, [.. all.Select(one => one[name].ToSingles())]) : tensor);
        }

        return last with
        {
            Tensors = mean,
            Metadata = new Dictionary<string, string>(last.Metadata.Where(m => m.Key is not (StartingWeights.PeopleKey or "classes")))
            {
                ["mean_of"] = string.Join(',', files.Select(f => Path.GetFileName(f.Path))),
                [NormalisationsKey] = "means of the parents'",
            },
        };
    }

    private static WeightTensor Mean(IReadOnlyList<long> shape, float[][] values)
    {
        float[] sum = values[0];
        foreach (float[] more in values.AsSpan(1))
        {
            TensorPrimitives.Add(sum, more, sum);
        }

        TensorPrimitives.Divide(sum, values.Length, sum);
        return WeightTensor.Of(shape, sum);
    }
}

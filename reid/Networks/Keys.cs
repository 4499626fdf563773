using Pipeline.Reid.Weights;

namespace Pipeline.Reid.Networks;

/// <summary>The dialects of weight files' keys.</summary>
internal static class Keys
{
    /// <summary>The tensors under official keys: without DataParallel's prefix, a plain ResNet's under <c>backbone.</c>.</summary>
    internal static OrderedDictionary<string, WeightTensor> Normalised(WeightFile file)
    {
        const string Parallel = "module.";
        bool parallel = file.Tensors.Keys.All(k => k.StartsWith(Parallel, StringComparison.Ordinal));
        bool plain = file.Tensors.Keys.Any(k => k == (parallel ? Parallel : "") + "conv1.weight");
        OrderedDictionary<string, WeightTensor> tensors = [];
        foreach ((string key, WeightTensor tensor) in file.Tensors)
        {
            string name = parallel ? key[Parallel.Length..] : key;
            tensors.Add(plain && !IsClassifier(name) ? "backbone." + name : name, tensor);
        }

        return tensors;
    }

    internal static bool IsClassifier(string key) =>
        key.StartsWith("fc.", StringComparison.Ordinal) || key.StartsWith("cls.", StringComparison.Ordinal) || key.StartsWith("classifier.", StringComparison.Ordinal);
}

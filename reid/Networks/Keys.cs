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

    /// <summary>The tensors under the names of our networks, without classifiers: what describes people, whoever it was trained on.</summary>
    internal static OrderedDictionary<string, WeightTensor> WithoutClassifiers(WeightFile file) => new(Normalised(file).Where(tensor => !IsClassifier(tensor.Key)));

    /// <summary>Whether a tensor belongs to the trunk, its attention left out.</summary>
    internal static bool IsTrunk(string key) =>
        key.StartsWith("backbone.", StringComparison.Ordinal) && !key.Contains(".rga_att", StringComparison.Ordinal);

    /// <summary>The part whose tensors mean something only together: one half of an attention module, else the layer.</summary>
    internal static string Unit(string key)
    {
        const string Attention = "backbone.rga_att";
        return key.StartsWith(Attention, StringComparison.Ordinal)
            ? key[..(Attention.Length + 1)] + (key.Contains("_spatial.", StringComparison.Ordinal) ? "spatial" : "channel")
            : key[..Math.Max(0, key.LastIndexOf('.'))];
    }

    internal static bool IsClassifier(string key) =>
        key.StartsWith("fc.", StringComparison.Ordinal) || key.StartsWith("cls.", StringComparison.Ordinal) || key.StartsWith("classifier.", StringComparison.Ordinal);
}

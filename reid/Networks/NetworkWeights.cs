using Pipeline.Reid.Weights;

namespace Pipeline.Reid.Networks;

/// <summary>Brings weights and networks together: untrained ones from a seed, trained ones from a file.</summary>
public static class NetworkWeights
{
    internal const string TrackedSuffix = ".num_batches_tracked";

    /// <summary>Weights of an untrained network: a function of the seed and the tensors' names only, the same on every machine.</summary>
    public static IReadOnlyDictionary<string, WeightTensor> Seeded(ReidNetwork network, ulong seed = 0)
    {
        ArgumentNullException.ThrowIfNull(network);
        return Seeded(network.Parts, seed);
    }

    /// <inheritdoc cref="Seeded(ReidNetwork, ulong)"/>
    public static IReadOnlyDictionary<string, WeightTensor> Seeded(IEnumerable<Part> parts, ulong seed = 0)
    {
        ArgumentNullException.ThrowIfNull(parts);
        OrderedDictionary<string, WeightTensor> weights = [];
        foreach (Part part in parts)
        {
            foreach (PartTensor wanted in part.Tensors)
            {
                weights.Add(wanted.Name, wanted.Type == ElementType.I64
                    ? new WeightTensor(ElementType.I64, wanted.Shape, new byte[8])
                    : WeightTensor.Of(wanted.Shape, Initial(part, wanted, seed)));
            }
        }

        return weights;
    }

    /// <summary>The weights of a file for a network, under the network's keys.</summary>
    /// <remarks>
    /// A <c>module.</c> prefix (DataParallel) is taken off; <c>num_batches_tracked</c> may be missing, as in old files; a classifier in the
    /// file is left out when the network has none.
    /// </remarks>
    /// <exception cref="InvalidDataException">Keys are missing, unexpected or misshapen; all of them are listed.</exception>
    public static IReadOnlyDictionary<string, WeightTensor> From(ReidNetwork network, WeightFile file)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(file);
        OrderedDictionary<string, WeightTensor> given = Keys.Normalised(file);
        HashSet<string> known = [.. network.Tensors.Select(t => t.Name)];
        List<string> missing = [];
        List<string> misshapen = [];
        OrderedDictionary<string, WeightTensor> fitting = [];
        foreach (PartTensor wanted in network.Tensors)
        {
            if (!given.TryGetValue(wanted.Name, out WeightTensor? found))
            {
                if (!wanted.Name.EndsWith(TrackedSuffix, StringComparison.Ordinal))
                {
                    missing.Add(wanted.Name);
                }
            }
            else if (!found.Shape.SequenceEqual(wanted.Shape))
            {
                misshapen.Add($"{wanted.Name} [{string.Join(", ", found.Shape)}] instead of [{string.Join(", ", wanted.Shape)}]");
            }
            else
            {
                fitting.Add(wanted.Name, found);
            }
        }

        IEnumerable<string> unexpected = given.Keys.Where(k => !known.Contains(k) && !(network.Classifier is null && k == "cls.weight"));
        Refuse(file.Path, $"the network {network.Name} at {network.Height} x {network.Width}", missing, [.. unexpected], misshapen);
        return fitting;
    }

    private static void Refuse(string path, string what, List<string> missing, List<string> unexpected, List<string> misshapen)
    {
        if (missing.Count + unexpected.Count + misshapen.Count > 0)
        {
            static string List(string word, List<string> keys) => keys.Count == 0 ? "" : $" {word} ({keys.Count}): {string.Join(", ", keys)}.";
            throw new InvalidDataException(
                $"{path}: does not fit {what}.{List("Missing", missing)}{List("Unexpected", unexpected)}{List("Wrong shape", misshapen)}"
                + " Name the network that the file was trained as, at its input size.");
        }
    }

    private static float[] Initial(Part part, PartTensor tensor, ulong seed)
    {
        float[] values = new float[tensor.Shape.Aggregate(1L, (p, s) => p * s)];
        switch (part)
        {
            case Convolution convolution when tensor.Shape.Count > 1: // a bias stays 0
                double fanIn = (double)convolution.Inputs / convolution.Groups * convolution.Kernel * convolution.Kernel;
                double bound = Math.Sqrt(convolution.InitialGain / fanIn);
                SeededNumbers uniform = new(tensor.Name, seed);
                for (int i = 0; i < values.Length; i++)
                {
                    values[i] = (float)(bound * ((2 * uniform.Next()) - 1));
                }

                break;
            case Projection projection when tensor.Shape.Count > 1:
                SeededNumbers even = new(tensor.Name, seed);
                double reach = Math.Sqrt(1.0 / projection.Inputs);
                for (int i = 0; i < values.Length; i++)
                {
                    values[i] = (float)(reach * ((2 * even.Next()) - 1));
                }

                break;
            case Classifier:
                SeededNumbers normal = new(tensor.Name, seed);
                for (int i = 0; i < values.Length; i++)
                {
                    values[i] = (float)(0.001 * Math.Sqrt(-2 * Math.Log(1 - normal.Next())) * Math.Cos(2 * Math.PI * normal.Next()));
                }

                break;
            default:
                BatchNorm? norm = part as BatchNorm;
                bool isScale = tensor.Name.EndsWith(".weight", StringComparison.Ordinal);
                bool isShift = tensor.Name.EndsWith(".bias", StringComparison.Ordinal);
                bool isVariance = tensor.Name.EndsWith(".running_var", StringComparison.Ordinal);
                Array.Fill(values, isScale ? norm?.InitialScale ?? 1 : isShift ? norm?.InitialShift ?? 0 : isVariance ? 1 : 0);
                break;
        }

        return values;
    }

    /// <summary>Uniform numbers from a name and a seed: FNV-1a of the name, then splitmix64.</summary>
    private sealed class SeededNumbers
    {
        private ulong _state = 14695981039346656037;

        internal SeededNumbers(string name, ulong seed)
        {
            foreach (byte b in System.Text.Encoding.UTF8.GetBytes($"{seed}/{name}"))
            {
                _state = (_state ^ b) * 1099511628211;
            }
        }

        /// <summary>In [0, 1), 24 bits.</summary>
        internal double Next()
        {
            ulong z = _state += 0x9E3779B97F4A7C15;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return ((z ^ (z >> 31)) >> 40) * (1.0 / (1 << 24));
        }
    }
}

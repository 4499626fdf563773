using System.Text;
using Pipeline.Reid.Networks;
using Pipeline.Reid.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Pipeline.Tests.Networks;

/// <summary>Golden files and the formula that their full-size weights and pictures come from (tests/golden, made from the official code).</summary>
internal static class Golden
{
    internal static OrderedDictionary<string, WeightTensor> Read(params string[] parts) => WeightFile.Read(TestData.Golden(parts)).Tensors;

    /// <summary>u in [0, 1) of a name and flat indices: splitmix64 over FNV-1a.</summary>
    internal static double[] Unit(string name, long count)
    {
        ulong h = 14695981039346656037;
        foreach (byte b in Encoding.UTF8.GetBytes(name))
        {
            h = (h ^ b) * 1099511628211;
        }

        double[] u = new double[count];
        for (long i = 0; i < count; i++)
        {
            ulong z = h + ((ulong)(i + 1) * 0x9E3779B97F4A7C15);
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            z ^= z >> 31;
            u[i] = (z >> 40) * Math.Pow(2, -24);
        }

        return u;
    }

    internal static WeightTensor Formula(string name, IReadOnlyList<long> shape, double a = 1, double b = 0)
    {
        double[] u = Unit(name, shape.Aggregate(1L, (p, s) => p * s));
        return WeightTensor.Of(shape, [.. u.Select(v => (float)(b + (a * ((2 * v) - 1))))]);
    }

    /// <summary>Weights by formula; statistics may be given.</summary>
    internal static Dictionary<string, WeightTensor> Weights(
        ReidNetwork network, string prefix, double classifier, Func<string, WeightTensor?>? given = null)
    {
        Dictionary<string, WeightTensor> weights = [];
        foreach (PartTensor t in network.Tensors.Where(t => t.Type == ElementType.F32))
        {
            string k = t.Name;
            bool head = k.EndsWith("W_spatial.4.weight", StringComparison.Ordinal) || k.EndsWith("W_channel.4.weight", StringComparison.Ordinal);
            (double a, double b) = t.Shape.Count == 4 ? (Math.Sqrt(6.0 / (t.Shape[1] * t.Shape[2] * t.Shape[3])), 0)
                : k == "cls.weight" ? (classifier, 0)
                : k.EndsWith("running_var", StringComparison.Ordinal) ? (0.3, 1)
                : k.EndsWith("running_mean", StringComparison.Ordinal) ? (0.1, 0)
                : k.EndsWith("bn3.weight", StringComparison.Ordinal) ? (0.05, 0.2)
                : head ? (0.1, 0.6)
                : k.EndsWith(".weight", StringComparison.Ordinal) ? (0.2, 1.0)
                : (0.1, 0.0);
            weights[k] = given?.Invoke(k) ?? Formula(prefix + k, t.Shape, a, b);
        }

        return weights;
    }

    /// <summary>Pictures of coarse blocks and fine noise.</summary>
    internal static float[] Images(string tag, int count, int height, int width, int block)
    {
        double[] coarse = Unit($"{tag}/coarse", (long)count * 3 * (height / block) * (width / block));
        double[] fine = Unit($"{tag}/fine", (long)count * 3 * height * width);
        float[] pixels = new float[fine.Length];
        for (int i = 0; i < pixels.Length; i++)
        {
            int x = i % width;
            int y = i / width % height;
            int plane = i / (width * height);
            double c = coarse[((((plane * (height / block)) + (y / block)) * (width / block)) + (x / block))];
            pixels[i] = (float)((1.5 * ((2 * c) - 1)) + (0.5 * ((2 * fine[i]) - 1)));
        }

        return pixels;
    }

    internal static Tensor Torch(this WeightTensor values, bool gradient = false) =>
        tensor(values.ToSingles(), values.Shape.ToArray(), requires_grad: gradient);

    internal static float[] Values(this Tensor values) => values.detach().cpu().data<float>().ToArray();
}

/// <summary>Tests that need libtorch say so and are skipped without it.</summary>
internal static class Libtorch
{
    /// <param name="threads">One for small things: threads that wait for each other take longer than the work.</param>
    internal static void Require(int threads = 1)
    {
        try
        {
            set_num_threads(threads);
        }
        catch (DllNotFoundException e)
        {
            Skip.If(true, e.Message);
        }
    }
}

/// <summary>Keeps what goes into each sigmoid: the attentions before they are squashed, in the order they are computed.</summary>
internal sealed class ListeningOperations(nn.Module root, IEnumerable<Part> parts, IReadOnlyDictionary<string, WeightTensor> weights)
    : TorchOperations(root, parts, weights)
{
    internal List<float[]> BeforeSigmoid { get; } = [];

    public override Tensor Sigmoid(Tensor x)
    {
        BeforeSigmoid.Add(x.Values());
        return base.Sigmoid(x);
    }
}

/// <summary>A module that only holds those of the parts under test.</summary>
internal sealed class Bench() : nn.Module("bench");

using System.Text.Json;
using Pipeline.Reid.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Pipeline.Tests.Networks;

/// <summary>One case of golden/losses: its tensors, its settings, and a scope for what the test makes.</summary>
internal sealed class Case : IDisposable
{
    private readonly DisposeScope _scope;

    internal Case(string name)
    {
        Libtorch.Require();
        _scope = NewDisposeScope();
        Tensors = Golden.Read("losses", name + ".safetensors");
        using JsonDocument file = JsonDocument.Parse(File.ReadAllText(TestData.Golden("losses", name + ".json")));
        Settings = file.RootElement.Clone();
    }

    internal OrderedDictionary<string, WeightTensor> Tensors { get; }

    internal JsonElement Settings { get; }

    internal Tensor Labels => tensor(Whole("labels"), [Tensors["labels"].Count]);

    public void Dispose() => _scope.Dispose();

    internal double Number(string setting) => Settings.GetProperty(setting).GetDouble();

    internal long[] Whole(string name) => [.. Tensors[name].ToDoubles().Select(v => (long)v)];

    internal Tensor Singles(string name) => Tensors[name].Torch(gradient: true);

    internal Tensor Doubles(string name) => tensor(Tensors[name].ToDoubles(), Tensors[name].Shape.ToArray(), requires_grad: true);

    internal double OffLoss(Tensor loss) => Off("loss", loss);

    internal double OffGradient(string name, Tensor of) => Off(name.StartsWith('_') ? $"grad{name}" : $"grad.{name}", of.grad!);

    /// <summary>Largest difference to a tensor of the case.</summary>
    internal double Off(string name, Tensor found)
    {
        double[] values = found.detach().@double().data<double>().ToArray();
        double[] expected = Tensors[name].ToDoubles();
        Assert.Equal(expected.Length, values.Length);
        return expected.Zip(values, (e, v) => double.IsNaN(v) ? double.PositiveInfinity : Math.Abs(e - v)).Max();
    }
}

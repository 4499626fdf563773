using Pipeline.Reid.Networks;
using Pipeline.Reid.Weights;
using TorchSharp;
using Xunit.Abstractions;
using static TorchSharp.torch;

namespace Pipeline.Tests.Networks;

/// <summary>The attention module and the IBN layers against the official ones, outputs and gradients, in both modes.</summary>
[Collection("parity")]
public sealed class RgaModuleTests(ParityTable table, ITestOutputHelper output)
{
    public static TheoryData<string> Modules =>
        [.. Directory.GetFiles(TestData.Golden("rga"), "module_*.safetensors").Select(f => Path.GetFileNameWithoutExtension(f)).Order()];

    [SkippableTheory]
    [MemberData(nameof(Modules))]
    public void Attention_equals_the_official_module(string name)
    {
        string[] words = name.Split('_'); // module_c24_h6_w5_r442_SC
        int[] ratios = words[4] is "r8" ? [8, 8, 8] : [.. words[4][1..].Select(c => c - '0')];
        RgaGeometry geometry = RgaGeometry.Published(
            int.Parse(words[1][1..]), int.Parse(words[2][1..]), int.Parse(words[3][1..]), ratios[0], ratios[1], ratios[2]);
        RgaHalves halves = words[5] switch { "S" => RgaHalves.Spatial, "C" => RgaHalves.Channel, _ => RgaHalves.Both };
        PartList parts = new();
        RgaModule module = new(parts, "", geometry, halves);

        CompareBothModes(name, "rga", parts, (ops, x) => module.Apply(ops, x));
    }

    [SkippableFact]
    public void Ibn_layer_equals_the_official_layer()
    {
        PartList parts = new();
        IbnNorm layer = new(parts, "", 6);

        CompareBothModes("ibn_a_layer", "temporal", parts, (ops, x) => layer.Apply(ops, x));
    }

    [SkippableFact]
    public void Ibn_bottleneck_equals_the_official_bottleneck()
    {
        PartList parts = new();
        Bottleneck block = new(parts, "", 16, 4, stride: 1, ibn: true, shortcut: false);

        CompareBothModes("ibn_a_bottleneck", "temporal", parts, (ops, x) => block.Apply(ops, x));
    }

    [Fact]
    public void Published_ratios_that_leave_no_hidden_channel_are_refused()
    {
        ArgumentException e = Assert.Throws<ArgumentException>(() => RgaGeometry.Published(2048, 8, 4));

        Assert.Contains("2048 channels of 8 x 4", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fitting_ratios_are_the_published_ones_wherever_those_work()
    {
        foreach ((int c, int h, int w) in ((int, int, int)[])[(256, 64, 32), (512, 32, 16), (1024, 16, 8), (2048, 16, 8), (2048, 14, 7)])
        {
            Assert.Equal(RgaGeometry.Published(c, h, w), RgaGeometry.Fitting(c, h, w));
        }
    }

    private void CompareBothModes(string name, string folder, PartList parts, Func<TorchOperations, Tensor, Tensor> apply)
    {
        Libtorch.Require();
        OrderedDictionary<string, WeightTensor> golden = Golden.Read(folder, name + ".safetensors");
        Dictionary<string, WeightTensor> weights = golden.Where(t => t.Key.StartsWith("w.", StringComparison.Ordinal)).ToDictionary(t => t.Key[2..], t => t.Value);
        Assert.Equal(weights.Keys, parts.Parts.SelectMany(p => p.Tensors).Select(t => t.Name));
        foreach (string mode in (string[])["eval", "train"])
        {
            using DisposeScope scope = NewDisposeScope();
            using Bench bench = new();
            ListeningOperations ops = new(bench, parts.Parts, weights);
            bench.train(mode == "train");
            Tensor x = golden["x"].Torch(gradient: true);

            Tensor result = apply(ops, x);
            (result * golden["r"].Torch()).sum().backward();

            table.Compare(output, $"{name} {mode} out", golden[$"{mode}.out"].ToSingles(), result.Values(), 2e-6);
            table.Compare(output, $"{name} {mode} gradient of x", golden[$"{mode}.grad.x"].ToSingles(), x.grad!.Values(), 6e-6);
            foreach ((string key, TorchSharp.Modules.Parameter parameter) in bench.named_parameters())
            {
                table.Compare(
                    output, $"{name} {mode} gradients of parameters", golden[$"{mode}.grad.{key}"].ToSingles(),
                    parameter.grad?.Values() ?? new float[parameter.numel()], 4e-5);
            }

            string[] logits = [.. golden.Keys.Where(k => k.StartsWith($"{mode}.pre_sigmoid.", StringComparison.Ordinal))];
            Assert.Equal(logits.Length, ops.BeforeSigmoid.Count);
            foreach ((string key, float[] found) in logits.OrderBy(k => k.Contains("channel", StringComparison.Ordinal)).Zip(ops.BeforeSigmoid))
            {
                table.Compare(output, $"{name} {mode} before sigmoid", golden[key].ToSingles(), found, 2e-5);
            }

            foreach ((string key, Tensor buffer) in bench.named_buffers().Where(b => golden.ContainsKey($"{mode}.after.{b.name}")))
            {
                double[] found = buffer.dtype == int64 ? [buffer.item<long>()] : [.. buffer.Values().Select(v => (double)v)];
                table.Compare(
                    output, $"{name} {mode} running statistics", golden[$"{mode}.after.{key}"].ToSingles(), [.. found.Select(v => (float)v)], 2e-6);
            }
        }
    }
}

using Pipeline.Reid;
using Pipeline.Reid.Networks;
using Pipeline.Reid.Onnx;
using Pipeline.Reid.Weights;
using TorchSharp;
using static TorchSharp.torch;
using Picture = Pipeline.Reid.Picture;

namespace Pipeline.Tests.Networks;

/// <summary>The weights of a network that is served, taken out of its ONNX file again.</summary>
[Collection("parity")]
public sealed class ServedWeightsTests
{
    [SkippableTheory]
    [InlineData("rga-sc-compact-96", 128, 64)]
    [InlineData("baseline-compact-96", 64, 32)]
    public void An_ONNX_file_of_ours_gives_back_weights_that_compute_the_same(string name, int height, int width)
    {
        Libtorch.Require(threads: 2);
        using TemporaryFile onnx = new("model.onnx");
        ReidNetwork network = NetworkCatalog.Create(name, height, width);
        ModelFiles.Export(network, Trained(network), onnx.Path);

        Assert.All(ModelVerification.Compare(onnx.Path, onnx.Path), output => Assert.InRange(output.Deviation, 0, 1e-4));
        Assert.Equal("onnx", WeightFile.Read(onnx.Path).Container);
    }

    [SkippableFact]
    public void Measured_normalisations_change_nothing_in_use_and_little_in_training()
    {
        Libtorch.Require(threads: 2);
        using TemporaryFile onnx = new("model.onnx");
        ReidNetwork network = NetworkCatalog.Create("rga-sc-compact-96", 128, 64);
        ModelFiles.Export(network, Trained(network), onnx.Path);
        IReadOnlyDictionary<string, WeightTensor> folded = NetworkWeights.From(network, WeightFile.Read(onnx.Path));
        HashSet<Part> parts = [.. network.Parts.OfType<BatchNorm>().Where(norm => FoldedNormalisations.IsFolded(folded, norm))];

        OrderedDictionary<string, WeightTensor> measured = MeasuredNormalisations.Of(network, folded, parts, Pictures(16));

        Assert.Equal(network.Parts.OfType<BatchNorm>().Count() - 1, parts.Count); // all but the neck
        Assert.DoesNotContain(network.Parts.OfType<BatchNorm>(), norm => FoldedNormalisations.IsFolded(measured, norm));
        float[] before = Feature(network, folded, training: false);
        double scale = before.Max(Math.Abs);
        Assert.InRange(Difference(before, Feature(network, measured, training: false)) / scale, 0, 1e-3);
        Assert.InRange(Difference(before, Feature(network, measured, training: true)) / scale, 0, 0.05); // the very pictures it was measured on
    }

    [Fact]
    public void ONNX_files_of_others_and_broken_ones_are_refused_in_words()
    {
        using TemporaryFile onnx = new("model.onnx");
        ReidNetwork network = NetworkCatalog.Create("baseline-compact-96", 64, 32);
        ModelFiles.Export(network, NetworkWeights.Seeded(network), onnx.Path);
        byte[] whole = File.ReadAllBytes(onnx.Path);

        File.WriteAllBytes(onnx.Path, whole[..(whole.Length / 2)]);
        Assert.Contains("cannot be read as a weight file", Assert.Throws<InvalidDataException>(() => WeightFile.Read(onnx.Path)).Message, StringComparison.Ordinal);

        File.WriteAllBytes(onnx.Path, [0x08, 0x08, 0x12, 0x01, (byte)'x']);
        Assert.Contains("no known network", Assert.Throws<InvalidDataException>(() => WeightFile.Read(onnx.Path)).Message, StringComparison.Ordinal);
    }

    // As training leaves them: every normalisation with statistics, scale and shift of its own.
    private static Dictionary<string, WeightTensor> Trained(ReidNetwork network)
    {
        Random random = new(4);
        Dictionary<string, WeightTensor> weights = new(NetworkWeights.Seeded(network, 5));
        foreach (BatchNorm norm in network.Parts.OfType<BatchNorm>())
        {
            foreach ((string name, float least, float most) in new[] { ("weight", 0.5f, 1.5f), ("bias", -0.3f, 0.3f), ("running_mean", -0.3f, 0.3f), ("running_var", 0.5f, 2f) })
            {
                weights[$"{norm.Key}.{name}"] = WeightTensor.Of([norm.Channels], [.. Enumerable.Range(0, norm.Channels).Select(_ => least + ((most - least) * random.NextSingle()))]);
            }
        }

        return weights;
    }

    private static float[] Feature(ReidNetwork network, IReadOnlyDictionary<string, WeightTensor> weights, bool training)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable plain = no_grad();
        using TorchNetwork torchNetwork = new(network, weights);
        torchNetwork.train(training);
        CropTensor crops = new(network.Preprocessing);
        Picture[] pictures = Pictures(16);
        float[] values = new float[pictures.Length * crops.Length];
        for (int i = 0; i < pictures.Length; i++)
        {
            crops.Write(pictures[i], values.AsSpan(i * crops.Length, crops.Length), false);
        }

        return torchNetwork.call(tensor(values, [pictures.Length, 3, network.Height, network.Width])).data<float>().ToArray();
    }

    private static double Difference(float[] one, float[] other) => one.Zip(other, (a, b) => Math.Abs((double)a - b)).Max();

    private static Picture[] Pictures(int count)
    {
        Random random = new(6);
        return [.. Enumerable.Range(0, count).Select(_ =>
        {
            byte[] bytes = new byte[3 * 32 * 64];
            random.NextBytes(bytes);
            return new Picture(32, 64, bytes);
        })];
    }
}

using Pipeline.Reid.Networks;
using Pipeline.Reid.Training.Losses;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Pipeline.Tests.Networks;

/// <summary>What a training step asks of libtorch: nothing leaks, memory layouts last, bfloat16 goes through a whole network.</summary>
[Collection("parity")]
public sealed class TrainingStepTests
{
    [SkippableFact]
    public void The_number_of_tensors_is_flat_over_fifty_steps()
    {
        Libtorch.Require();
        ReidNetwork definition = NetworkCatalog.Create("baseline-compact", 64, 32, classes: 4);
        using TorchNetwork network = new(definition, Golden.Weights(definition, "leak/", 0.1));
        using AdamW adam = optim.AdamW(network.parameters());
        float[] pixels = Golden.Images("leak", 4, 64, 32, block: 8);
        Step();
        long before = Tensor.TotalCount;

        for (int i = 0; i < 50; i++)
        {
            Step();
        }

        Assert.Equal(before, Tensor.TotalCount);

        void Step()
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor labels = tensor([0L, 0L, 1L, 2L], [4]);
            Tensor pooled = network.call(tensor(pixels, [4, 64, 32, 3]).permute(0, 3, 1, 2));
            Tensor loss = CrossEntropy.Smoothed(network.Logits(network.Normalised(pooled)), labels) + new BatchHardTriplet().Of(pooled, labels);
            adam.zero_grad();
            loss.backward();
            adam.step();
        }
    }

    [SkippableTheory]
    [InlineData(false)]
    [InlineData(true)]
    public void Convolution_normalisation_and_activation_keep_the_layout_of_their_input(bool brief)
    {
        Libtorch.Require();
        using DisposeScope scope = NewDisposeScope();
        using Parameter weight = new(Golden.Formula("layout/w", [4, 3, 3, 3]).Torch());
        using BatchNorm2d norm = nn.BatchNorm2d(4);
        Tensor pictures = tensor(Golden.Images("layout", 2, 8, 8, block: 4), [2, 8, 8, 3]).permute(0, 3, 1, 2);
        Tensor x = brief ? pictures.bfloat16() : pictures;

        Tensor y = nn.functional.conv2d(x, weight.to(x.dtype), padding: [1, 1]);
        Tensor z = nn.functional.relu6(norm.call(y), inplace: true);
        z.mean([0, 1, 2, 3], type: float32).backward();

        Assert.All([x, y, z], t => Assert.True(t.permute(0, 2, 3, 1).is_contiguous()));
        Assert.Equal(brief ? ScalarType.BFloat16 : ScalarType.Float32, z.dtype);
        Assert.Equal(ScalarType.Float32, weight.grad!.dtype);
        Assert.Equal(ScalarType.Float32, norm.running_mean!.dtype);
    }

    [SkippableTheory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void ReLU6_and_its_gradient_are_exact_in_and_out_of_place(bool brief, bool inPlace)
    {
        Libtorch.Require();
        using DisposeScope scope = NewDisposeScope();
        float[] values = [float.NegativeInfinity, -1, -0f, 0, 1e-30f, 0.5f, 5.96875f, 6, 6.03125f, 100, float.PositiveInfinity, float.NaN];
        Tensor start = tensor(values, [values.Length], requires_grad: true);
        Tensor x = (brief ? start.bfloat16() : start) * 1; // a leaf cannot be changed in place

        Tensor y = nn.functional.relu6(x, inPlace);
        y.sum().backward();

        float[] found = y.@float().Values();
        Assert.Equal([0, 0, 0, 0, 1e-30f, 0.5f, 5.96875f, 6, 6, 6, 6], found[..11].Select(v => Math.Abs(v - 1e-30f) < 1e-32f ? 1e-30f : v));
        Assert.True(float.IsNaN(found[11]));
        Assert.Equal([0, 0, 0, 0, 1, 1, 1, 0, 0, 0, 0], start.grad!.Values()[..11]);
        Assert.Equal(inPlace, x.@float().Values()[1] == 0);
    }

    [SkippableTheory]
    [InlineData(3, 5, 7, 24)]
    [InlineData(8, 16, 8, 24)]
    [InlineData(4, 16, 8, 192)]
    public void Normalisation_in_bfloat16_has_the_values_gradients_and_statistics_of_single_precision(int batch, int rows, int columns, int channels)
    {
        Libtorch.Require();
        using DisposeScope scope = NewDisposeScope();
        long[] shape = [batch, rows, columns, channels];
        float[] values = Rounded(Golden.Formula("norm/x", shape, 2, 3).Torch());
        Tensor weights = tensor(Rounded(Golden.Formula("norm/g", shape).Torch()), shape).permute(0, 3, 1, 2);
        (float[] y, float[] x, float[] scale, float[] shift, float[] mean, float[] variance) exact = Run(bfloat16: false);

        (float[] y, float[] x, float[] scale, float[] shift, float[] mean, float[] variance) brief = Run(bfloat16: true);

        AssertNear(exact.y, brief.y, 0.005);
        AssertNear(exact.x, brief.x, 0.005);
        AssertNear(exact.scale, brief.scale, 1e-4);
        AssertNear(exact.shift, brief.shift, 1e-4);
        AssertNear(exact.mean, brief.mean, 1e-5);
        AssertNear(exact.variance, brief.variance, 1e-5);

        (float[], float[], float[], float[], float[], float[]) Run(bool bfloat16)
        {
            using BatchNorm2d norm = nn.BatchNorm2d(channels);
            Tensor start = tensor(values, shape, requires_grad: true);
            Tensor maps = start.permute(0, 3, 1, 2);
            Tensor y = norm.call(bfloat16 ? maps.bfloat16() : maps).@float();
            (y * weights).sum().backward();
            return (y.Values(), start.grad!.Values(), norm.weight!.grad!.Values(), norm.bias!.grad!.Values(), norm.running_mean!.Values(), norm.running_var!.Values());
        }

        static float[] Rounded(Tensor t) => t.bfloat16().@float().Values();
    }

    // Relative to the largest value.
    private static void AssertNear(float[] expected, float[] found, double tolerance)
    {
        double scale = expected.Max(Math.Abs);
        Assert.Equal(expected.Length, found.Length);
        Assert.True(expected.Zip(found).Max(p => Math.Abs(p.First - p.Second)) <= tolerance * scale);
    }
}

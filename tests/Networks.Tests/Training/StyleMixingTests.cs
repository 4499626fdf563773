using Pipeline.Reid.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Pipeline.Tests.Networks;

[Collection("parity")]
public sealed class StyleMixingTests
{
    private static readonly float[] s_values = [.. Enumerable.Range(0, 4 * 3 * 5 * 2).Select(i => MathF.Sin(i * 1.7f) + (i / 30))];

    public StyleMixingTests() => Libtorch.Require();

    [SkippableFact]
    public void Restyle_leaves_a_map_alone_outside_a_step()
    {
        using Mixed mixed = new(1);

        using Tensor same = mixed.Mixing.Restyle(mixed.Map);

        Assert.Same(mixed.Map, same);
    }

    [SkippableFact]
    public void Restyle_gives_each_channel_a_mean_between_its_own_and_that_of_one_other_picture_and_keeps_what_is_in_the_map()
    {
        using Mixed mixed = new(1);
        mixed.Mixing.Begin(2, 7);

        using Tensor changed = mixed.Mixing.Restyle(mixed.Map);

        (double[] before, double[] after) = (Means(mixed.Map), Means(changed));
        for (int picture = 0; picture < 4; picture++)
        {
            // One share for all of a picture's channels; which picture the other is, is the same turn for all.
            Assert.Contains(Enumerable.Range(0, 4), other => Enumerable.Range(0, 3).All(c => Between(after[(picture * 3) + c], before[(picture * 3) + c], before[(other * 3) + c])));
        }

        Assert.NotEqual(before, after);
        float[] was = s_values, now = changed.data<float>().ToArray();
        for (int channel = 0; channel < 12; channel++)
        {
            int[] order = [.. Enumerable.Range(channel * 10, 10).OrderBy(i => was[i])];
            Assert.True(order.Zip(order.Skip(1)).All(pair => now[pair.First] <= now[pair.Second] + 1e-5f)); // scale and shift keep the order
        }
    }

    [SkippableFact]
    public void Restyle_depends_on_seed_epoch_and_step_alone()
    {
        using Mixed first = new(1);
        using Mixed second = new(1);
        first.Mixing.Begin(0, 1);
        first.Mixing.Restyle(first.Map).Dispose();
        first.Mixing.Begin(2, 7);
        second.Mixing.Begin(2, 7);

        using Tensor a = first.Mixing.Restyle(first.Map);
        using Tensor b = second.Mixing.Restyle(second.Map);

        Assert.Equal(a.data<float>().ToArray(), b.data<float>().ToArray());
    }

    private static bool Between(double value, double a, double b) => value >= Math.Min(a, b) - 1e-5 && value <= Math.Max(a, b) + 1e-5;

    private static double[] Means(Tensor map)
    {
        using Tensor means = map.mean([2, 3]);
        return [.. means.data<float>().ToArray().Select(v => (double)v)];
    }

    private sealed class Mixed : IDisposable
    {
        private readonly Root _root = new();

        internal Mixed(double probability) => Mixing = new StyleMixing(_root, [], new Dictionary<string, Reid.Weights.WeightTensor>(), probability, seed: 5);

        internal StyleMixing Mixing { get; }

        internal Tensor Map { get; } = tensor(s_values, [4, 3, 5, 2]);

        public void Dispose()
        {
            Map.Dispose();
            _root.Dispose();
        }
    }

    private sealed class Root() : nn.Module("root");
}

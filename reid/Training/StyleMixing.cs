using Pipeline.Reid.Data;
using Pipeline.Reid.Networks;
using Pipeline.Reid.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Pipeline.Reid.Training;

/// <summary>
/// The operations of a training in which pictures exchange the styles of their early maps: each channel's mean and deviation over the map, which say
/// more of the camera and its light than of the person. Outside a step they are plain ones.
/// </summary>
/// <remarks>
/// MixStyle (Zhou et al., ICLR 2021, arXiv 2104.02008, equations 4 to 6): the map keeps its shape, its statistics become a mixture of its own and another
/// picture's. The other one is found by rotating the batch by a random number of places; the share of each is drawn from Beta(0.1, 0.1), near 0 or
/// near 1; nothing is learned through the statistics. All randomness depends on seed, epoch and step alone.
/// </remarks>
/// <param name="root">Receives the modules.</param>
/// <param name="parts">The parts.</param>
/// <param name="weights">Every tensor of the parts by its full name.</param>
/// <param name="probability">Share of the places and steps at which styles are mixed, 0 to 1.</param>
/// <param name="seed">Seed of the training.</param>
public sealed class StyleMixing(
    nn.Module root, IEnumerable<Part> parts, IReadOnlyDictionary<string, WeightTensor> weights, double probability, ulong seed)
    : TorchOperations(root, parts, weights)
{
    private const double Concentration = 0.1;
    private const float LeastVariance = 1e-6f;

    private SeededRandom _random;
    private bool _mixes;

    /// <summary>Mixes from here to <see cref="End"/>.</summary>
    /// <param name="epoch">Epoch, from 0.</param>
    /// <param name="step">Step of the epoch, from 0.</param>
    public void Begin(int epoch, int step) => (_random, _mixes) = (new SeededRandom(seed, epoch, step), true);

    /// <summary>Mixes no longer.</summary>
    public void End() => _mixes = false;

    /// <inheritdoc/>
    public override Tensor Restyle(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (!_mixes || !_random.Chance(probability) || x.shape[0] < 2)
        {
            return x;
        }

        int count = (int)x.shape[0];
        int turn = 1 + _random.Below(count - 1);
        float[] shares = new float[count];
        foreach (ref float share in shares.AsSpan())
        {
            share = (float)Beta(ref _random);
        }

        (Tensor scale, Tensor shift) = Change(x.detach(), turn, shares);
        return x.mul(scale).add(shift);
    }

    // What makes of each channel's mean and deviation the mixture's: x · scale + shift.
    private static (Tensor Scale, Tensor Shift) Change(Tensor map, int turn, float[] shares)
    {
        ScalarType type = map.dtype;
        map = map.to(float32);
        Tensor mean = map.mean([2, 3], true);
        Tensor centred = map - mean;
        Tensor deviation = centred.mul(centred).mean([2, 3], true).clamp_min(LeastVariance).sqrt();
        Tensor share = tensor(shares, [shares.Length, 1, 1, 1], device: map.device);
        Tensor Mixed(Tensor own) => own + (Turned(own, turn) - own).mul(share);
        Tensor scale = Mixed(deviation) / deviation;
        return (scale.to(type), (Mixed(mean) - mean.mul(scale)).to(type));
    }

    private static Tensor Turned(Tensor x, int turn) => cat([x.narrow(0, turn, x.shape[0] - turn), x.narrow(0, 0, turn)], 0);

    // Jöhnk's way, which suits small concentrations; a pair too small to be told from zero is drawn again.
    private static double Beta(ref SeededRandom random)
    {
        while (true)
        {
            double a = Math.Pow(random.Unit(), 1 / Concentration);
            double b = Math.Pow(random.Unit(), 1 / Concentration);
            if (a + b is > 0 and <= 1)
            {
                return a / (a + b);
            }
        }
    }
}

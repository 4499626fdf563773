using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Pipeline.Reid.Training.Losses;

/// <summary>
/// Centre loss (Wen et al. 2016) in reid-strong-baseline's form: squared distances of features to the centre of their identity, clamped to
/// [10⁻¹², 10¹²], averaged over the batch, without ½. (That code also adds 10⁻¹² for each other identity, far below single precision.)
/// </summary>
public sealed class CentreLoss : IDisposable
{
    private readonly SGD _optimizer;

    /// <summary>Starts with these centres.</summary>
    /// <param name="centres">(K, D); taken over, and empty afterwards.</param>
    public CentreLoss(Tensor centres)
    {
        Centres = new Parameter(centres);
        _optimizer = optim.SGD([Centres], learningRate: 0);
    }

    /// <summary>The centres (K, D).</summary>
    public Parameter Centres { get; }

    /// <summary>The loss, one number.</summary>
    /// <param name="features">Features (B, D).</param>
    /// <param name="labels">Their identities (B), whole numbers from 0 to K - 1.</param>
    public Tensor Of(Tensor features, Tensor labels)
    {
        ArgumentNullException.ThrowIfNull(features);
        Tensor own = Identities.OneHot(labels, Centres.shape[0], features).matmul(Centres);
        return (features - own).pow(2).sum([1]).clamp(1e-12, 1e12).mean();
    }

    /// <summary>Moves the centres against their gradient and clears it.</summary>
    /// <param name="weight">Weight of this loss in the sum that went backward; the centres move as if it had been 1.</param>
    /// <param name="learningRate">Learning rate of the centres; 0.5 in reid-strong-baseline.</param>
    public void Step(double weight, double learningRate = 0.5)
    {
        foreach (optim.ILearningRateController group in _optimizer.ParamGroups)
        {
            group.LearningRate = learningRate / weight;
        }

        _optimizer.step();
        _optimizer.zero_grad();
    }

    /// <summary>Saves the centres.</summary>
    public void Save(BinaryWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        using DisposeScope scope = NewDisposeScope();
        foreach (float value in Centres.detach().cpu().data<float>().ToArray())
        {
            writer.Write(value);
        }
    }

    /// <summary>Goes on from centres saved for as many identities.</summary>
    public void Load(BinaryReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        float[] values = new float[Centres.numel()];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = reader.ReadSingle();
        }

        using IDisposable plain = no_grad();
        using Tensor read = tensor(values, Centres.shape);
        Centres.copy_(read);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _optimizer.Dispose();
        Centres.Dispose();
    }
}

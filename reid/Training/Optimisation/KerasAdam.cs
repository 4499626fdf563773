using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Pipeline.Reid.Training.Optimisation;

/// <summary>
/// Adam as Keras has it: p -= lr·√(1-β₂ᵗ)/(1-β₁ᵗ) · m/(√v + ε), with ε outside the correction of v. That is PyTorch's Adam with ε/√(1-β₂ᵗ).
/// </summary>
public sealed class KerasAdam : IDisposable
{
    private const double Beta2 = 0.999;
    private readonly Adam.ParamGroup _group;
    private readonly Adam _adam;
    private readonly double _epsilon;
    private long _steps;

    /// <summary>Keras' defaults: β 0.9 and 0.999.</summary>
    /// <param name="parameters">What it changes; each must get a gradient in every step.</param>
    /// <param name="learningRate">Learning rate.</param>
    /// <param name="epsilon">ε.</param>
    public KerasAdam(IEnumerable<Parameter> parameters, double learningRate, double epsilon = 1e-7)
    {
        _epsilon = epsilon;
        _group = new Adam.ParamGroup(parameters, new Adam.Options());
        _adam = optim.Adam([_group], learningRate, beta2: Beta2);
    }

    /// <summary>The learning rate of the next step.</summary>
    public double LearningRate
    {
        get => _group.LearningRate;
        set => _group.LearningRate = value;
    }

    /// <summary>Clears the gradients.</summary>
    public void ClearGradients() => _adam.zero_grad();

    /// <summary>Changes the parameters.</summary>
    public void Step()
    {
        _group.Options!.eps = _epsilon / Math.Sqrt(1 - Math.Pow(Beta2, ++_steps));
        _adam.step();
    }

    /// <summary>Saves what it remembers.</summary>
    public void Save(BinaryWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write(_steps);
        _adam.save_state_dict(writer);
    }

    /// <summary>Goes on from what was saved for the same parameters.</summary>
    public void Load(BinaryReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        _steps = reader.ReadInt64();
        _adam.load_state_dict(reader);
    }

    /// <inheritdoc/>
    public void Dispose() => _adam.Dispose();
}

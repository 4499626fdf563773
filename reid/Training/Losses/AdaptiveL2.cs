using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Pipeline.Reid.Training.Losses;

/// <summary>
/// Adaptive L2 regularisation (Ni et al., arXiv 2007.07875, as its Keras code has it): each regularised tensor w has its own trainable θ, and the
/// penalty is Σ λ·Σw² with λ = A · clip(0.2·ω·θ + 0.5, 0, 1). θ starts at 0 and is not regularised. The gradient of θ is never negative, so under
/// this penalty factors only fall. At θ = ±2.5/ω exactly it still passes, as in TensorFlow.
/// </summary>
public sealed class AdaptiveL2 : IDisposable
{
    private readonly (string Name, Parameter Parameter)[] _regularised;
    private readonly double _amplitude;
    private readonly double _omega;

    /// <summary>One factor for each tensor.</summary>
    /// <param name="regularised">
    /// The tensors with their names: kernels and biases of convolutions and of the classifier, scales and shifts of batch normalisation.
    /// </param>
    /// <param name="amplitude">A, the largest factor. 0.005 in the paper's code.</param>
    /// <param name="omega">ω, how fast factors move.</param>
    public AdaptiveL2(IEnumerable<(string Name, Parameter Parameter)> regularised, double amplitude = 0.005, double omega = 1)
    {
        ArgumentNullException.ThrowIfNull(regularised);
        _regularised = [.. regularised];
        if (_regularised.Length == 0)
        {
            throw new ArgumentException("there is nothing to regularise", nameof(regularised));
        }

        _amplitude = amplitude;
        _omega = omega;
        Parameter first = _regularised[0].Parameter;
        Theta = new Parameter(zeros([_regularised.Length], first.dtype, first.device));
    }

    /// <summary>θ of each tensor, in their order: hand it to the optimiser, without weight decay.</summary>
    public Parameter Theta { get; }

    /// <summary>The regularised tensors, in their order.</summary>
    public IReadOnlyList<Parameter> Regularised => [.. _regularised.Select(r => r.Parameter)];

    /// <summary>The penalty with its gradients, one number, to be added to the loss.</summary>
    public Tensor Penalty()
    {
        Tensor squares = cat([.. _regularised.Select(r => r.Parameter.pow(2).sum().reshape(1))]);
        return (Factors() * squares).sum();
    }

    /// <summary>λ of each tensor with its name, for the log.</summary>
    public IReadOnlyList<(string Name, double Factor)> CopyFactors()
    {
        using TorchSharp.DisposeScope scope = NewDisposeScope();
        double[] factors = Factors().detach().cpu().@double().data<double>().ToArray();
        return [.. _regularised.Select((r, i) => (r.Name, factors[i]))];
    }

    /// <inheritdoc/>
    public void Dispose() => Theta.Dispose();

    private Tensor Factors() => ((Theta * (0.2 * _omega)) + 0.5).clamp(0, 1) * _amplitude;
}

using static TorchSharp.torch;

namespace Pipeline.Reid.Training;

/// <summary>The losses of a batch, still on libtorch.</summary>
/// <param name="Total">What is minimised.</param>
/// <param name="Identity">The classifier's loss, unweighted.</param>
/// <param name="Triplet">The triplet loss, unweighted; null without.</param>
/// <param name="Regularisation">The penalty, weighted; null without.</param>
/// <param name="Accuracy">Share of the batch that the classifier names right; without one, whose own are all nearer than anybody else.</param>
internal sealed record LossTensors(Tensor Total, Tensor Identity, Tensor? Triplet, Tensor? Regularisation, Tensor Accuracy)
{
    /// <summary>Fetches the values.</summary>
    public StepValues Values() => new(Value(Total), Value(Identity), Value(Triplet), Value(Regularisation), Value(Accuracy));

    private static double Value(Tensor? tensor) => tensor is null ? 0 : tensor.item<float>();
}

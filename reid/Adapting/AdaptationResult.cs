using Pipeline.Reid.Networks;
using Pipeline.Reid.Weights;

namespace Pipeline.Reid.Adapting;

/// <summary>What a grouping and the steps after it were.</summary>
/// <param name="People">People that the learned tracks were taken for.</param>
/// <param name="Joined">Tracks that share their person with another one.</param>
/// <param name="FirstLoss">Mean loss of the first tenth of the steps.</param>
/// <param name="LastLoss">Mean loss of the last tenth.</param>
public sealed record AdaptationEpoch(int People, int Joined, double FirstLoss, double LastLoss);

/// <summary>What an adaptation gave.</summary>
/// <param name="Network">The network, without a classifier.</param>
/// <param name="Weights">Its new weights.</param>
/// <param name="Comparison">Both models on held-out tracks, and which is to be kept.</param>
/// <param name="Epochs">How the training went.</param>
/// <param name="Learned">Tracks that were learned from.</param>
/// <param name="Pictures">Pictures of them.</param>
/// <param name="SourcePeople">People of the source in the mix.</param>
/// <param name="Source">Mean average precision on held-out people of the source, before and after; null without a source.</param>
public sealed record AdaptationResult(
    ReidNetwork Network, IReadOnlyDictionary<string, WeightTensor> Weights, SelfCheckComparison Comparison, IReadOnlyList<AdaptationEpoch> Epochs, int Learned, int Pictures,
    int SourcePeople, (double Before, double After)? Source);

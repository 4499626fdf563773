using Pipeline.Reid.Networks;
using Pipeline.Reid.Training.Losses;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Pipeline.Reid.Training;

/// <summary>What a recipe minimises: the classifier's loss, the triplet loss, and what regularises.</summary>
internal sealed class TrainingLoss : IDisposable
{
    private readonly LossRecipe _recipe;
    private readonly TorchNetwork _network;
    private readonly BatchHardTriplet? _triplet;
    private readonly AdditiveMarginSoftmax? _marginSoftmax;
    private readonly CentreLoss? _centres;
    private readonly Parameter? _classifier; // AM-softmax's directions

    /// <summary>Puts the losses of a recipe together.</summary>
    /// <param name="recipe">The recipe of the stage.</param>
    /// <param name="network">The network, with a classifier; frozen parameters are told by now.</param>
    /// <param name="device">Where it is trained.</param>
    public TrainingLoss(TrainingRecipe recipe, TorchNetwork network, Device device)
    {
        (_recipe, _network) = (recipe.Loss, network);
        _classifier = _recipe.Identity == IdentityLoss.AmSoftmax ? network.named_parameters().Single(p => p.name == "cls.weight").parameter : null;
        _triplet = _recipe.Triplet == TripletLossKind.None ? null : new BatchHardTriplet
        {
            Margin = _recipe.Triplet == TripletLossKind.Soft ? null : _recipe.Margin, Distance = _recipe.Distance,
        };
        _marginSoftmax = _recipe.Identity == IdentityLoss.AmSoftmax ? new AdditiveMarginSoftmax(_recipe.Scale, _recipe.CosineMargin) : null;
        _centres = _recipe.CentreWeight > 0
            ? new CentreLoss(zeros([network.Definition.Classes, network.Definition.FeatureLength], device: device))
            : null;
        Regularisation = recipe.AdaptiveL2.Enabled
            ? new AdaptiveL2(network.named_parameters().Where(p => p.parameter.requires_grad), recipe.AdaptiveL2.Amplitude, recipe.AdaptiveL2.Speed)
            : null;
    }

    /// <summary>Adaptive L2; null without. Its scalars are the optimiser's to move.</summary>
    public AdaptiveL2? Regularisation { get; }

    /// <summary>The losses of a batch.</summary>
    /// <param name="pooled">Features before the neck (B, D).</param>
    /// <param name="labels">Classes (B).</param>
    public LossTensors Of(Tensor pooled, Tensor labels)
    {
        // Each classifier has its loss, and each piece of the feature before it its triplets: three in AdaptiveReID, one elsewhere.
        IReadOnlyList<(Tensor Pooled, Tensor Logits)> pieces = _marginSoftmax is null ? _network.Branches(pooled) : [(pooled, MarginScores(pooled, labels))];
        Tensor identity = Sum(pieces.Select(p => CrossEntropy.Smoothed(p.Logits, labels, _recipe.Smoothing)));
        Tensor? triplet = _triplet is null ? null : Sum(pieces.Select(p => _triplet.Of(p.Pooled, labels)));
        Tensor total = identity * _recipe.IdentityWeight;
        if (triplet is not null)
        {
            total += triplet * _recipe.TripletWeight;
        }

        Tensor? penalty = Regularisation?.Penalty();
        if (_centres?.Of(pooled, labels) is { } distance)
        {
            penalty = penalty is null ? distance * _recipe.CentreWeight : penalty + (distance * _recipe.CentreWeight);
        }

        total = penalty is null ? total : total + penalty;
        return new LossTensors(total, identity, triplet, penalty, Accuracy(pieces[0].Logits, labels));
    }

    /// <summary>The triplet loss alone, of features that nothing names: clips of a head that is trained by itself.</summary>
    /// <param name="served">Features that people are compared by (B, D).</param>
    /// <param name="labels">Classes (B).</param>
    public LossTensors OfServed(Tensor served, Tensor labels)
    {
        HardTriplets mined = _triplet!.Mine(served, labels); // a recipe without it is refused
        Tensor triplet = _triplet.PerAnchor(mined).mean([0]);
        Tensor total = triplet * _recipe.TripletWeight;
        using IDisposable plain = no_grad();
        Tensor right = (mined.Negative - mined.Positive).relu().ne(zeros([1])).to(float32).mean([0]);
        return new LossTensors(total, zeros([1]), triplet, null, right);
    }

    /// <summary>Moves what is no weight of the network, after the gradients are there.</summary>
    public void Step() => _centres?.Step(_recipe.CentreWeight, _recipe.CentreRate);

    /// <summary>Writes what a training needs to go on.</summary>
    public void SaveState(BinaryWriter writer)
    {
        if (Regularisation is not null)
        {
            TensorStream.Write(writer, new Dictionary<string, Tensor> { ["adaptive_l2.theta"] = Regularisation.Theta });
        }

        _centres?.Save(writer);
    }

    /// <summary>Reads what <see cref="SaveState"/> wrote.</summary>
    public void LoadState(BinaryReader reader)
    {
        if (Regularisation is not null)
        {
            TensorStream.Read(reader, new Dictionary<string, Tensor> { ["adaptive_l2.theta"] = Regularisation.Theta });
        }

        _centres?.Load(reader);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Regularisation?.Dispose();
        _centres?.Dispose();
    }

    private static Tensor Sum(IEnumerable<Tensor> losses) => losses.Aggregate((a, b) => a + b);

    // With a margin this is harder than naming the right person: the right answer's score is lowered first.
    private static Tensor Accuracy(Tensor scores, Tensor labels)
    {
        using IDisposable plain = no_grad();
        return scores.max(1).indexes.eq(labels).to(float32).mean([0]);
    }

    private Tensor MarginScores(Tensor pooled, Tensor labels) => _marginSoftmax!.Logits(_network.Normalised(pooled), _classifier!, labels);
}

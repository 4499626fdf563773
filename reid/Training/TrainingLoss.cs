using Pipeline.Reid.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace Pipeline.Reid.Training;

/// <summary>The losses of a batch, still on libtorch.</summary>
internal sealed record LossTensors(Tensor Total, Tensor Identity, Tensor? Triplet, Tensor? Regularisation, Tensor Accuracy)
{
    /// <summary>Fetches the values.</summary>
    public StepValues Values() => new(Value(Total), Value(Identity), Value(Triplet), Value(Regularisation), Value(Accuracy));

    private static double Value(Tensor? tensor) => tensor is null ? 0 : tensor.item<float>();
}

/// <summary>What a recipe minimises.</summary>
internal sealed class TrainingLoss(LossRecipe recipe, TorchNetwork network)
{
    /// <summary>The losses of a batch.</summary>
    /// <param name="pooled">Features before the neck.</param>
    /// <param name="labels">Classes.</param>
    public LossTensors Of(Tensor pooled, Tensor labels)
    {
        Tensor logits = network.Logits(network.Normalised(pooled));
        Tensor identity = CrossEntropy(logits, labels, recipe.Smoothing);
        Tensor total = identity * recipe.IdentityWeight;
        Tensor? triplet = recipe.Triplet == TripletLossKind.None ? null : Triplet(pooled, labels);
        if (triplet is not null)
        {
            total += triplet * recipe.TripletWeight;
        }

        using IDisposable plain = no_grad();
        Tensor accuracy = logits.max(1).indexes.eq(labels).to(float32).mean([0]);
        return new LossTensors(total, identity, triplet, null, accuracy);
    }

    private static Tensor CrossEntropy(Tensor logits, Tensor labels, double smoothing)
    {
        Tensor log = nn.functional.log_softmax(logits, 1);
        Tensor right = log.gather(1, labels.reshape(-1, 1)).mean([0, 1]);
        return ((right * (1 - smoothing)) + (log.mean([0, 1]) * smoothing)) * -1;
    }

    private Tensor Triplet(Tensor features, Tensor labels)
    {
        Tensor distances = cdist(features, features, 2, compute_mode.donot_use_mm_for_euclid_dist);
        Tensor same = labels.reshape(-1, 1).eq(labels.reshape(1, -1));
        Tensor positive = distances.mul(same.to(float32)).max(1).values;
        Tensor negative = distances.masked_fill(same, 1e6f).min(1).values;
        Tensor difference = positive - negative;
        return (recipe.Triplet == TripletLossKind.Soft ? nn.functional.softplus(difference) : (difference + recipe.Margin).relu()).mean([0]);
    }
}

using Pipeline.Reid.Networks;
using Pipeline.Reid.Training.Losses;
using Pipeline.Reid.Training.Optimisation;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Pipeline.Reid.Training;

/// <summary>The optimiser of a recipe, with a group of parameters for each learning rate and weight decay, and the average of the weights.</summary>
internal sealed class WeightUpdate : IDisposable
{
    private readonly IReadOnlyList<Group> _groups;
    private readonly OptimizerHelper? _optimiser;
    private readonly IReadOnlyList<KerasAdam> _keras = [];
    private readonly WeightAverage? _average;

    /// <summary>Sorts the parameters into groups.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="network">The network; what is to stay as it is no longer wants gradients (see <see cref="Freeze"/>).</param>
    /// <param name="regularisation">Adaptive L2, whose scalars are moved too; null without.</param>
    public WeightUpdate(OptimiserRecipe recipe, TorchNetwork network, AdaptiveL2? regularisation)
    {
        List<Group> groups =
        [
            .. network.named_parameters().Where(p => p.parameter.requires_grad)
                .GroupBy(p => (Trunk: IsTrunk(p.name), Plain: !recipe.DecayAll && p.parameter.shape.Length < 2)).OrderBy(g => g.Key)
                .Select(g => new Group(
                    [.. g.Select(p => p.parameter)], recipe.LearningRate * (g.Key.Trunk ? recipe.TrunkFactor : 1), g.Key.Plain ? 0 : recipe.WeightDecay)),
        ];
        if (regularisation is not null)
        {
            groups.Add(new Group([regularisation.Theta], recipe.LearningRate, 0));
        }

        _groups = groups;
        if (recipe.Kind == OptimiserKind.KerasAdam)
        {
            _keras = [.. groups.Select(g => new KerasAdam(g.Parameters, g.Rate))];
        }
        else
        {
            _optimiser = Create(recipe, groups);
        }

        _average = recipe.Average > 0 ? new WeightAverage(network, recipe.Average) : null;
    }

    /// <summary>Leaves the trunk, or all but the head for clips, as it is where the recipe says so: its gradients are not even computed.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="network">The network.</param>
    public static void Freeze(TrainingRecipe recipe, TorchNetwork network)
    {
        bool Stays(string name) => recipe.Clips.HeadOnly ? !name.StartsWith("clip.", StringComparison.Ordinal) : recipe.Optimiser.TrunkFactor == 0 && IsTrunk(name);
        foreach ((_, Parameter parameter) in network.named_parameters().Where(p => Stays(p.name)))
        {
            parameter.requires_grad = false;
        }
    }

    /// <summary>Sets gradients to zero.</summary>
    public void Clear()
    {
        _optimiser?.zero_grad();
        foreach (KerasAdam adam in _keras)
        {
            adam.ClearGradients();
        }
    }

    /// <summary>Moves the weights.</summary>
    /// <param name="share">Learning rate as a share of the full one.</param>
    public void Step(double share)
    {
        foreach ((optim.ILearningRateController rates, Group group) in (_optimiser?.ParamGroups ?? []).Zip(_groups))
        {
            rates.LearningRate = group.Rate * share;
        }

        _optimiser?.step();
        foreach ((KerasAdam adam, Group group) in _keras.Zip(_groups))
        {
            adam.LearningRate = group.Rate * share;
            adam.Step();
        }

        _average?.Update();
    }

    /// <summary>Does something with the average in the weights' place, where one is kept.</summary>
    public T WithAverage<T>(Func<T> what)
    {
        using IDisposable? applied = _average?.Apply();
        return what();
    }

    /// <summary>Writes what the optimiser and the average remember.</summary>
    public void SaveState(BinaryWriter writer)
    {
        _optimiser?.save_state_dict(writer);
        foreach (KerasAdam adam in _keras)
        {
            adam.Save(writer);
        }

        _average?.Save(writer);
    }

    /// <summary>Reads what <see cref="SaveState"/> wrote.</summary>
    public void LoadState(BinaryReader reader)
    {
        _optimiser?.load_state_dict(reader);
        foreach (KerasAdam adam in _keras)
        {
            adam.Load(reader);
        }

        _average?.Load(reader);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _average?.Dispose();
        _optimiser?.Dispose();
        foreach (KerasAdam adam in _keras)
        {
            adam.Dispose();
        }
    }

    private static OptimizerHelper Create(OptimiserRecipe recipe, List<Group> groups) => recipe.Kind switch
    {
        OptimiserKind.AdamW => optim.AdamW(
            groups.Select(g => new AdamW.ParamGroup(g.Parameters, new AdamW.Options { LearningRate = g.Rate, weight_decay = g.Decay }))),
        OptimiserKind.Adam => optim.Adam(
            groups.Select(g => new Adam.ParamGroup(g.Parameters, new Adam.Options { LearningRate = g.Rate, weight_decay = g.Decay }))),
        _ => optim.SGD(
            groups.Select(g => new SGD.ParamGroup(
                g.Parameters,
                new SGD.Options { LearningRate = g.Rate, weight_decay = g.Decay, momentum = recipe.Momentum, nesterov = recipe.Nesterov })),
            recipe.LearningRate),
    };

    private static bool IsTrunk(string name) =>
        name.StartsWith("backbone.", StringComparison.Ordinal) && !name.Contains(".rga_att", StringComparison.Ordinal);

    /// <summary>Parameters that share a full learning rate and a weight decay.</summary>
    private sealed record Group(IReadOnlyList<Parameter> Parameters, double Rate, double Decay);
}

using Pipeline.Reid.Networks;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Pipeline.Reid.Training;

/// <summary>The optimiser of a recipe, with a group of parameters for each learning rate and weight decay.</summary>
internal sealed class WeightUpdate : IDisposable
{
    private readonly OptimizerHelper _optimiser;
    private readonly List<double> _rates = []; // full learning rate of each group

    /// <summary>Sorts the parameters into groups.</summary>
    public WeightUpdate(OptimiserRecipe recipe, TorchNetwork network)
    {
        List<(IReadOnlyList<Parameter> Parameters, double Rate, double Decay)> groups = [];
        var sorted = network.named_parameters().Where(p => p.parameter.requires_grad)
            .GroupBy(p => (Trunk: IsTrunk(p.name), Plain: !recipe.DecayAll && p.parameter.shape.Length < 2))
            .OrderBy(g => g.Key);
        foreach (var group in sorted)
        {
            double factor = group.Key.Trunk ? recipe.TrunkFactor : 1;
            Parameter[] parameters = [.. group.Select(p => p.parameter)];
            if (factor == 0)
            {
                foreach (Parameter frozen in parameters)
                {
                    frozen.requires_grad = false; // their gradients are not even computed
                }

                continue;
            }

            groups.Add((parameters, recipe.LearningRate * factor, group.Key.Plain ? 0 : recipe.WeightDecay));
        }

        _rates.AddRange(groups.Select(g => g.Rate));
        _optimiser = recipe.Kind switch
        {
            OptimiserKind.AdamW => optim.AdamW(groups.Select(g => new AdamW.ParamGroup(g.Parameters, new AdamW.Options { LearningRate = g.Rate, weight_decay = g.Decay }))),
            OptimiserKind.Adam => optim.Adam(groups.Select(g => new Adam.ParamGroup(g.Parameters, new Adam.Options { LearningRate = g.Rate, weight_decay = g.Decay }))),
            _ => optim.SGD(
                groups.Select(g => new SGD.ParamGroup(g.Parameters, new SGD.Options
                {
                    LearningRate = g.Rate, weight_decay = g.Decay, momentum = recipe.Momentum, nesterov = recipe.Nesterov,
                })),
                recipe.LearningRate),
        };
    }

    /// <summary>Sets gradients to zero.</summary>
    public void Clear() => _optimiser.zero_grad();

    /// <summary>Moves the weights.</summary>
    /// <param name="share">Learning rate as a share of the full one.</param>
    public void Step(double share)
    {
        foreach ((optim.ILearningRateController group, double rate) in _optimiser.ParamGroups.Zip(_rates))
        {
            group.LearningRate = rate * share;
        }

        _optimiser.step();
    }

    /// <summary>Does something with the average of the weights in place.</summary>
    public T WithAverage<T>(Func<T> what) => what();

    /// <summary>Writes what the optimiser remembers.</summary>
    public void SaveState(BinaryWriter writer) => _optimiser.save_state_dict(writer);

    /// <summary>Reads what <see cref="SaveState"/> wrote.</summary>
    public void LoadState(BinaryReader reader) => _optimiser.load_state_dict(reader);

    /// <inheritdoc/>
    public void Dispose() => _optimiser.Dispose();

    private static bool IsTrunk(string name) =>
        name.StartsWith("backbone.", StringComparison.Ordinal) && !name.Contains(".rga_att", StringComparison.Ordinal);
}

using System.Runtime.InteropServices;
using Pipeline.Reid.Weights;
using static TorchSharp.torch;

namespace Pipeline.Reid.Networks;

/// <summary>A network on libtorch: to train it, and as the reference for what is exported. Its state dict has the official keys.</summary>
public sealed class TorchNetwork : nn.Module<Tensor, Tensor>
{
    private readonly TorchOperations _operations;

    /// <summary>Makes the modules of a network, in training mode, with the weights given.</summary>
    /// <param name="definition">The network.</param>
    /// <param name="weights">Every tensor of it by its full name.</param>
    /// <param name="operations">Other operations over the same parts (to look inside, say); plain ones when left out.</param>
    public TorchNetwork(
        ReidNetwork definition, IReadOnlyDictionary<string, WeightTensor> weights,
        Func<nn.Module, IEnumerable<Part>, IReadOnlyDictionary<string, WeightTensor>, TorchOperations>? operations = null)
        : base((definition ?? throw new ArgumentNullException(nameof(definition))).Name)
    {
        Definition = definition;
        _operations = (operations ?? ((root, parts, values) => new TorchOperations(root, parts, values)))(this, definition.Parts, weights);
        if (named_parameters().FirstOrDefault(p => p.name == "feat_bn.bias").parameter is { } bias)
        {
            bias.requires_grad = false; // frozen at 0 in the official recipe, though it is in the file
        }
    }

    /// <summary>The network.</summary>
    public ReidNetwork Definition { get; }

    /// <summary>Pictures (B, 3, H, W), normalised, to the feature before the neck (B, D).</summary>
    /// <remarks>
    /// Pictures in bfloat16 go through the trunk in it; pictures whose channels lie innermost in memory, which CPUs are faster with, keep that
    /// order. The feature is in single precision always.
    /// </remarks>
    public override Tensor forward(Tensor input)
    {
        using TorchSharp.DisposeScope scope = NewDisposeScope();
        return Definition.Pooled(_operations, input).MoveToOuterDisposeScope();
    }

    /// <summary>The feature before the neck to that after it.</summary>
    public Tensor Normalised(Tensor pooled) => Definition.Normalised(_operations, pooled);

    /// <summary>The feature after the neck to the scores of the training identities.</summary>
    /// <exception cref="InvalidOperationException">The network has no classifier.</exception>
    public Tensor Logits(Tensor normalised) => _operations.Classify(
        Definition.Classifier ?? throw new InvalidOperationException($"{Definition.Name} has no classifier"), normalised);

    /// <summary>A copy of all weights, in the order of official files.</summary>
    public OrderedDictionary<string, WeightTensor> CopyWeights()
    {
        Dictionary<string, Tensor> state = state_dict();
        OrderedDictionary<string, WeightTensor> weights = [];
        foreach (PartTensor wanted in Definition.Tensors)
        {
            using Tensor values = state[wanted.Name].detach().cpu();
            ReadOnlySpan<byte> bytes = wanted.Type == ElementType.I64
                ? MemoryMarshal.AsBytes<long>(values.data<long>().ToArray())
                : MemoryMarshal.AsBytes<float>(values.data<float>().ToArray());
            weights.Add(wanted.Name, new WeightTensor(wanted.Type, wanted.Shape, bytes.ToArray()));
        }

        return weights;
    }
}

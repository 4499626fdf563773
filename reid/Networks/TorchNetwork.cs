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
        foreach (BatchNorm norm in definition.Parts.OfType<BatchNorm>().Where(n => n.FrozenShift))
        {
            named_parameters().First(p => p.name == $"{norm.Key}.bias").parameter.requires_grad = false; // though it is in the file
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

    /// <summary>The feature that people are compared by.</summary>
    /// <param name="pooled">The feature before the neck.</param>
    public Tensor Served(Tensor pooled) => Definition.ServedBeforeNeck ? pooled : Definition.Compared(_operations, Normalised(pooled));

    /// <summary>The feature after the neck to the scores of the training identities.</summary>
    /// <exception cref="InvalidOperationException">The network has no classifier, or several.</exception>
    public Tensor Logits(Tensor normalised) => _operations.Classify(
        Definition.Classifier ?? throw new InvalidOperationException(
            $"{Definition.Name} has {Definition.Branches.Count(b => b.Classifier is not null)} classifiers, not one"),
        normalised);

    /// <summary>
    /// The pieces of the feature that are trained by themselves, each before the neck (for its triplets) and as scores of the training
    /// identities. Most networks have one: the whole.
    /// </summary>
    /// <param name="pooled">The feature before the neck.</param>
    /// <exception cref="InvalidOperationException">The network has no classifier.</exception>
    public IReadOnlyList<(Tensor Pooled, Tensor Logits)> Branches(Tensor pooled)
    {
        Tensor normalised = Normalised(pooled);
        Tensor Piece(Branch branch, Tensor of) => Definition.Branches.Count == 1 ? of : of.narrow(1, branch.Start, branch.Length);
        return
        [
            .. Definition.Branches.Select(b => (
                Piece(b, pooled),
                _operations.Classify(b.Classifier ?? throw new InvalidOperationException($"{Definition.Name} has no classifier"), Piece(b, normalised)))),
        ];
    }

    /// <summary>Clips to their features before the neck, each the mean of its frames', weighed by the network's attention over time.</summary>
    /// <param name="frames">Pictures (N × T, 3, H, W), the frames of a clip one behind the other.</param>
    /// <param name="length">Frames T of each clip.</param>
    /// <returns>(N, D).</returns>
    /// <exception cref="InvalidOperationException">The network has no head for clips.</exception>
    public Tensor PooledClips(Tensor frames, int length)
    {
        using TorchSharp.DisposeScope scope = NewDisposeScope();
        Tensor map = Definition.Map(_operations, frames);
        Tensor weights = ClipWeights(map, length);
        return Definition.PooledFrom(_operations, map).reshape(-1, length, Definition.FeatureLength).mul(weights).sum([1]).MoveToOuterDisposeScope();
    }

    /// <summary>Clips to their features as they are served, but for the length: unit features of the frames, weighed. Only the head for clips gets a gradient.</summary>
    /// <param name="frames">Pictures (N × T, 3, H, W), the frames of a clip one behind the other.</param>
    /// <param name="length">Frames T of each clip.</param>
    /// <returns>(N, D).</returns>
    /// <exception cref="InvalidOperationException">The network has no head for clips.</exception>
    public Tensor ServedClips(Tensor frames, int length)
    {
        using TorchSharp.DisposeScope scope = NewDisposeScope();
        Tensor map, served;
        using (no_grad())
        {
            map = Definition.Map(_operations, frames);
            served = Served(Definition.PooledFrom(_operations, map));
            served = served / (served.pow(2).sum([1], keepdim: true).sqrt() + 1e-12);
        }

        return served.reshape(-1, length, Definition.FeatureLength).mul(ClipWeights(map, length)).sum([1]).MoveToOuterDisposeScope();
    }

    // (N, T, 1); those of a clip sum to 1.
    private Tensor ClipWeights(Tensor map, int length)
    {
        TemporalHead head = Definition.Clip ?? throw new InvalidOperationException($"{Definition.Name} has no head for clips");
        Tensor taps = head.Apply(_operations, map).reshape(-1, length, TemporalHead.Taps);
        Tensor outside = zeros([taps.shape[0], 1, 1], device: taps.device);
        Tensor before = cat([outside, taps.narrow(1, 0, length - 1).narrow(2, 0, 1)], 1);
        Tensor after = cat([taps.narrow(1, 1, length - 1).narrow(2, 2, 1), outside], 1);
        Tensor scores = (before + taps.narrow(2, 1, 1) + after).relu().exp();
        return scores / scores.sum([1], keepdim: true);
    }

    /// <summary>A copy of all weights, in the order of official files.</summary>
    public OrderedDictionary<string, WeightTensor> CopyWeights()
    {
        Dictionary<string, Tensor> state = state_dict();
        OrderedDictionary<string, WeightTensor> weights = [];
        foreach (PartTensor wanted in Definition.Tensors)
        {
            using Tensor plain = state[wanted.Name].detach();
            using Tensor values = plain.cpu();
            ReadOnlySpan<byte> bytes = wanted.Type == ElementType.I64
                ? MemoryMarshal.AsBytes<long>(values.data<long>().ToArray())
                : MemoryMarshal.AsBytes<float>(values.data<float>().ToArray());
            weights.Add(wanted.Name, new WeightTensor(wanted.Type, wanted.Shape, bytes.ToArray()));
        }

        return weights;
    }
}

using Pipeline.Reid.Weights;
using static TorchSharp.torch;

namespace Pipeline.Reid.Networks;

/// <summary>
/// Runs a network on libtorch: each part is a module of the same name under a root module. Weights are single precision; convolutions run in
/// the element type of what comes in, so that pictures in bfloat16 go through the whole trunk in it, except for the attention's relations and
/// logits, which are small and need the digits.
/// </summary>
public class TorchOperations : IOperations<Tensor>
{
    private readonly Dictionary<Part, nn.Module> _modules = [];

    /// <summary>Makes the modules of the parts, with their weights, under a root module.</summary>
    /// <param name="root">Receives the modules, so that its state dict has the parts' keys.</param>
    /// <param name="parts">The parts.</param>
    /// <param name="weights">Every tensor of the parts by its full name; <c>num_batches_tracked</c> may be missing.</param>
    public TorchOperations(nn.Module root, IEnumerable<Part> parts, IReadOnlyDictionary<string, WeightTensor> weights)
    {
        ArgumentNullException.ThrowIfNull(root);
        ArgumentNullException.ThrowIfNull(parts);
        ArgumentNullException.ThrowIfNull(weights);
        Dictionary<string, nn.Module> containers = new() { [""] = root };
        foreach (Part part in parts)
        {
            nn.Module module = Create(part);
            (string path, string name) = Split(part.Key);
            Container(containers, path).register_module(name, module);
            _modules.Add(part, module);
            Fill(part, module, weights);
        }
    }

    /// <inheritdoc/>
    public Tensor Convolve(Convolution part, Tensor x)
    {
        ArgumentNullException.ThrowIfNull(part);
        TorchSharp.Modules.Conv2d module = (TorchSharp.Modules.Conv2d)_modules[part];
        (long before, long after) = (part.Padding, part.PaddingAfter);
        if (before != after)
        {
            x = nn.functional.pad(x, [before, after, before, after]);
            before = 0;
        }

        Tensor? bias = module.bias is { } given ? Like(given, x) : null;
        return nn.functional.conv2d(x, Like(module.weight, x), bias, strides: [part.Stride], padding: [before], groups: part.Groups);
    }

    /// <inheritdoc/>
    public virtual Tensor Normalise(BatchNorm part, Tensor x) => Run(part, x);

    /// <inheritdoc/>
    public virtual Tensor NormaliseInstance(InstanceNorm part, Tensor x) => Like(Run(part, Full(x)), x);

    /// <inheritdoc/>
    public Tensor Project(Projection part, Tensor x) => Run(part, Full(x));

    /// <summary>The classifier on features after the neck.</summary>
    public Tensor Classify(Classifier part, Tensor x) => Run(part, x);

    /// <inheritdoc/>
    public Tensor Relate(Convolution part, Tensor theta, Tensor phi)
    {
        ArgumentNullException.ThrowIfNull(part);
        ArgumentNullException.ThrowIfNull(theta);
        ArgumentNullException.ThrowIfNull(phi);
        Tensor weight = ((TorchSharp.Modules.Conv2d)_modules[part]).weight.reshape(part.Outputs, part.Inputs);
        (theta, phi) = (Full(theta), Full(phi)); // sums over all positions
        int nodes = part.Inputs / 2;
        Tensor first = weight.narrow(1, 0, nodes).matmul(phi.transpose(1, 2)).matmul(theta);
        Tensor second = weight.narrow(1, nodes, nodes).matmul(theta.transpose(1, 2)).matmul(phi);
        return first + second;
    }

    /// <inheritdoc/>
    public Tensor Relu(Tensor x) => nn.functional.relu(x, inplace: true);

    /// <inheritdoc/>
    public Tensor Clamp(Tensor x, float least, float most) => Given(x).clamp(least, most);

    /// <inheritdoc/>
    public virtual Tensor Sigmoid(Tensor x) => Given(x).sigmoid();

    /// <inheritdoc/>
    public Tensor Add(Tensor a, Tensor b) => Given(a).add(b);

    /// <inheritdoc/>
    public Tensor Multiply(Tensor a, Tensor b) => Like(Given(a).mul(b), a);

    /// <inheritdoc/>
    public Tensor MaxPool(Tensor x, int kernel, int stride, int padding) => nn.functional.max_pool2d(x, kernel, stride, padding);

    /// <inheritdoc/>
    public Tensor Mean(Tensor x, int[] dimensions, bool keep) =>
        Given(x).mean([.. dimensions.Select(d => (long)d)], keep, float32);

    /// <inheritdoc/>
    public Tensor Concatenate(params Tensor[] pieces) => cat(pieces, 1);

    /// <inheritdoc/>
    public Tensor Channels(Tensor x, int start, int count) => Given(x).narrow(1, start, count);

    /// <inheritdoc/>
    public Tensor Rows(Tensor x, int start, int count) => Given(x).narrow(2, start, count);

    /// <inheritdoc/>
    public Tensor Reshape(Tensor x, params int[] sizesBehindBatch) =>
        Given(x).reshape([x.shape[0], .. sizesBehindBatch.Select(s => (long)s)]);

    /// <inheritdoc/>
    public virtual Tensor Restyle(Tensor x) => x;

    /// <inheritdoc/>
    public Tensor Transpose(Tensor x) => Given(x).transpose(1, 2);

    /// <summary>The module of a part.</summary>
    protected nn.Module Module(Part part) => _modules[part];

    private static Tensor Like(Tensor x, Tensor other) => x.dtype == other.dtype ? x : x.to(other.dtype);

    private static Tensor Full(Tensor x) => x.dtype == float32 ? x : x.to(float32);

    private static Tensor Given(Tensor x) => x ?? throw new ArgumentNullException(nameof(x));

    private static nn.Module Create(Part part) => part switch
    {
        Convolution c => nn.Conv2d(
            c.Inputs, c.Outputs, (c.Kernel, c.Kernel), (c.Stride, c.Stride), (c.Padding, c.Padding), groups: c.Groups, bias: c.Bias),
        BatchNorm { OfVectors: true } n => nn.BatchNorm1d(n.Channels, n.Epsilon),
        BatchNorm n => nn.BatchNorm2d(n.Channels, n.Epsilon),
        InstanceNorm n => nn.InstanceNorm2d(n.Channels, InstanceNorm.Epsilon, affine: true),
        Projection p => nn.Linear(p.Inputs, p.Outputs, hasBias: p.Bias),
        Classifier c => nn.Linear(c.Inputs, c.Classes, hasBias: false),
        _ => throw new ArgumentException($"{part.GetType().Name} is no part that libtorch knows", nameof(part)),
    };

    private static void Fill(Part part, nn.Module module, IReadOnlyDictionary<string, WeightTensor> weights)
    {
        using IDisposable plain = no_grad();
        Dictionary<string, Tensor> state = module.state_dict();
        foreach (PartTensor wanted in part.Tensors)
        {
            if (weights.TryGetValue(wanted.Name, out WeightTensor? found))
            {
                long[] shape = [.. wanted.Shape];
                using Tensor values = tensor(found.ToSingles(), shape); // a count of batches, the only integer, becomes one again when copied
                state[Split(wanted.Name).Name].copy_(values);
            }
            else if (wanted.Type != ElementType.I64)
            {
                throw new ArgumentException($"no weights for {wanted.Name}", nameof(weights));
            }
        }
    }

    private static nn.Module Container(Dictionary<string, nn.Module> containers, string path)
    {
        if (!containers.TryGetValue(path, out nn.Module? container))
        {
            (string above, string name) = Split(path);
            containers.Add(path, container = new Node(name));
            Container(containers, above).register_module(name, container);
        }

        return container;
    }

    private static (string Path, string Name) Split(string key)
    {
        int dot = key.LastIndexOf('.');
        return dot < 0 ? ("", key) : (key[..dot], key[(dot + 1)..]);
    }

    private Tensor Run(Part part, Tensor x) => ((nn.Module<Tensor, Tensor>)_modules[part]).call(x);

    /// <summary>A step of a key: a module that only holds others.</summary>
    private sealed class Node(string name) : nn.Module(name);
}

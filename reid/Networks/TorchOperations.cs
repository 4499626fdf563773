using Pipeline.Reid.Weights;
using static TorchSharp.torch;

namespace Pipeline.Reid.Networks;

/// <summary>
/// Runs a network on libtorch: each part is a module of the same name under a root module. Weights are single precision; convolutions run in
/// the element type of what comes in, so pictures in bfloat16 go through the whole network in it.
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
        Tensor weight = WeightFor(part, Given(x));
        return nn.functional.conv2d(
            x, weight, strides: [part.Stride, part.Stride], padding: [part.Padding, part.Padding], groups: part.Groups);
    }

    /// <inheritdoc/>
    public Tensor Normalise(BatchNorm part, Tensor x) => Run(part, x);

    /// <inheritdoc/>
    public Tensor NormaliseInstance(InstanceNorm part, Tensor x) => Run(part, x);

    /// <summary>The classifier on features after the neck.</summary>
    public Tensor Classify(Classifier part, Tensor x) => Run(part, x);

    /// <inheritdoc/>
    public Tensor Relate(Convolution part, Tensor theta, Tensor phi)
    {
        ArgumentNullException.ThrowIfNull(part);
        ArgumentNullException.ThrowIfNull(theta);
        ArgumentNullException.ThrowIfNull(phi);
        Tensor weight = WeightFor(part, theta).reshape(part.Outputs, part.Inputs);
        int nodes = part.Inputs / 2;
        Tensor first = weight.narrow(1, 0, nodes).matmul(phi.transpose(1, 2)).matmul(theta);
        Tensor second = weight.narrow(1, nodes, nodes).matmul(theta.transpose(1, 2)).matmul(phi);
        return first + second;
    }

    /// <inheritdoc/>
    public Tensor Relu(Tensor x) => Given(x).relu();

    /// <inheritdoc/>
    public Tensor Relu6(Tensor x) => nn.functional.relu6(x);

    /// <inheritdoc/>
    public virtual Tensor Sigmoid(Tensor x) => Given(x).sigmoid();

    /// <inheritdoc/>
    public Tensor Add(Tensor a, Tensor b) => Given(a).add(b);

    /// <inheritdoc/>
    public Tensor Multiply(Tensor a, Tensor b) => Given(a).mul(b);

    /// <inheritdoc/>
    public Tensor MaxPool(Tensor x, int kernel, int stride, int padding) => nn.functional.max_pool2d(x, kernel, stride, padding);

    /// <inheritdoc/>
    public Tensor Mean(Tensor x, int[] dimensions, bool keep)
    {
        // What keeps its dimensions goes on through the network; the pooled feature leaves it, with all digits of the sum.
        ScalarType? type = !keep && Given(x).dtype == ScalarType.BFloat16 ? float32 : null;
        return Given(x).mean([.. dimensions.Select(d => (long)d)], keep, type);
    }

    /// <inheritdoc/>
    public Tensor Concatenate(Tensor a, Tensor b) => cat([a, b], 1);

    /// <inheritdoc/>
    public Tensor Channels(Tensor x, int start, int count) => Given(x).narrow(1, start, count);

    /// <inheritdoc/>
    public Tensor Reshape(Tensor x, params int[] sizesBehindBatch) =>
        Given(x).reshape([x.shape[0], .. sizesBehindBatch.Select(s => (long)s)]);

    /// <inheritdoc/>
    public Tensor Transpose(Tensor x) => Given(x).transpose(1, 2);

    private static Tensor Given(Tensor x) => x ?? throw new ArgumentNullException(nameof(x));

    private static nn.Module Create(Part part) => part switch
    {
        Convolution c => nn.Conv2d(
            c.Inputs, c.Outputs, (c.Kernel, c.Kernel), (c.Stride, c.Stride), (c.Padding, c.Padding), groups: c.Groups, bias: false),
        BatchNorm { OfVectors: true } n => nn.BatchNorm1d(n.Channels, BatchNorm.Epsilon),
        BatchNorm n => nn.BatchNorm2d(n.Channels, BatchNorm.Epsilon),
        InstanceNorm n => nn.InstanceNorm2d(n.Channels, BatchNorm.Epsilon, affine: true),
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

    private Tensor WeightFor(Part part, Tensor x)
    {
        Tensor weight = ((TorchSharp.Modules.Conv2d)_modules[part]).weight;
        return weight.dtype == x.dtype ? weight : weight.to(x.dtype);
    }

    private Tensor Run(Part part, Tensor x) => ((nn.Module<Tensor, Tensor>)_modules[part]).call(x);

    /// <summary>A step of a key: a module that only holds others.</summary>
    private sealed class Node(string name) : nn.Module(name);
}

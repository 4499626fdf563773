using Pipeline.Reid.Data;
using Pipeline.Reid.Networks;
using Pipeline.Reid.Weights;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Pipeline.Reid.Training;

/// <summary>What a step gave.</summary>
/// <param name="Loss">What was minimised.</param>
/// <param name="Identity">The classifier's loss, unweighted.</param>
/// <param name="Triplet">The triplet loss, unweighted.</param>
/// <param name="Regularisation">The penalty, weighted.</param>
/// <param name="Accuracy">Share of the batch that the classifier names right.</param>
internal readonly record struct StepValues(double Loss, double Identity, double Triplet, double Regularisation, double Accuracy);

/// <summary>A network with its losses and its optimiser on libtorch: takes batches, one step each. Not thread-safe.</summary>
internal sealed class StageTrainer : IDisposable
{
    private readonly TorchNetwork _network;
    private readonly StyleMixing? _styles;
    private readonly TrainingLoss _loss;
    private readonly WeightUpdate _update;
    private readonly Device _device;
    private readonly bool _brief;
    private readonly int _frames;
    private readonly bool _headOnly;

    /// <summary>Puts the parts together.</summary>
    /// <param name="recipe">The recipe of the stage.</param>
    /// <param name="definition">The network, with a classifier.</param>
    /// <param name="weights">What it starts from.</param>
    /// <param name="device">Where it is trained.</param>
    /// <param name="seed">Seed of the stage.</param>
    public StageTrainer(
        TrainingRecipe recipe, ReidNetwork definition, IReadOnlyDictionary<string, WeightTensor> weights, Device device, ulong seed)
    {
        (_device, _frames, _headOnly) = (device, recipe.Clips.Frames, recipe.Clips.HeadOnly);
        double styles = recipe.Augmentation.StyleProbability;
        StyleMixing? mixing = null;
        _network = styles > 0
            ? new TorchNetwork(definition, weights, (root, parts, values) => mixing = new StyleMixing(root, parts, values, styles, seed))
            : new TorchNetwork(definition, weights);
        _styles = mixing;
        _brief = PrecisionChoice.IsBrief(recipe.Network.Precision, device.type == DeviceType.CUDA);
        _network.to(device);
        WeightUpdate.Freeze(recipe, _network);
        _loss = new TrainingLoss(recipe, _network, device);
        _update = new WeightUpdate(recipe.Optimiser, _network, _loss.Regularisation);
        Train();
    }

    /// <summary>The network.</summary>
    public ReidNetwork Definition => _network.Definition;

    /// <summary>Factors of adaptive L2 with their tensors' names; none without it.</summary>
    public IReadOnlyList<(string Name, double Factor)> Factors() => _loss.Regularisation?.CopyFactors() ?? [];

    /// <summary>Takes a step.</summary>
    /// <param name="batch">The pictures.</param>
    /// <param name="share">Learning rate as a share of the full one.</param>
    public StepValues Step(TrainingBatch batch, double share)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor labels = tensor(batch.Labels, [batch.Labels.Length], device: _device);
        Tensor pictures = Input(batch.Images, batch.Labels.Length * Math.Max(1, _frames));
        _styles?.Begin(batch.Epoch, batch.Step);
        LossTensors losses = _headOnly ? _loss.OfServed(_network.ServedClips(pictures, _frames), labels)
            : _loss.Of(_frames > 0 ? _network.PooledClips(pictures, _frames) : _network.forward(pictures), labels);
        _styles?.End();
        _update.Clear();
        losses.Total.backward();
        _update.Step(share);
        _loss.Step();
        return losses.Values();
    }

    /// <summary>Lets the classifier begin where the network already tells people apart: see <see cref="ImprintedClassifier"/>.</summary>
    /// <param name="cache">The training pictures.</param>
    /// <param name="labels">Their classes; negative for nobody's.</param>
    /// <param name="described">Told the share of the pictures that are described, 0 to 1.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public void Imprint(PictureCache cache, int[] labels, Action<double> described, CancellationToken cancellationToken)
    {
        Augmenter plain = new(AugmentationOptions.Nothing, Definition.Preprocessing, 0, cache.MarginHeight, cache.MarginWidth);
        ImprintedClassifier classifier = new(labels, Definition.Classes, Definition.FeatureLength);
        IReadOnlyList<int[]> batches = classifier.Batches();
        using IDisposable nothing = no_grad();
        for (int done = 0; done < batches.Count; done++)
        {
            int[] pictures = batches[done];
            described((double)done / batches.Count);
            cancellationToken.ThrowIfCancellationRequested();
            using DisposeScope scope = NewDisposeScope();
            Tensor features = _network.Normalised(_network.forward(Input(Images(cache, plain, pictures), pictures.Length)));
            classifier.Add(pictures, features.cpu().data<float>().ToArray());
        }

        using Tensor rows = tensor(classifier.Rows(), [Definition.Classes, Definition.FeatureLength]);
        _network.state_dict()[$"{Definition.Classifier!.Key}.weight"].copy_(rows);
    }

    /// <summary>The weights to ship and to score: the average where one is kept.</summary>
    public OrderedDictionary<string, WeightTensor> Weights() => _update.WithAverage(_network.CopyWeights);

    /// <summary>Features of pictures, L2 norm 1: each picture's and its mirror image's, added.</summary>
    /// <param name="cache">The pictures, without a margin.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public float[] Embed(PictureCache cache, CancellationToken cancellationToken) => _update.WithAverage(() => EmbedNow(cache, cancellationToken));

    /// <summary>Everything that a training needs to go on as if it had not stopped.</summary>
    public byte[] State()
    {
        using MemoryStream stream = new();
        using (BinaryWriter writer = new(stream, System.Text.Encoding.UTF8, leaveOpen: true))
        {
            TensorStream.Write(writer, _network.state_dict());
            _loss.SaveState(writer);
            _update.SaveState(writer);
        }

        return stream.ToArray();
    }

    /// <summary>Goes on from a state.</summary>
    /// <param name="state">What <see cref="State"/> gave.</param>
    /// <param name="path">Where it was read from, for the message.</param>
    /// <exception cref="InvalidDataException">It is that of another network, loss or optimiser.</exception>
    public void LoadState(ReadOnlyMemory<byte> state, string path)
    {
        try
        {
            using BinaryReader reader = new(new MemoryStream(state.ToArray()));
            TensorStream.Read(reader, _network.state_dict());
            _loss.LoadState(reader);
            _update.LoadState(reader);
        }
        catch (Exception e) when (e is InvalidDataException or ArgumentException or IOException)
        {
            throw new InvalidDataException(
                $"{path}: its state is not that of {Definition.Name} at {Definition.Height} x {Definition.Width} with {Definition.Classes} people: {e.Message.TrimEnd('.')}. "
                + "Give the recipe and the pictures it was made with, or train into another folder.", e);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _update.Dispose();
        _loss.Dispose();
        _network.Dispose();
    }

    // A network that stays as it is keeps its running statistics too.
    private void Train() => _network.train(!_headOnly);

    // The layout that batches come in is the one that convolutions want: only its axes are renamed. The type of the pictures is that of all maps.
    private Tensor Input(float[] images, int count)
    {
        Tensor pictures = tensor(images, [count, Definition.Height, Definition.Width, 3], device: _device).permute(0, 3, 1, 2);
        return _brief ? pictures.bfloat16() : pictures;
    }

    private float[] EmbedNow(PictureCache cache, CancellationToken cancellationToken)
    {
        const int batch = 64;
        Augmenter plain = new(AugmentationOptions.Nothing, Definition.Preprocessing, 0);
        Augmenter mirrored = new(AugmentationOptions.Nothing with { FlipProbability = 1 }, Definition.Preprocessing, 0);
        float[] features = new float[cache.Count * Definition.FeatureLength];
        _network.eval();
        try
        {
            using IDisposable nothing = no_grad();
            for (int first = 0; first < cache.Count; first += batch)
            {
                cancellationToken.ThrowIfCancellationRequested();
                int count = Math.Min(batch, cache.Count - first);
                using DisposeScope scope = NewDisposeScope();
                Tensor sum = Features(cache, plain, first, count).add(Features(cache, mirrored, first, count));
                sum.cpu().data<float>().ToArray().CopyTo(features, first * Definition.FeatureLength);
            }
        }
        finally
        {
            Train();
        }

        for (int i = 0; i < cache.Count; i++)
        {
            TemporalPooling.TryFinish(features.AsSpan(i * Definition.FeatureLength, Definition.FeatureLength));
        }

        return features;
    }

    private Tensor Features(PictureCache cache, Augmenter augmenter, int first, int count)
    {
        float[] images = Images(cache, augmenter, [.. Enumerable.Range(first, count)]);
        return _network.Served(_network.forward(Input(images, count)));
    }

    private static float[] Images(PictureCache cache, Augmenter augmenter, int[] pictures)
    {
        float[] images = new float[pictures.Length * augmenter.Length];
        Parallel.For(0, pictures.Length, i => augmenter.Write(cache[pictures[i]], 0, 0, 0, images.AsSpan(i * augmenter.Length, augmenter.Length)));
        return images;
    }
}

using System.Threading.Channels;

namespace Pipeline.Reid;

/// <summary>Crop sets in, clip features out, in the same order. Embeds the crops of several sets together.</summary>
/// <remarks>
/// A batch is closed when it is full, when a set without crops comes (those carry the progress of the cameras, and nothing must wait behind
/// them), and when no set is ready: a tracklet is never held back for company. What is in a batch has no influence on any result, because an
/// <see cref="IEmbedder"/> gives a picture the same embedding in any company.
/// </remarks>
public sealed class EmbedStage(IEmbedder embedder, ReidOptions options)
{
    private readonly List<CropSet> _waiting = [];
    private readonly List<Picture> _pictures = [];
    private float[] _embeddings = [];

    /// <summary>Crops embedded so far.</summary>
    public long Crops { get; private set; }

    /// <summary>Crops left out so far because the model gave NaN or infinity for them.</summary>
    public long UnusableCrops { get; private set; }

    /// <summary>Told of every set whose crops all went this way, so that it has no vector; on the stage's thread.</summary>
    public Action<ClipFeature>? Refused { get; init; }

    /// <summary>Runs until the input is complete or the token is cancelled, then completes the output.</summary>
    public async Task RunAsync(ChannelReader<CropSet> input, ChannelWriter<ClipFeature> output, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(output);
        Exception? failure = null;
        try
        {
            while (await input.WaitToReadAsync(cancellationToken))
            {
                while (input.TryRead(out CropSet? set))
                {
                    _waiting.Add(set);
                    _pictures.AddRange(set.Crops.Select(crop => crop.Picture));
                    if (set.Crops.Count == 0 || _pictures.Count >= options.Batch)
                    {
                        await FlushAsync(output, cancellationToken);
                    }
                }

                await FlushAsync(output, cancellationToken);
            }
        }
        catch (Exception e)
        {
            failure = e;
            throw;
        }
        finally
        {
            output.TryComplete(failure); // the next stage sees the end, or this failure
        }
    }

    private async Task FlushAsync(ChannelWriter<ClipFeature> output, CancellationToken cancellationToken)
    {
        int length = _pictures.Count * embedder.Dimension;
        if (_embeddings.Length < length)
        {
            _embeddings = new float[length];
        }

        if (length > 0)
        {
            embedder.Embed(_pictures, _embeddings.AsSpan(0, length));
            Crops += _pictures.Count;
        }

        int from = 0;
        foreach (CropSet set in _waiting)
        {
            int values = set.Crops.Count * embedder.Dimension;
            ClipFeature feature = Pool(set, _embeddings.AsSpan(from, values));
            from += values;
            await output.WriteAsync(feature, cancellationToken); // waits while the next stage is behind
        }

        _waiting.Clear();
        _pictures.Clear();
    }

    private ClipFeature Pool(CropSet set, Span<float> embeddings)
    {
        if (set.Crops.Count == 0)
        {
            return new ClipFeature(set.Key, null, 0);
        }

        float[] feature = new float[embedder.Dimension];
        int used = ClipFeatures.Pool(embeddings, set.Crops, options.Pooling, feature);
        UnusableCrops += set.Crops.Count - used;
        if (used > 0 && TemporalPooling.TryFinish(feature))
        {
            return new ClipFeature(set.Key, feature, used);
        }

        string problem = used == 0 ? "NaN or infinity" : "zero";
        ClipFeature refused = new(set.Key, null, 0, $"the model {embedder.ModelId} gives {problem} for {set.Crops.Count} crops; check the model with 'pipeline model inspect'");
        Refused?.Invoke(refused);
        return refused;
    }
}

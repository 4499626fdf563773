using System.Threading.Channels;

namespace Pipeline.Reid;

/// <summary>
/// Crop sets in, clip features out, in the same order: one of each, or of each part where a set is cut (<see cref="ClipBreaks"/>). Embeds the crops of
/// several sets together.
/// </summary>
/// <remarks>
/// A batch is closed when it is full, when a set without crops comes (those carry the progress of the cameras, and nothing must wait behind
/// them), and when no set is ready: a tracklet is never held back for company. What is in a batch has no influence on any result, because an
/// <see cref="IEmbedder"/> gives a picture the same embedding in any company.
/// </remarks>
public sealed class EmbedStage(IEmbedder embedder, ReidOptions options)
{
    private readonly bool _attends = Attends(embedder, options.Pooling);
    private readonly List<CropSet> _waiting = [];
    private readonly List<Picture> _pictures = [];
    private float[] _embeddings = [];
    private float[] _taps = [];

    /// <summary>Crops embedded so far.</summary>
    public long Crops { get; private set; }

    /// <summary>Crops left out so far because the model gave NaN or infinity for them.</summary>
    public long UnusableCrops { get; private set; }

    /// <summary>Cuts made in sets so far.</summary>
    public long Cuts { get; private set; }

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
            Embed(_embeddings.AsSpan(0, length));
            Crops += _pictures.Count;
        }

        int from = 0;
        foreach (CropSet set in _waiting)
        {
            foreach (Range part in Parts(set, from))
            {
                await output.WriteAsync(Pool(set, part, from), cancellationToken); // waits while the next stage is behind
            }

            from += set.Crops.Count;
        }

        _waiting.Clear();
        _pictures.Clear();
    }

    private static bool Attends(IEmbedder embedder, ClipPooling pooling) =>
        pooling != ClipPooling.Attention || embedder.WeighsClips
            ? pooling == ClipPooling.Attention
            : throw new InvalidDataException(
                $"reid.pooling attention: {embedder.ModelId} has no head that weighs the crops of a clip. "
                + "Set it to quality or mean, or name a model with one.");

    private void Embed(Span<float> embeddings)
    {
        if (!_attends)
        {
            embedder.Embed(_pictures, embeddings);
            return;
        }

        if (_taps.Length < 3 * _pictures.Count)
        {
            _taps = new float[3 * _pictures.Count];
        }

        embedder.Embed(_pictures, embeddings, _taps.AsSpan(0, 3 * _pictures.Count));
    }

    // The stretches of a set's crops that are of one person each; the whole set where it may not be cut.
    private List<Range> Parts(CropSet set, int from)
    {
        List<Range> parts = [];
        int begin = 0;
        foreach (int at in set.Part is null ? [] : ClipBreaks.Find(Embeddings(from, set.Crops.Count), set.Crops, embedder.DefaultThreshold - options.CutMargin, set.Met))
        {
            parts.Add(begin..at);
            begin = at;
            Cuts++;
        }

        parts.Add(begin..set.Crops.Count);
        return parts;
    }

    private Span<float> Embeddings(int from, int count) => _embeddings.AsSpan(from * embedder.Dimension, count * embedder.Dimension);

    /// <param name="set">The set.</param>
    /// <param name="part">Which of its crops.</param>
    /// <param name="from">Number of the set's first crop in the batch.</param>
    private ClipFeature Pool(CropSet set, Range part, int from)
    {
        (int first, int count) = part.GetOffsetAndLength(set.Crops.Count);
        object key = count == set.Crops.Count ? set.Key : set.Part!(part);
        if (count == 0)
        {
            return new ClipFeature(key, null, 0);
        }

        float[] feature = new float[embedder.Dimension];
        Span<float> embeddings = Embeddings(from + first, count);
        int used = _attends
            ? ClipFeatures.PoolByAttention(embeddings, _taps.AsSpan(3 * (from + first), 3 * count), feature)
            : ClipFeatures.Pool(embeddings, [.. set.Crops.Skip(first).Take(count)], options.Pooling, feature);
        UnusableCrops += count - used;
        if (used > 0 && TemporalPooling.TryFinish(feature))
        {
            return new ClipFeature(key, feature, used);
        }

        string problem = used == 0 ? "NaN or infinity" : "zero";
        ClipFeature refused = new(key, null, 0, $"the model {embedder.ModelId} gives {problem} for {count} crops; check the model with 'pipeline model inspect'");
        Refused?.Invoke(refused);
        return refused;
    }
}

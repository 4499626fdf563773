using System.Globalization;

namespace Pipeline.Reid.Evaluation;

/// <summary>Features of labelled pictures.</summary>
/// <param name="Features">Unit rows, one a picture that could be used.</param>
/// <param name="Pictures">Those pictures.</param>
/// <param name="Problems">What was left out and why, one line each.</param>
public sealed record PictureFeatures(FeatureRows Features, IReadOnlyList<EvaluationPicture> Pictures, IReadOnlyList<string> Problems)
{
    /// <summary>Three numbers a picture by which the model weighs the pictures of a clip (<see cref="ClipFeatures.PoolByAttention"/>); null when all weigh the same.</summary>
    public float[]? Taps { get; init; }

    /// <summary>Share of pictures that may be left out; above it the whole is refused.</summary>
    public const double LargestLoss = 0.01;

    private const int Batch = 64;

    /// <summary>Reads and embeds pictures. Those that cannot be used are named and left out, up to <see cref="LargestLoss"/>.</summary>
    /// <param name="pictures">The pictures.</param>
    /// <param name="embedder">The model.</param>
    /// <param name="byAttention">Asks the model how it weighs the pictures of a clip; for models with a head for clips.</param>
    /// <param name="done">Told after each batch how many pictures are through.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <exception cref="InvalidDataException">More pictures than that cannot be used.</exception>
    public static PictureFeatures Of(
        IReadOnlyList<EvaluationPicture> pictures, IEmbedder embedder, Action<int>? done = null, bool byAttention = false, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(pictures);
        ArgumentNullException.ThrowIfNull(embedder);
        List<float> values = [];
        List<float>? taps = byAttention ? [] : null;
        List<EvaluationPicture> used = [];
        List<string> problems = [];
        int through = 0;
        foreach (EvaluationPicture[] batch in pictures.Chunk(Batch))
        {
            cancellationToken.ThrowIfCancellationRequested();
            Embed(batch, embedder, values, taps, used, problems);
            through += batch.Length;
            done?.Invoke(through);
            if (problems.Count > LargestLoss * pictures.Count)
            {
                throw new InvalidDataException(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{problems.Count} of the first {through} pictures cannot be used, more than {LargestLoss:0%} of {pictures.Count}; the first: {problems[0]}"));
            }
        }

        return new PictureFeatures(new FeatureRows([.. values], embedder.Dimension), used, problems) { Taps = taps?.ToArray() };
    }

    private static void Embed(
        EvaluationPicture[] batch, IEmbedder embedder, List<float> values, List<float>? taps, List<EvaluationPicture> used, List<string> problems)
    {
        (EvaluationPicture Label, Picture? Picture, string Problem)[] read = new (EvaluationPicture, Picture?, string)[batch.Length];
        Parallel.For(0, batch.Length, i => read[i] = Read(batch[i]));
        problems.AddRange(read.Where(r => r.Picture is null).Select(r => r.Problem));
        (EvaluationPicture Label, Picture Picture)[] good = [.. read.Where(r => r.Picture is not null).Select(r => (r.Label, r.Picture!))];
        float[] vectors = new float[good.Length * embedder.Dimension];
        float[] said = new float[taps is null ? 0 : 3 * good.Length];
        if (taps is null)
        {
            embedder.Embed([.. good.Select(g => g.Picture)], vectors);
        }
        else
        {
            embedder.Embed([.. good.Select(g => g.Picture)], vectors, said);
        }

        for (int i = 0; i < good.Length; i++)
        {
            Span<float> vector = vectors.AsSpan(i * embedder.Dimension, embedder.Dimension);
            if (TemporalPooling.TryFinish(vector))
            {
                values.AddRange(vector);
                taps?.AddRange(said.AsSpan(3 * i, 3));
                used.Add(good[i].Label);
            }
            else
            {
                problems.Add($"'{good[i].Label.Path}': {embedder.ModelId} gives no usable vector (NaN, infinity or zero). Check picture and model.");
            }
        }
    }

    private static (EvaluationPicture Label, Picture? Picture, string Problem) Read(EvaluationPicture label)
    {
        try
        {
            return (label, PictureIo.Read(label.Path), "");
        }
        catch (InvalidDataException e)
        {
            return (label, null, e.Message);
        }
    }
}

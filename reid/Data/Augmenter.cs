using System.Collections.Concurrent;

namespace Pipeline.Reid.Data;

/// <summary>
/// Makes network inputs from kept pictures, changed at random. What is done depends on (seed, epoch, step, place) alone, so that results are the same
/// whatever the threads. Thread-safe; working memory is kept from picture to picture.
/// </summary>
/// <remarks>
/// All changes of a level by itself (contrast, light, gains, gamma) are one table of 256 values a channel. Where nothing else is asked of a picture, nor a black point of all,
/// that table also normalises, and the picture goes from bytes to the network's numbers in one pass: without any change they are those of
/// <see cref="CropTensor"/> to the bit.
/// </remarks>
public sealed class Augmenter
{
    private readonly ConcurrentBag<AugmenterWork> _free = [];
    private readonly ulong _seed;

    /// <summary>Checks the options.</summary>
    /// <param name="options">What is done.</param>
    /// <param name="how">Size and normalisation of the network's input; the layout is always batch, row, column, channel.</param>
    /// <param name="seed">Where the randomness begins.</param>
    /// <param name="marginHeight">Rows that the pictures have beyond the input's.</param>
    /// <param name="marginWidth">Columns that the pictures have beyond the input's.</param>
    /// <exception cref="InvalidDataException">An option is out of range, or does not go with the margin.</exception>
    public Augmenter(AugmentationOptions options, Preprocessing how, ulong seed, int marginHeight = 0, int marginWidth = 0)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(how);
        ArgumentOutOfRangeException.ThrowIfNegative(marginHeight);
        ArgumentOutOfRangeException.ThrowIfNegative(marginWidth);
        string? problem = options.Problems().Select(p => $"{p.Key}: {p.Problem}. Correct it.").FirstOrDefault();
        problem ??= options.Translation switch
        {
            Translation.Margin or Translation.Enlarged when marginHeight + marginWidth == 0 =>
                "augmentation.translation: pictures kept without a margin cannot be shifted within it. Keep a margin, or set none or padded.",
            Translation.Padded when marginHeight + marginWidth > 0 =>
                "augmentation.translation: padded wants pictures kept without a margin. Set the margin to 0, or set margin.",
            _ => null,
        };
        if (problem is not null)
        {
            throw new InvalidDataException(problem);
        }

        (Options, Preprocessing, _seed, MarginHeight, MarginWidth) = (options, how, seed, marginHeight, marginWidth);
        _free.Add(new AugmenterWork(this)); // checks sizes and normalisation now
    }

    /// <summary>What is done.</summary>
    public AugmentationOptions Options { get; }

    /// <summary>Size and normalisation of the network's input.</summary>
    public Preprocessing Preprocessing { get; }

    /// <summary>Rows that the pictures have beyond the input's.</summary>
    public int MarginHeight { get; }

    /// <summary>Columns that the pictures have beyond the input's.</summary>
    public int MarginWidth { get; }

    /// <summary>Floats of one input: rows × columns × 3.</summary>
    public int Length => 3 * Preprocessing.Height * Preprocessing.Width;

    /// <summary>Makes one input.</summary>
    /// <param name="picture">The kept picture, as <see cref="PictureCache"/> gives it.</param>
    /// <param name="epoch">Number of the epoch.</param>
    /// <param name="step">Number of the batch in the epoch.</param>
    /// <param name="place">Place in the batch.</param>
    /// <param name="input">Receives <see cref="Length"/> floats: rows, columns, channels (red first, or blue first where the preprocessing says so).</param>
    /// <exception cref="ArgumentException">The picture or the input has another length.</exception>
    public void Write(ReadOnlySpan<byte> picture, int epoch, int step, int place, Span<float> input)
    {
        int length = 3 * (Preprocessing.Height + MarginHeight) * (Preprocessing.Width + MarginWidth);
        if (picture.Length != length || input.Length != Length)
        {
            throw new ArgumentException($"a picture of {length} bytes and {Length} floats wanted, got {picture.Length} and {input.Length}", nameof(picture));
        }

        if (!_free.TryTake(out AugmenterWork? work))
        {
            work = new AugmenterWork(this);
        }

        SeededRandom? camera = Options.Cameras > 0 ? new SeededRandom(~_seed, epoch, step, place % Options.Cameras) : null;
        work.Write(picture, new SeededRandom(_seed, epoch, step, place), camera, input);
        _free.Add(work);
    }
}

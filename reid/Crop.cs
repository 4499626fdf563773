namespace Pipeline.Reid;

/// <summary>A picture in managed memory: 8-bit BGR, interleaved, rows top to bottom without padding.</summary>
/// <param name="Width">Width in pixels, at least 1.</param>
/// <param name="Height">Height in pixels, at least 1.</param>
/// <param name="Bgr">Width × Height × 3 bytes.</param>
public sealed record Picture(int Width, int Height, byte[] Bgr);

/// <summary>The pixels of one person in one frame, as cut out (not yet resized), with what speaks for their worth.</summary>
/// <param name="Picture">The pixels.</param>
/// <param name="CapturedAt">Capture time of the frame, UTC.</param>
/// <param name="Quality">0 to 1: sharpness, size, confidence, overlap and truncation in one number; higher is better.</param>
public sealed record Crop(Picture Picture, DateTimeOffset CapturedAt, float Quality);

/// <summary>The crops of one clip under an opaque key. A set without crops passes through the stage in its place, unembedded.</summary>
/// <param name="Key">Whatever the sender wants back with the feature; never looked at here.</param>
/// <param name="Crops">Crops in capture-time order; may be empty.</param>
/// <param name="Part">
/// Gives the key of the part that some of the crops show, where crops that turn out to be of several people, one after the other, may be told apart;
/// null where all belong together whatever they show.
/// </param>
public sealed record CropSet(object Key, IReadOnlyList<Crop> Crops, Func<Range, object>? Part = null)
{
    /// <summary>
    /// For each crop how closely another person came since the one before it: the largest IoU of their boxes, 0 to 1. That is where a tracker goes on
    /// with the wrong one. Empty where nobody looked.
    /// </summary>
    public IReadOnlyList<float> Met { get; init; } = [];
}

/// <summary>What became of a <see cref="CropSet"/>.</summary>
/// <param name="Key">The set's key.</param>
/// <param name="Vector">
/// The clip feature: unit length, every value representable in 16-bit floating point, so that what is stored is what was compared;
/// null when the set had no usable crop.
/// </param>
/// <param name="Frames">Crops that went into the feature.</param>
/// <param name="Problem">Why there is no vector though there were crops (NaN from the model, say); else null.</param>
public sealed record ClipFeature(object Key, float[]? Vector, int Frames, string? Problem = null);

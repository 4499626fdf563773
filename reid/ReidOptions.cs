namespace Pipeline.Reid;

/// <summary>From the embeddings of a clip's crops to one vector.</summary>
public enum ClipPooling
{
    /// <summary>Every crop counts the same.</summary>
    Mean,

    /// <summary>Crops count by their quality.</summary>
    Quality,

    /// <summary>The model weighs them itself; for models with a head for clips only.</summary>
    Attention,
}

/// <summary>Settings of the re-id stage: which model describes people, and how a clip becomes one vector.</summary>
public sealed record ReidOptions
{
    /// <summary>
    /// <c>default</c> (the network that comes with the program), <c>colour</c> (colour layout, needs no file), an ONNX file, weights, or the name of a
    /// network of ours such as <c>rga-sc-compact</c>. Default <c>default</c>.
    /// </summary>
    public string Model { get; init; } = ShippedModel.Name;

    /// <summary>How crops become a clip feature. Default <see cref="ClipPooling.Quality"/>.</summary>
    public ClipPooling Pooling { get; init; } = ClipPooling.Quality;

    /// <summary>Embed each crop's mirror image too and take the mean: a little better, twice the time. Default false.</summary>
    public bool Flip { get; init; }

    /// <summary>
    /// Where the crops of a track before a moment and after it are so much less alike than the model asks of one person in two cameras, the tracker went
    /// from one person to another, and the track is cut into two tracklets, -1 to 2. Default 0.12; 2 cuts nothing.
    /// </summary>
    public float CutMargin { get; init; } = 0.12f;

    /// <summary>
    /// What <c>pipeline calibrate</c> measured of the model: <c>auto</c> takes the file beside the model where there is one, <c>none</c> takes none, or a
    /// file. Default <c>auto</c>.
    /// </summary>
    public string Calibration { get; init; } = "auto";

    /// <summary>Crops that are embedded together at most, 1 to 1024, default 64. Has no influence on results.</summary>
    public int Batch { get; init; } = 64;

    /// <summary>Every rule these values break, each as key and "allowed, got"; empty when they are valid.</summary>
    public IEnumerable<(string Key, string Problem)> Problems()
    {
        if (string.IsNullOrWhiteSpace(Model))
        {
            yield return ("reid.model", "default, colour, an ONNX file or the name of a network is needed, got none");
        }

        if (string.IsNullOrWhiteSpace(Calibration))
        {
            yield return ("reid.calibration", "auto, none or a file is needed, got none");
        }

        if (!Enum.IsDefined(Pooling))
        {
            yield return ("reid.pooling", $"mean, quality or attention, got {(int)Pooling}");
        }

        if (CutMargin is not (>= -1 and <= 2))
        {
            yield return ("reid.cut_margin", $"-1 to 2, got {CutMargin}");
        }

        if (Batch is < 1 or > 1024)
        {
            yield return ("reid.batch", $"1 to 1024 crops, got {Batch}");
        }
    }
}

namespace Pipeline.Reid;

/// <summary>How a crop is brought to the input size.</summary>
public enum Interpolation
{
    /// <summary>Pillow's bilinear, antialiased when shrinking: what torchvision's Resize gives on pictures.</summary>
    PillowBilinear,

    /// <summary>Pillow's bicubic (a = -0.5), antialiased when shrinking.</summary>
    PillowBicubic,

    /// <summary>OpenCV's INTER_LINEAR on 8-bit pictures, without antialias.</summary>
    OpenCvLinear,
}

/// <summary>Order of a tensor's axes.</summary>
public enum TensorLayout
{
    /// <summary>Batch, channel, row, column.</summary>
    Nchw,

    /// <summary>Batch, row, column, channel.</summary>
    Nhwc,
}

/// <summary>
/// How a network wants its crops: resized to <see cref="Width"/> × <see cref="Height"/>, its black levels taken off where asked for, then (pixel × <see cref="Scale"/> − mean) / std per channel.
/// The defaults are those of the RGA networks and of nearly all others trained with torchvision.
/// </summary>
public sealed record Preprocessing
{
    /// <summary>Rows of the input, 1 to 4096. Default 256.</summary>
    public int Height { get; init; } = 256;

    /// <summary>Columns of the input, 1 to 4096. Default 128.</summary>
    public int Width { get; init; } = 128;

    /// <summary>Three numbers in the order of <see cref="Bgr"/>, subtracted after scaling. Default ImageNet's.</summary>
    public IReadOnlyList<float> Mean { get; init; } = [0.485f, 0.456f, 0.406f];

    /// <summary>Three numbers above 0, divided by last. Default ImageNet's.</summary>
    public IReadOnlyList<float> Std { get; init; } = [0.229f, 0.224f, 0.225f];

    /// <summary>What a pixel of 0 to 255 is multiplied with first. Default 1/255.</summary>
    public double Scale { get; init; } = 1 / 255.0;

    /// <summary>Channels blue first. Default false: red first.</summary>
    public bool Bgr { get; init; }

    /// <summary>
    /// Share of each channel's pixels, the darkest, that are taken for black: the channel is stretched so that they become 0 (<see cref="BlackLevel"/>).
    /// 0 to 0.5. Default 0: levels stay as they are.
    /// </summary>
    public double BlackPoint { get; init; }

    /// <summary>How the crop is resized. Default <see cref="Interpolation.PillowBilinear"/>.</summary>
    public Interpolation Interpolation { get; init; }

    /// <summary>Order of the axes. Default <see cref="TensorLayout.Nchw"/>.</summary>
    public TensorLayout Layout { get; init; }
}

namespace Pipeline.Reid;

/// <summary>
/// The keys that say how a re-id network wants its crops: in the metadata of an ONNX file, or, with the same names, in a YAML file beside it
/// (<c>x.yaml</c> beside <c>x.onnx</c>), which wins key by key. Every key is optional; what is missing comes from the graph's input or the defaults.
/// </summary>
/// <remarks>
/// A crop becomes a tensor by: resize to <see cref="InputWidth"/> × <see cref="InputHeight"/>, then per channel
/// (pixel × <see cref="Scale"/> − <see cref="Mean"/>) / <see cref="Std"/>, channels in the order of <see cref="Colour"/>.
/// Numbers are written with a decimal point, lists with commas.
/// </remarks>
public static class ModelMetadata
{
    /// <summary>Model name and weight digest, <c>rga-r50-256x128@sha256:9c1f2ab4</c>. Without an <c>@</c> the file's digest is added. Default: file name and digest.</summary>
    public const string ModelId = "model_id";

    /// <summary>Rows of the input. Default: from the graph, else 256.</summary>
    public const string InputHeight = "input_height";

    /// <summary>Columns of the input. Default: from the graph, else 128.</summary>
    public const string InputWidth = "input_width";

    /// <summary>Three numbers in the order of <see cref="Colour"/>, in units of the scaled pixel. Default <c>0.485,0.456,0.406</c>.</summary>
    public const string Mean = "mean";

    /// <summary>Three numbers above 0, as <see cref="Mean"/>. Default <c>0.229,0.224,0.225</c>.</summary>
    public const string Std = "std";

    /// <summary>What a pixel of 0 to 255 is multiplied with first. Default 1/255, as <c>0.00392156862745098</c>.</summary>
    public const string Scale = "scale";

    /// <summary><c>rgb</c> (default) or <c>bgr</c>.</summary>
    public const string Colour = "colour";

    /// <summary>Share of each channel's darkest pixels that are taken for black before all else, 0 to 0.5: see <see cref="Preprocessing.BlackPoint"/>. Default 0.</summary>
    public const string BlackPoint = "black_point";

    /// <summary><c>pillow_bilinear</c> (default), <c>pillow_bicubic</c> or <c>opencv_linear</c> (cv2.resize, no antialias).</summary>
    public const string Interpolation = "interpolation";

    /// <summary><c>nchw</c> or <c>nhwc</c>. Default: from the graph's input shape.</summary>
    public const string Layout = "layout";

    /// <summary>Name of the output that holds the embedding, shape (N, D). Default: the first output.</summary>
    public const string Feature = "feature";

    /// <summary>
    /// Name of the output, shape (N, 3), by which the model weighs the crops of a clip: what each says for the crop after it, itself and the one
    /// before it. Their sums, ReLU and softmax make the weights (<c>pooling: attention</c>). Default: the model has none.
    /// </summary>
    public const string ClipTaps = "clip_taps";

    /// <summary>What the user must know of the weights, such as <c>untrained weights</c>; absent or empty when nothing.</summary>
    public const string Notice = "notice";

    /// <summary>Smallest cosine similarity of two clip features taken as one person, -1 to 1. Default: <see cref="IEmbedder.DefaultThreshold"/>'s for unknown networks.</summary>
    public const string Threshold = "threshold";

    /// <summary>
    /// Similarity asked for beyond <see cref="Threshold"/> of somebody seen again in the same camera, where strangers share light and background, 0 to 1.
    /// Default 0.
    /// </summary>
    public const string SameCameraExtra = "same_camera_extra";

    /// <summary><c>true</c>: each crop's mirror image is embedded too and the mean taken, twice the time. Default <c>false</c>.</summary>
    public const string Mirror = "mirror";
}

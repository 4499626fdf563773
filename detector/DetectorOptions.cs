namespace Pipeline.Detector;

/// <summary>How a model's outputs are to be read.</summary>
public enum DetectorLayout
{
    /// <summary>Recognised from the shapes of the outputs and the model's metadata.</summary>
    Auto,

    /// <summary>YOLOX before decoding: [cells, 5 + classes], strides 8, 16, 32.</summary>
    Yolox,

    /// <summary>YOLOv5 and v7: [3 x cells, 5 + classes], boxes in input pixels.</summary>
    Yolov5,

    /// <summary>YOLOv8, v9 and 11: [4 + classes, cells], boxes in input pixels.</summary>
    Yolov8,

    /// <summary>YOLOv10 and other end-to-end exports: [rows, 6] of x1, y1, x2, y2, score, class.</summary>
    Yolov10,

    /// <summary>DETR family: class logits [queries, classes] and normalised boxes [queries, 4] of cx, cy, w, h.</summary>
    Detr,

    /// <summary>SSD of person-detection-0013: flat box and score outputs over 12 priors a cell of 16 pixels.</summary>
    SsdPriors,

    /// <summary>SSD of TensorFlow before decoding: box encodings [anchors, 4] and class logits [anchors, classes].</summary>
    SsdAnchors,

    /// <summary>SSD with its post-processing inside: [1, rows, 7] of picture, class, score and normalised corners.</summary>
    SsdEndToEnd,

    /// <summary>NanoDet: per stride class scores [cells, classes] and distances [cells, 4 x bins], three strides.</summary>
    Nanodet,

    /// <summary>PicoDet: as NanoDet with four strides.</summary>
    Picodet,

    /// <summary>NanoDet-Plus: one output [cells, classes + 4 x 8 bins], strides 8, 16, 32, 64.</summary>
    NanodetPlus,

    /// <summary>FastestDet: one output [5 + classes, rows, columns] over cells of 16 pixels.</summary>
    Fastestdet,

    /// <summary>CenterNet with its peaks taken: [rows, 6] of x1, y1, x2, y2, score, class beside the heat-maps.</summary>
    Centernet,
}

/// <summary>How a picture is brought to the size of a model's input.</summary>
public enum PictureFit
{
    /// <summary>As the layout's models are usually trained.</summary>
    Auto,

    /// <summary>Stretched to the input's size; the ratio is not kept.</summary>
    Stretch,

    /// <summary>The ratio is kept, the picture lies at the top left, the rest is padding.</summary>
    TopLeft,

    /// <summary>The ratio is kept, the picture lies in the middle, the rest is padding.</summary>
    Centre,
}

/// <summary>The order of the colour channels of a model's input.</summary>
public enum ColourOrder
{
    /// <summary>As the layout's models are usually trained.</summary>
    Auto,

    /// <summary>Blue, green, red.</summary>
    Bgr,

    /// <summary>Red, green, blue.</summary>
    Rgb,
}

/// <summary>Settings of the detector: which, how its model is fed and read, and when it rests.</summary>
public sealed record DetectorOptions
{
    /// <summary><c>default</c> (NanoDet-G when set-up has fetched it, else HOG), <c>hog</c>, or the path of an .onnx or .ort file. Default "default".</summary>
    public string Model { get; init; } = "default";

    /// <summary>
    /// Folder with boxes that somebody else found, in the detector's place: CAMERA/SEGMENT.txt or CAMERA.txt, MOTChallenge text, frames from 1 as
    /// decoded. Null to look for people. Default null.
    /// </summary>
    public string? Given { get; init; }

    /// <summary>How the model's outputs are read. Default auto: recognised from the model.</summary>
    public DetectorLayout Layout { get; init; }

    /// <summary>How a picture is brought to the model's size. Default auto: as the layout wants it.</summary>
    public PictureFit Fit { get; init; }

    /// <summary>Grey level of the padding, 0 to 255; -1 as the layout wants it. Default -1.</summary>
    public int Pad { get; init; } = -1;

    /// <summary>Order of the colour channels. Default auto: as the layout wants it.</summary>
    public ColourOrder Colour { get; init; }

    /// <summary>Subtracted from the levels 0 to 255: one number, or three in the model's channel order, such as "123.675, 116.28, 103.53". Default none: as the layout wants it.</summary>
    public string? Mean { get; init; }

    /// <summary>What the levels are divided by after <see cref="Mean"/>: one number, or three in the model's channel order. Default none: as the layout wants it.</summary>
    public string? Std { get; init; }

    /// <summary>
    /// Width of the input in pixels, 0 or 32 to 4096, for a model that leaves it open. 0, the default: the model's own, or each picture's proportions with a longer
    /// side of 640. With NanoDet-G, the default detector, 416 x 416 takes less than half of the time and misses more of small people.
    /// </summary>
    public int InputWidth { get; init; }

    /// <summary>Height of the input in pixels, 0 or 32 to 4096, for a model that leaves it open. Default 0, as with <see cref="InputWidth"/>.</summary>
    public int InputHeight { get; init; }

    /// <summary>Index of the class "person"; -1 takes it from the model's metadata, else the layout's usual. Default -1.</summary>
    public int PersonClass { get; init; } = -1;

    /// <summary>
    /// Detections at or under this score are not handed on, 0 to below 1. Default 0.1: the tracker's second stage lives on weak detections.
    /// </summary>
    public float ScoreThreshold { get; init; } = 0.1f;

    /// <summary>Of two boxes that overlap by more than this (intersection over union) the weaker one goes, above 0 to 1. Default 0.5.</summary>
    public float NmsIou { get; init; } = 0.5f;

    /// <summary>Pictures that go through the network together, of all cameras, 1 to 64. Default 8.</summary>
    public int Batch { get; init; } = 8;

    /// <summary>A batch closes when capture time has gone on by this much since its first picture, 0 to 10 s. Default 400 ms.</summary>
    public TimeSpan BatchSpan { get; init; } = TimeSpan.FromMilliseconds(400);

    /// <summary>Whether the detector rests while nothing moves and nobody is there. Default true.</summary>
    public bool MotionGate { get; init; } = true;

    /// <summary>How long the detector stays awake after the last motion or the last sight of a person, at least <see cref="BatchSpan"/>, up to 10 min. Default 2 s.</summary>
    public TimeSpan MotionHold { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Score, 0 to 1, from which a detection counts as somebody who keeps the detector awake; later sights of the same person
    /// may be as weak as <see cref="ScoreThreshold"/>. Default 0.4.
    /// </summary>
    public float MotionHoldScore { get; init; } = 0.4f;

    /// <summary>Every rule these values break, each as key and "allowed, got"; empty when they are valid.</summary>
    public IEnumerable<(string Key, string Problem)> Problems()
    {
        if (string.IsNullOrWhiteSpace(Model))
        {
            yield return ("detector.model", "default, hog or a file is needed, got nothing");
        }

        if (Pad is < -1 or > 255)
        {
            yield return ("detector.pad", $"-1 to 255, got {Pad}");
        }

        foreach ((string key, string? value, bool divisor) in new[] { ("mean", Mean, false), ("std", Std, true) })
        {
            if (value is not null && (!PictureFormat.TryParseChannels(value, out float[] numbers) || (divisor && numbers.Contains(0))))
            {
                yield return ($"detector.{key}", $"one number or three with commas between{(divisor ? ", none of them 0" : "")}, got '{value}'");
            }
        }

        foreach ((string key, int value) in new[] { ("input_width", InputWidth), ("input_height", InputHeight) })
        {
            if (value is not 0 and (< 32 or > 4096))
            {
                yield return ($"detector.{key}", $"0, or 32 to 4096, got {value}");
            }
        }

        if (PersonClass < -1)
        {
            yield return ("detector.person_class", $"-1 or more, got {PersonClass}");
        }

        if (ScoreThreshold is not (>= 0 and < 1))
        {
            yield return ("detector.score_threshold", $"0 to below 1, got {ScoreThreshold}");
        }

        if (NmsIou is not (> 0 and <= 1))
        {
            yield return ("detector.nms_iou", $"above 0, to 1, got {NmsIou}");
        }

        if (Batch is < 1 or > 64)
        {
            yield return ("detector.batch", $"1 to 64, got {Batch}");
        }

        if (BatchSpan < TimeSpan.Zero || BatchSpan > TimeSpan.FromSeconds(10))
        {
            yield return ("detector.batch_span_ms", $"0 to 10000, got {BatchSpan.TotalMilliseconds}");
        }

        if (MotionHold < BatchSpan || MotionHold > TimeSpan.FromMinutes(10))
        {
            yield return ("detector.motion_hold_ms", $"batch_span_ms ({BatchSpan.TotalMilliseconds}) to 600000, got {MotionHold.TotalMilliseconds}");
        }

        if (MotionHoldScore is not (>= 0 and <= 1))
        {
            yield return ("detector.motion_hold_score", $"0 to 1, got {MotionHoldScore}");
        }
    }
}

namespace Pipeline.Tracker;

/// <summary>Settings of the one-camera tracker, under the field's names; all durations are capture time, so they hold at any frame rate.</summary>
public sealed record TrackerOptions
{
    /// <summary>Detections at least this sure take part in the first association. 0 to 1, default 0.3.</summary>
    public float HighThreshold { get; init; } = 0.3f;

    /// <summary>Detections from here up to <see cref="HighThreshold"/> may only continue a track. 0 to 1, default 0.1.</summary>
    public float LowThreshold { get; init; } = 0.1f;

    /// <summary>Detections at least this sure may start a track. 0 to 1, default 0.5.</summary>
    public float NewTrackThreshold { get; init; } = 0.5f;

    /// <summary>Largest cost (1 - IoU × score) in the first association. 0 to 1, default 0.8.</summary>
    public float MatchThreshold { get; init; } = 0.8f;

    /// <summary>Largest cost (1 - IoU) in the second association, with unsure detections. 0 to 1, default 0.5.</summary>
    public float LowMatchThreshold { get; init; } = 0.5f;

    /// <summary>Largest cost (1 - IoU × score) for tentative tracks. 0 to 1, default 0.7.</summary>
    public float TentativeMatchThreshold { get; init; } = 0.7f;

    /// <summary>Smallest IoU of a detection with a lost track's last observed box at which it takes the track up again. 0 to 1, default 0.4.</summary>
    public float RecoveryIou { get; init; } = 0.4f;

    /// <summary>Matches after which a tentative track is confirmed. 1 to 100, default 2.</summary>
    public int MinHits { get; init; } = 2;

    /// <summary>How long a track may go unseen before it is given up. 1 ms to 1 h, default 2 s.</summary>
    public TimeSpan MaxLost { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Trust the measurement more where the detector is surer (NSA Kalman). Default false: on MOT17 and MOT15 it costs identities.</summary>
    public bool NoiseByScore { get; init; }

    /// <summary>
    /// How much the boxes' common height counts in the first and second association: their IoU is multiplied by its share raised to this power
    /// (Hybrid-SORT's height-modulated IoU is 1). Of people close together in the picture, the one in front is lower and larger. 0 to 4, default 0.5.
    /// </summary>
    public float HeightPower { get; init; } = 0.5f;

    /// <summary>
    /// How much the colours of body and box count in the first association, where pictures are there: for each hundredth that the Bhattacharyya
    /// coefficient of two layouts lies above or below 0.9, so many hundredths are added to or taken from the likeness of the boxes. 0 for none, to 10, default 3.
    /// </summary>
    public float ColourWeight { get; init; } = 3;

    /// <summary>Share of their size by which boxes are grown on every side in the first association where colours count (C-BIoU's buffer). 0 to 2, default 0.3.</summary>
    public float ColourBuffer { get; init; } = 0.3f;

    /// <summary>Judge by the boxes how the camera itself moved, and move the tracks along. A camera that stands still is left alone. Default true.</summary>
    public bool CameraMotion { get; init; } = true;

    /// <summary>Recover lost tracks from their last observed box (OC-SORT's OCR). Default true.</summary>
    public bool Recovery { get; init; } = true;

    /// <summary>When a lost track is found again, replay the gap along a straight path (OC-SORT's ORU). Default true.</summary>
    public bool ReUpdate { get; init; } = true;

    /// <summary>Two tracks whose boxes overlap more than this are one; the shorter goes. 0 to 1, default 0.95: at less, whoever walks past somebody hidden would erase him.</summary>
    public float DuplicateIou { get; init; } = 0.95f;

    /// <summary>Most detections of a frame that are looked at, the surest first; more come from a broken detector. 1 to 10000, default 1000.</summary>
    public int MaxDetections { get; init; } = 1000;

    /// <summary>Detections that a track needs to become a tracklet. 1 to 10000, default 3.</summary>
    public int MinDetections { get; init; } = 3;

    /// <summary>Largest width over height of an upright person; a track that was never narrower is nobody. 0.1 to 100, default 1.6 (ByteTrack's).</summary>
    public float MaxAspect { get; init; } = 1.6f;

    /// <summary>
    /// A track at least this long, of which the picture at its first place never changed, is a thing that looks like a person. 0 for no such rule, to 1 h, default 10 s.
    /// </summary>
    public TimeSpan Still { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Best crops kept of a track. 1 to 64, default 8.</summary>
    public int Crops { get; init; } = 8;

    /// <summary>Crops higher than this many pixels are scaled down. 64 to 4096, default 384.</summary>
    public int MaxCropHeight { get; init; } = 384;

    /// <summary>Live cameras only: a track that holds all its crops, each at least this good, is decided before it ends. 0 to 1, default 0.5; above 1 never.</summary>
    public float EarlyQuality { get; init; } = 0.5f;

    /// <summary>Live cameras only: age a track needs to be decided before it ends. 0 to 1 h, default 3 s.</summary>
    public TimeSpan EarlyAge { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>What is done to the tracks of a recording afterwards, where that is asked for.</summary>
    public OfflineOptions Offline { get; init; } = new();

    /// <summary>Every rule these values break, each as key and "allowed, got"; empty when they are valid.</summary>
    public IEnumerable<(string Key, string Problem)> Problems()
    {
        (string Key, float Value)[] shares =
        [
            ("high_threshold", HighThreshold), ("low_threshold", LowThreshold), ("new_track_threshold", NewTrackThreshold),
            ("match_threshold", MatchThreshold), ("low_match_threshold", LowMatchThreshold),
            ("tentative_match_threshold", TentativeMatchThreshold), ("recovery_iou", RecoveryIou), ("duplicate_iou", DuplicateIou),
        ];
        foreach ((string key, float value) in shares)
        {
            if (value is not (>= 0 and <= 1))
            {
                yield return ($"tracker.{key}", $"0 to 1, got {value}");
            }
        }

        if (HeightPower is not (>= 0 and <= 4))
        {
            yield return ("tracker.height_power", $"0 to 4, got {HeightPower}");
        }

        if (ColourWeight is not (>= 0 and <= 10))
        {
            yield return ("tracker.colour_weight", $"0 to 10, got {ColourWeight}");
        }

        if (ColourBuffer is not (>= 0 and <= 2))
        {
            yield return ("tracker.colour_buffer", $"0 to 2, got {ColourBuffer}");
        }

        if (LowThreshold > HighThreshold)
        {
            yield return ("tracker.low_threshold", $"at most high_threshold ({HighThreshold}), got {LowThreshold}");
        }

        (string Key, int Value, int Least, int Most)[] counts =
        [
            ("min_hits", MinHits, 1, 100), ("min_detections", MinDetections, 1, 10000), ("crops", Crops, 1, 64), ("max_detections", MaxDetections, 1, 10000),
            ("max_crop_height", MaxCropHeight, 64, 4096),
        ];
        foreach ((string key, int value, int least, int most) in counts)
        {
            if (value < least || value > most)
            {
                yield return ($"tracker.{key}", $"{least} to {most}, got {value}");
            }
        }

        if (MaxLost < TimeSpan.FromMilliseconds(1) || MaxLost > TimeSpan.FromHours(1))
        {
            yield return ("tracker.max_lost_ms", $"1 to 3600000, got {MaxLost.TotalMilliseconds}");
        }

        if (Still < TimeSpan.Zero || Still > TimeSpan.FromHours(1))
        {
            yield return ("tracker.still_ms", $"0 to 3600000, got {Still.TotalMilliseconds}");
        }

        if (MaxAspect is not (>= 0.1f and <= 100))
        {
            yield return ("tracker.max_aspect", $"0.1 to 100, got {MaxAspect}");
        }

        if (EarlyAge < TimeSpan.Zero || EarlyAge > TimeSpan.FromHours(1))
        {
            yield return ("tracker.early_age_ms", $"0 to 3600000, got {EarlyAge.TotalMilliseconds}");
        }

        foreach ((string Key, string Problem) problem in Offline.Problems())
        {
            yield return problem;
        }

        if (EarlyQuality is not (>= 0 and <= 10))
        {
            yield return ("tracker.early_quality", $"0 to 10, got {EarlyQuality}");
        }
    }
}

namespace Pipeline.Tracker;

/// <summary>Shortest and longest time that a person takes from one camera to another.</summary>
public sealed record TravelWindow
{
    /// <summary>Nobody is faster. 0 or more, default 0.</summary>
    public TimeSpan Min { get; init; } = TimeSpan.Zero;

    /// <summary>Nobody who comes straight is slower; counts from the latest sighting before. Default 24 h.</summary>
    public TimeSpan Max { get; init; } = TimeSpan.FromHours(24);
}

/// <summary>Settings of linking across cameras.</summary>
public sealed record LinkerOptions
{
    /// <summary>Smallest cosine similarity, -1 to 1, at which a tracklet joins an identity; null takes the embedding model's own. Default null.</summary>
    public float? Threshold { get; init; }

    /// <summary>
    /// How far above the threshold a tracklet must come to join somebody seen in its own camera: there, light and place make strangers alike too.
    /// 0 to 1; null takes the embedding model's own. Default null.
    /// </summary>
    public float? SameCameraExtra { get; init; }

    /// <summary>How far the best identity must lie above the next possible one. 0 to 1, default 0.05.</summary>
    public float Margin { get; init; } = 0.05f;

    /// <summary>A best similarity this close below the threshold is called uncertain. 0 to 1, default 0.05.</summary>
    public float Uncertainty { get; init; } = 0.05f;

    /// <summary>Prototypes kept of an identity. 1 to 1000, default 10.</summary>
    public int Prototypes { get; init; } = 10;

    /// <summary>Of these from one camera, so that none crowds out the others. 1 to 1000, default 10.</summary>
    public int PrototypesPerCamera { get; init; } = 10;

    /// <summary>Tracklets whose best crop is worse than this are too poor to be anybody. 0 to 1, default 0.25.</summary>
    public float MinQuality { get; init; } = 0.25f;

    /// <summary>Groups of cameras that see the same place, each a list of camera ids separated by commas. Default none.</summary>
    public IReadOnlyList<string> Overlapping { get; init; } = [];

    /// <summary>
    /// Whether place and time rule out: nobody is twice in a camera, at two places at once, faster than the travel times. Without it only looks
    /// count; to be switched off for comparison only. Default true.
    /// </summary>
    public bool Exclusion { get; init; } = true;

    /// <summary>
    /// Whether tracklets that become known within one second are decided together, by optimal assignment; else one after the other. Default true.
    /// </summary>
    public bool Joint { get; init; } = true;

    /// <summary>How long two cameras that do not overlap may seem to see one person at once (clocks that are a little off). Default 0, at most 1 min.</summary>
    public TimeSpan OverlapTolerance { get; init; } = TimeSpan.Zero;

    /// <summary>Cameras known by order alone started at once (<c>clocks: together</c>), so that rules about time hold between them. Default false.</summary>
    public bool ClocksTogether { get; init; }

    /// <summary>Travel times by ordered pair of camera ids, <c>from-&gt;to</c>. Default none.</summary>
    public IReadOnlyDictionary<string, TravelWindow> TravelTimes { get; init; } = new Dictionary<string, TravelWindow>();

    /// <summary>
    /// Whether later evidence may correct what was decided: identities that prove to be one are merged, a tracklet that fits a later identity
    /// clearly better goes there. Default true.
    /// </summary>
    public bool Merge { get; init; } = true;

    /// <summary>How far two identities must lie above the threshold to be merged. 0 to 1, default 0.02.</summary>
    public float MergeMargin { get; init; } = 0.02f;

    /// <summary>How long after it was first met an identity stays open for such corrections, in capture time. 0 to 30 days, default 1 h.</summary>
    public TimeSpan OpenFor { get; init; } = TimeSpan.FromHours(1);

    /// <summary>
    /// Somebody not seen for so long, in capture time, is looked for no more; the store keeps them. Holds for cameras with a clock, in steps of a
    /// 60th of it, at most an hour.
    /// 1 min to 10 years, default 7 days.
    /// </summary>
    public TimeSpan ForgetAfter { get; init; } = TimeSpan.FromDays(7);

    /// <summary>
    /// What learned travel times between cameras and their zones count: similarity that one unit of their log-likelihood ratio is worth, which is at
    /// most 3.4 for or against. They can rule out and re-rank, never make a match of somebody who does not look alike. 0 to 0.1, default 0.01; 0 leaves them out.
    /// </summary>
    public float TravelWeight { get; init; } = 0.01f;

    /// <summary>
    /// The most that an operator's words on pairs that look like a pair count for it, as similarity: <c>identities merge</c> for, <c>split</c> and
    /// <c>not-same</c> against. 0 to 0.2, default 0.05; 0 leaves it at the pairs spoken of.
    /// </summary>
    public float FeedbackWeight { get; init; } = 0.05f;

    /// <summary>
    /// Whether scores are normalised by how alike people are who cannot be one person: for each pair of cameras, and where footage is linked once more
    /// for each tracklet too. Default true.
    /// </summary>
    public bool Normalise { get; init; } = true;

    /// <summary>
    /// Whether less is asked for where the strangers of the site are less alike than those that the threshold was measured on, by up to 0.1. Needs a
    /// hundred pairs who cannot be one person, between cameras or within one. Default true.
    /// </summary>
    public bool Levels { get; init; } = true;

    /// <summary>
    /// The most that company is worth, as similarity: somebody who came and went with a person in one camera and in another. 0 to 1, default 0.1;
    /// 0 leaves it out.
    /// </summary>
    public float Company { get; init; } = 0.1f;

    /// <summary>Whether all tracklets of recorded footage are linked once more, together, when it was read to its end. Default true.</summary>
    public bool Relink { get; init; } = true;

    /// <summary>How far above the threshold groups must lie to be joined in that. -1 to 1, default 0.02.</summary>
    public float RelinkMargin { get; init; } = 0.02f;

    /// <summary>What common neighbours are worth in that, as similarity. 0 to 1, default 0.1.</summary>
    public float RelinkNeighbours { get; init; } = 0.1f;

    /// <summary>Runs with more tracklets than this are not linked once more. 1 to 20000, default 4000 (about 300 MB).</summary>
    public int RelinkTracklets { get; init; } = 4000;

    /// <summary>Cameras that these settings name, each with the key that does.</summary>
    public IEnumerable<(string Key, string Camera)> CamerasNamed() =>
    [
        .. Overlapping.SelectMany(CameraRules.Members).Select(camera => ("linker.overlapping", camera)),
        .. TravelTimes.Keys.SelectMany(pair => pair.Split("->")).Select(camera => ("linker.travel_times", camera.Trim())),
    ];

    /// <summary>Every rule these values break, each as key and "allowed, got"; empty when they are valid.</summary>
    public IEnumerable<(string Key, string Problem)> Problems()
    {
        if (Threshold is not (null or (>= -1 and <= 1)))
        {
            yield return ("linker.threshold", $"-1 to 1, got {Threshold}");
        }

        if (SameCameraExtra is not (null or (>= 0 and <= 1)))
        {
            yield return ("linker.same_camera_extra", $"0 to 1, got {SameCameraExtra}");
        }

        foreach ((string key, float value) in new[] { ("margin", Margin), ("uncertainty", Uncertainty), ("min_quality", MinQuality) })
        {
            if (value is not (>= 0 and <= 1))
            {
                yield return ($"linker.{key}", $"0 to 1, got {value}");
            }
        }

        foreach ((string key, float value) in new[] { ("merge_margin", MergeMargin), ("relink_neighbours", RelinkNeighbours), ("company", Company) })
        {
            if (value is not (>= 0 and <= 1))
            {
                yield return ($"linker.{key}", $"0 to 1, got {value}");
            }
        }

        if (TravelWeight is not (>= 0 and <= 0.1f))
        {
            yield return ("linker.travel_weight", $"0 to 0.1, got {TravelWeight}");
        }

        if (FeedbackWeight is not (>= 0 and <= 0.2f))
        {
            yield return ("linker.feedback_weight", $"0 to 0.2, got {FeedbackWeight}");
        }

        if (RelinkMargin is not (>= -1 and <= 1))
        {
            yield return ("linker.relink_margin", $"-1 to 1, got {RelinkMargin}");
        }

        if (RelinkTracklets is < 1 or > 20_000)
        {
            yield return ("linker.relink_tracklets", $"1 to 20000, got {RelinkTracklets}");
        }

        if (OpenFor < TimeSpan.Zero || OpenFor > TimeSpan.FromDays(30))
        {
            yield return ("linker.open_for_ms", $"0 to 2592000000 (30 days), got {OpenFor.TotalMilliseconds}");
        }

        if (ForgetAfter < TimeSpan.FromMinutes(1) || ForgetAfter > TimeSpan.FromDays(3650))
        {
            yield return ("linker.forget_after_ms", $"60000 to 315360000000 (10 years), got {ForgetAfter.TotalMilliseconds}");
        }

        if (Prototypes is < 1 or > 1000)
        {
            yield return ("linker.prototypes", $"1 to 1000, got {Prototypes}");
        }

        if (PrototypesPerCamera is < 1 or > 1000)
        {
            yield return ("linker.prototypes_per_camera", $"1 to 1000, got {PrototypesPerCamera}");
        }

        if (OverlapTolerance < TimeSpan.Zero || OverlapTolerance > TimeSpan.FromMinutes(1))
        {
            yield return ("linker.overlap_tolerance_ms", $"0 to 60000, got {OverlapTolerance.TotalMilliseconds}");
        }

        foreach (string group in Overlapping.Where(group => CameraRules.Members(group).Length < 2))
        {
            yield return ("linker.overlapping", $"two or more camera ids separated by commas, got '{group}'");
        }

        foreach ((string pair, TravelWindow window) in TravelTimes)
        {
            if (pair.Split("->") is not [{ Length: > 0 }, { Length: > 0 }])
            {
                yield return ($"linker.travel_times.{pair}", "a key of the form from->to is needed, with camera ids");
            }

            if (window.Min < TimeSpan.Zero || window.Max < window.Min)
            {
                yield return ($"linker.travel_times.{pair}", $"0 <= min_ms <= max_ms, got {window.Min.TotalMilliseconds} and {window.Max.TotalMilliseconds}");
            }
        }
    }
}

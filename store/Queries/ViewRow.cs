namespace Pipeline.Store;

/// <summary>A sighting for the user's eyes as the database gives it back.</summary>
internal sealed class ViewRow
{
    internal const string Select = """
        SELECT t.id AS TrackletId, t.run_id AS RunId, s.identity_id AS IdentityId, t.camera AS Camera, c.name AS CameraName,
               t.track_number AS TrackNumber, t.start_at AS StartAt, t.end_at AS EndAt, t.time_source AS TimeSource, t.source_ref AS SourceRef,
               t.offset_ms AS OffsetMs, t.detections AS Detections, t.frames AS Frames, t.quality AS Quality, s.is_new AS IsNew,
               s.similarity AS Similarity, s.threshold AS Threshold, s.margin AS Margin, s.band AS Band
        """;

    public string TrackletId { get; init; } = "";

    public string RunId { get; init; } = "";

    public string? IdentityId { get; init; }

    public string Camera { get; init; } = "";

    public string CameraName { get; init; } = "";

    public int TrackNumber { get; init; }

    public string StartAt { get; init; } = "";

    public string EndAt { get; init; } = "";

    public string TimeSource { get; init; } = "";

    public string SourceRef { get; init; } = "";

    public long OffsetMs { get; init; }

    public int Detections { get; init; }

    public int Frames { get; init; }

    public float Quality { get; init; }

    public bool? IsNew { get; init; }

    public float? Similarity { get; init; }

    public float? Threshold { get; init; }

    public float? Margin { get; init; }

    public string? Band { get; init; }

    internal SightingView ToView(IReadOnlyList<CropView> crops) => new()
    {
        TrackletId = Guid.Parse(TrackletId),
        RunId = Guid.Parse(RunId),
        IdentityId = IdentityId is null ? null : Guid.Parse(IdentityId),
        Camera = Camera,
        CameraName = CameraName,
        TrackNumber = TrackNumber,
        StartAt = StoreTime.Parse(StartAt),
        EndAt = StoreTime.Parse(EndAt),
        TimeSource = TimeSource,
        SourceRef = SourceRef,
        Offset = TimeSpan.FromMilliseconds(OffsetMs),
        Detections = Detections,
        Frames = Frames,
        Quality = Quality,
        IsNew = IsNew ?? false,
        Similarity = Similarity,
        Threshold = Threshold,
        Margin = Margin,
        Band = Band,
        Crops = crops,
    };

    internal sealed class Crop
    {
        public string TrackletId { get; init; } = "";

        public string Id { get; init; } = "";

        public string Sha256 { get; init; } = "";

        public int Width { get; init; }

        public int Height { get; init; }

        public string CapturedAt { get; init; } = "";

        public float Quality { get; init; }

        public bool IsBest { get; init; }

        internal CropView ToView(CropFolder folder) =>
            new(Guid.Parse(Id), folder.PathOf(Sha256), Width, Height, StoreTime.Parse(CapturedAt), Quality, IsBest);
    }
}

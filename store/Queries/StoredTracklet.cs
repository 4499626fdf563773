using Dapper;
using Microsoft.Data.Sqlite;
using Pipeline.Detector;
using Pipeline.Ingest;
using Pipeline.Tracker;

namespace Pipeline.Store;

/// <summary>A tracklet as it was stored, to be linked again.</summary>
/// <param name="Tracklet">The tracklet, without pictures; given up when it ended, for when its track was is not kept.</param>
/// <param name="Feature">Its clip feature; null when it had none.</param>
/// <param name="Frames">Crops that went into it.</param>
/// <param name="Picture">Its best picture, a path; null when it has none.</param>
public sealed record StoredTracklet(Tracklet Tracklet, float[]? Feature, int Frames, string? Picture);

/// <summary>A tracklet with all that was stored of it, as the database gives it back.</summary>
internal sealed class TrackletRow : FootPointRow
{
    private const string Query = $"""
        SELECT t.id AS Id, t.camera AS Camera, c.name AS CameraName, c.kind AS CameraKind, t.track_number AS TrackNumber, t.start_at AS StartAt,
               t.end_at AS EndAt, t.time_source AS TimeSource, t.source_kind AS SourceKind, t.source_ref AS SourceRef, t.offset_ms AS OffsetMs,
               t.media_digest AS MediaDigest, t.ordinal AS Ordinal, t.box_x AS BoxX, t.box_y AS BoxY, t.box_width AS BoxWidth,
               t.box_height AS BoxHeight, t.box_at AS BoxAt, t.frame_width AS FrameWidth, t.frame_height AS FrameHeight,
               t.detections AS Detections, t.frames AS Frames, t.quality AS Quality, e.vector AS Vector, k.sha256 AS Sha256,
               {FootPointRow.Columns}
        FROM tracklets t JOIN cameras c ON c.id = t.camera LEFT JOIN embeddings e ON e.tracklet_id = t.id LEFT JOIN crops k ON k.id = t.best_crop
        WHERE t.run_id = @run ORDER BY t.number
        """;

    public string Id { get; init; } = "";

    public string Camera { get; init; } = "";

    public string CameraName { get; init; } = "";

    public string CameraKind { get; init; } = "";

    public int TrackNumber { get; init; }

    public string StartAt { get; init; } = "";

    public string EndAt { get; init; } = "";

    public string TimeSource { get; init; } = "";

    public string SourceKind { get; init; } = "";

    public string SourceRef { get; init; } = "";

    public long OffsetMs { get; init; }

    public string MediaDigest { get; init; } = "";

    public int Ordinal { get; init; }

    public double BoxX { get; init; }

    public double BoxY { get; init; }

    public double BoxWidth { get; init; }

    public double BoxHeight { get; init; }

    public string BoxAt { get; init; } = "";

    public int FrameWidth { get; init; }

    public int FrameHeight { get; init; }

    public int Detections { get; init; }

    public int Frames { get; init; }

    public double Quality { get; init; }

    public byte[]? Vector { get; init; }

    public string? Sha256 { get; init; }

    internal static IEnumerable<StoredTracklet> Of(SqliteConnection connection, Guid runId, CropFolder crops) =>
        connection.Query<TrackletRow>(Query, new { run = runId.ToString() }).Select(row => row.ToTracklet(crops));

    private StoredTracklet ToTracklet(CropFolder crops)
    {
        Camera camera = new(Camera, CameraName, Enum.GetValues<CameraKind>().Single(kind => Words.Of(kind) == CameraKind));
        TimeSource source = Enum.GetValues<TimeSource>().Single(one => Words.Of(one) == TimeSource);
        DateTimeOffset end = StoreTime.Parse(EndAt);
        TimeSpan offset = TimeSpan.FromMilliseconds(OffsetMs);
        return new StoredTracklet(
            new Tracklet(camera, end)
            {
                Id = Guid.Parse(Id),
                Number = TrackNumber,
                StartAt = StoreTime.Parse(StartAt),
                EndAt = end,
                Entry = Entry,
                Exit = Exit,
                Segment = new Segment(camera, SourceKind, SourceRef, 0, MediaDigest, StoreTime.Parse(BoxAt) - offset, source),
                Offset = offset,
                Box = new Box((float)BoxX, (float)BoxY, (float)BoxWidth, (float)BoxHeight),
                BoxAt = StoreTime.Parse(BoxAt),
                FrameWidth = FrameWidth,
                FrameHeight = FrameHeight,
                Detections = Detections,
                Quality = (float)Quality,
                Crops = [],
                BestCrop = -1,
                MediaDigest = MediaDigest,
                Ordinal = Ordinal,
            },
            Vector is null ? null : HalfVector.FromBytes(Vector),
            Frames,
            Sha256 is null ? null : crops.PathOf(Sha256));
    }
}

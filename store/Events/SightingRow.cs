using Dapper;
using Microsoft.Data.Sqlite;

namespace Pipeline.Store;

/// <summary>A tracklet with its camera's name and its best crop, as the database gives it back.</summary>
internal sealed class SightingRow
{
    private const string Query = """
        SELECT t.id AS Id, t.camera AS Camera, c.name AS CameraName, t.start_at AS StartAt, t.end_at AS EndAt, t.time_source AS TimeSource,
               t.box_x AS BoxX, t.box_y AS BoxY, t.box_width AS BoxWidth, t.box_height AS BoxHeight, t.box_at AS BoxAt,
               t.frame_width AS FrameWidth, t.frame_height AS FrameHeight, t.frames AS Frames, t.quality AS Quality,
               t.source_kind AS SourceKind, t.source_ref AS SourceRef, t.offset_ms AS OffsetMs,
               k.id AS CropId, k.sha256 AS CropSha256, k.width AS CropWidth, k.height AS CropHeight, k.bytes AS CropBytes
        FROM tracklets t JOIN cameras c ON c.id = t.camera LEFT JOIN crops k ON k.id = t.best_crop
        WHERE t.id = @id
        """;

    public string Id { get; init; } = "";

    public string Camera { get; init; } = "";

    public string CameraName { get; init; } = "";

    public string StartAt { get; init; } = "";

    public string EndAt { get; init; } = "";

    public string TimeSource { get; init; } = "";

    public double BoxX { get; init; }

    public double BoxY { get; init; }

    public double BoxWidth { get; init; }

    public double BoxHeight { get; init; }

    public string BoxAt { get; init; } = "";

    public int FrameWidth { get; init; }

    public int FrameHeight { get; init; }

    public int Frames { get; init; }

    public double Quality { get; init; }

    public string SourceKind { get; init; } = "";

    public string SourceRef { get; init; } = "";

    public long OffsetMs { get; init; }

    public string? CropId { get; init; }

    public string? CropSha256 { get; init; }

    public int CropWidth { get; init; }

    public int CropHeight { get; init; }

    public long CropBytes { get; init; }

    /// <summary>The tracklet of an id; null when it is not stored (any more).</summary>
    internal static SightingRow? Find(SqliteConnection connection, SqliteTransaction? transaction, Guid trackletId) =>
        connection.QuerySingleOrDefault<SightingRow>(Query, new { id = trackletId.ToString() }, transaction);

    /// <summary>The sighting as told to others.</summary>
    /// <param name="cropTopicRoot">Root R of the topics when crops are published, else null.</param>
    internal SightingPayload ToPayload(string? cropTopicRoot) => new()
    {
        TrackletId = Guid.Parse(Id),
        Camera = Camera,
        CameraName = CameraName,
        StartAt = StoreTime.Parse(StartAt),
        EndAt = StoreTime.Parse(EndAt),
        TimeSource = TimeSource,
        Box = NormalisedBox(),
        BoxAt = StoreTime.Parse(BoxAt),
        FrameWidth = FrameWidth,
        FrameHeight = FrameHeight,
        Frames = Frames,
        Quality = Rounding.Four(Math.Clamp(Quality, 0, 1)),
        Crop = CropId is null ? null : new CropPayload
        {
            Id = Guid.Parse(CropId),
            Sha256 = CropSha256!, // of the same row as the id
            ContentType = "image/jpeg",
            Width = CropWidth,
            Height = CropHeight,
            Bytes = CropBytes,
            Redaction = "none",
            Topic = cropTopicRoot is null ? null : $"{cropTopicRoot}/crop/{CropId}",
        },
        Source = new SourcePayload(SourceKind, SourceRef, OffsetMs),
    };

    /// <summary>Edges are rounded, then subtracted, so that left + width never passes the frame's edge.</summary>
    private BoxPayload NormalisedBox()
    {
        double left = Rounding.Four(Math.Clamp(BoxX / FrameWidth, 0, 1));
        double top = Rounding.Four(Math.Clamp(BoxY / FrameHeight, 0, 1));
        double right = Rounding.Four(Math.Clamp((BoxX + BoxWidth) / FrameWidth, 0, 1));
        double bottom = Rounding.Four(Math.Clamp((BoxY + BoxHeight) / FrameHeight, 0, 1));
        return new BoxPayload(left, top, Rounding.Four(right - left), Rounding.Four(bottom - top));
    }
}

/// <summary>Numbers as events show them.</summary>
internal static class Rounding
{
    /// <summary>Four decimals: under a tenth of a pixel in a box, and finer than any similarity means.</summary>
    internal static double Four(double value) => Math.Round(value, 4, MidpointRounding.AwayFromZero);

    internal static double Four(float value) => Four((double)value);

    internal static double? Four(float? value) => value is { } known ? Four((double)known) : null;
}

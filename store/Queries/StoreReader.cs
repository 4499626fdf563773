using Dapper;
using Microsoft.Data.Sqlite;
using Pipeline.Reid;
using Pipeline.Tracker;

namespace Pipeline.Store;

/// <summary>Questions to a store, also while another process writes to it. Safe to use from several threads, one at a time being served.</summary>
public sealed class StoreReader : IDisposable
{
    private readonly Lock _gate = new();
    private readonly SqliteConnection _connection;
    private readonly CropFolder _crops;

    private StoreReader(SqliteConnection connection, string path)
    {
        _connection = connection;
        _crops = new CropFolder(path);
    }

    /// <summary>Opens a store for reading.</summary>
    /// <param name="path">The database.</param>
    /// <exception cref="InvalidDataException">There is none, it is no identity store, or its schema is older or newer than this program's.</exception>
    public static StoreReader Open(string path)
    {
        path = Path.GetFullPath(path);
        if (!File.Exists(path))
        {
            throw new InvalidDataException($"there is no store '{path}'. Name an existing one with --store, or make one with 'pipeline run'.");
        }

        SqliteConnection? connection = null;
        try
        {
            connection = Connections.OpenReadOnly(path);
            if (Migrations.Check(connection, Migrations.Scripts.Count, path, empty: false) is var version && version < Migrations.Scripts.Count)
            {
                throw new InvalidDataException(
                    $"'{path}' has schema {version}, this program reads {Migrations.Scripts.Count}. Bring it up with 'pipeline run --store {path}'.");
            }

            return new StoreReader(connection, path);
        }
        catch (Exception e)
        {
            connection?.Dispose();
            if (FromOpening(e, path) is { } told)
            {
                throw told;
            }

            throw;
        }
    }

    /// <summary>The site that the store belongs to.</summary>
    public string Site => Ask(() => _connection.ExecuteScalar<string>("SELECT value FROM meta WHERE key = 'site'")!); // written when it was made

    /// <summary>Ids of the cameras that were ever seen.</summary>
    public IReadOnlyList<string> Cameras() => Ask<IReadOnlyList<string>>(() => [.. _connection.Query<string>("SELECT id FROM cameras ORDER BY id")]);

    /// <summary>What operators said and did not take back.</summary>
    public OperatorWords OperatorWords() => Ask(() => Store.OperatorWords.Load(_connection));

    /// <summary>Persons in the order in which they were first met.</summary>
    public IReadOnlyList<IdentitySummary> Identities() => Ask(() => Summaries(null));

    /// <summary>One person; null when not known.</summary>
    /// <param name="id">The identity.</param>
    public IdentityDetail? Identity(Guid id) => Ask(() =>
        Summaries(id) is [IdentitySummary summary]
            ? new IdentityDetail(summary, [.. SightingsWhere("s.identity_id = @id", new { id = id.ToString() })
                .OrderBy(s => s.StartAt).ThenBy(s => s.Camera, StringComparer.Ordinal).ThenBy(s => s.TrackNumber)])
            : null);

    /// <summary>
    /// Identities whose id begins or ends with these characters: so that a user need not type all of it. One that was merged is found as the
    /// identity that it is now.
    /// </summary>
    /// <param name="part">At least one character of a UUID.</param>
    public IReadOnlyList<Guid> FindIdentities(string part) => Ask<IReadOnlyList<Guid>>(() =>
    [
        .. _connection.Query<(string Id, string Now)>(
            """
            WITH RECURSIVE heirs (id, now) AS (
                SELECT id, id FROM identities
                UNION ALL
                SELECT m.id, h.now FROM merged_identities m JOIN heirs h ON h.id = m.into_id)
            SELECT h.id, h.now FROM heirs h JOIN identities i ON i.id = h.now ORDER BY i.number, h.id <> h.now, h.id
            """)
            .Where(row => row.Id.StartsWith(part, StringComparison.OrdinalIgnoreCase) || row.Id.EndsWith(part, StringComparison.OrdinalIgnoreCase))
            .Select(row => Guid.Parse(row.Now)).Distinct(),
    ]);

    /// <summary>Every tracklet, too poor ones included, in the order of their decisions.</summary>
    /// <param name="runId">Only those stored by this run; null for all.</param>
    public IReadOnlyList<SightingView> Sightings(Guid? runId = null) => Ask(() =>
        runId is null ? SightingsWhere("1", new { }) : SightingsWhere("t.run_id = @run", new { run = runId.ToString() }));

    /// <summary>Events by sequence, read page by page: the store may hold many.</summary>
    /// <param name="afterSequence">Only those above it.</param>
    /// <param name="runId">Only those of this run; null for all.</param>
    /// <param name="max">At most so many.</param>
    public IEnumerable<StoredEvent> Events(long afterSequence = 0, Guid? runId = null, long max = long.MaxValue)
    {
        const int PageSize = 500;
        while (max > 0)
        {
            int size = (int)Math.Min(PageSize, max);
            long after = afterSequence;
            List<EventRow> page = Ask(() => _connection.Query<EventRow>(
                $"{EventRow.Select} WHERE sequence > @after AND (@run IS NULL OR run_id = @run) ORDER BY sequence LIMIT @size",
                new { after, run = runId?.ToString(), size }).AsList());
            foreach (EventRow row in page)
            {
                yield return row.ToEvent();
            }

            if (page.Count < size)
            {
                yield break;
            }

            afterSequence = page[^1].Sequence;
            max -= size;
        }
    }

    /// <summary>Identities that runs before this one have sighted.</summary>
    /// <param name="runId">The run.</param>
    public IReadOnlySet<Guid> KnownBefore(Guid runId) => Ask<IReadOnlySet<Guid>>(() => _connection.Query<string>(
        """
        SELECT DISTINCT s.identity_id FROM sightings s JOIN tracklets t ON t.id = s.tracklet_id JOIN runs r ON r.id = t.run_id
        WHERE r.number < (SELECT number FROM runs WHERE id = @run)
        """,
        new { run = runId.ToString() }).Select(Guid.Parse).ToHashSet());

    /// <summary>How many events a run has of each type.</summary>
    /// <param name="runId">The run.</param>
    public IReadOnlyDictionary<string, long> EventCounts(Guid runId) => Ask<IReadOnlyDictionary<string, long>>(() =>
        _connection.Query<(string Type, long Count)>("SELECT type, COUNT(*) FROM events WHERE run_id = @run GROUP BY type", new { run = runId.ToString() })
            .ToDictionary(row => row.Type, row => row.Count, StringComparer.Ordinal));

    /// <summary>Persons that look most like a feature, each with its nearest tracklet, best first.</summary>
    /// <param name="modelId">Model of the feature; tracklets of other models are not compared.</param>
    /// <param name="feature">Unit vector.</param>
    /// <param name="limit">At most so many, at least 1.</param>
    /// <exception cref="ArgumentException">The feature has another length than the model's features here.</exception>
    public IReadOnlyList<SearchHit> Search(string modelId, ReadOnlySpan<float> feature, int limit)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        float[] query = feature.ToArray();
        return Ask<IReadOnlyList<SearchHit>>(() =>
        [
            .. _connection.Query<FeatureRow>(
                    """
                    SELECT s.identity_id AS IdentityId, t.id AS TrackletId, t.camera AS Camera, t.start_at AS StartAt, e.vector AS Vector
                    FROM embeddings e JOIN tracklets t ON t.id = e.tracklet_id JOIN sightings s ON s.tracklet_id = t.id
                    WHERE e.model_id = @modelId ORDER BY s.number
                    """,
                    new { modelId },
                    buffered: false)
                .Select(row => new SearchHit(
                    Guid.Parse(row.IdentityId),
                    CosineSearch.Dot(query, HalfVector.FromBytes(row.Vector)),
                    Guid.Parse(row.TrackletId),
                    row.Camera,
                    StoreTime.Parse(row.StartAt)))
                .GroupBy(hit => hit.IdentityId)
                .Select(hits => hits.MaxBy(hit => hit.Similarity)!) // a group has one at least
                .OrderByDescending(hit => hit.Similarity)
                .Take(limit),
        ]);
    }

    /// <summary>Runs, oldest first.</summary>
    public IReadOnlyList<RunRecord> Runs() => Ask<IReadOnlyList<RunRecord>>(() =>
        [.. _connection.Query<RunRow>(RunRow.Select + " ORDER BY number").Select(row => row.ToRecord())]);

    /// <summary>Where a run goes on; null when there is no such run.</summary>
    /// <param name="runId">The run.</param>
    public ResumePoint? ResumePoint(Guid runId) => Ask(() =>
    {
        string run = runId.ToString();
        if (_connection.QuerySingleOrDefault<RunRow>(RunRow.Select + " WHERE id = @run", new { run }) is not { } record)
        {
            return null;
        }

        ILookup<string, SegmentRow> segments = _connection.Query<SegmentRow>(
            """
            SELECT camera AS Camera, ordinal AS Ordinal, digest AS Digest, ref AS Ref, started_at AS StartedAt, ended_at AS EndedAt,
                   frames_decoded AS FramesDecoded, frames_analysed AS FramesAnalysed, problem AS Problem
            FROM segments_done WHERE run_id = @run ORDER BY camera, ordinal
            """,
            new { run }).ToLookup(row => row.Camera);
        Dictionary<string, byte[]> states = _connection.Query<StateRow>(
            "SELECT camera AS Camera, state AS State FROM checkpoints WHERE run_id = @run", new { run }).ToDictionary(row => row.Camera, row => row.State);
        HashSet<string> finished = [.. _connection.Query<string>("SELECT camera FROM cameras_finished WHERE run_id = @run", new { run })];
        return new ResumePoint(record.ToRecord(),
        [
            .. segments.Select(group => group.Key).Union(finished).Order(StringComparer.Ordinal).Select(camera => new CameraResume(
                camera,
                [.. segments[camera].Select(row => row.ToSegment())],
                states.GetValueOrDefault(camera),
                finished.Contains(camera))),
        ]);
    });

    /// <summary>What linking needs to go on; see <see cref="IdentityStore.LoadGallery"/>.</summary>
    /// <param name="modelId">Model in use; identities of other models are left out.</param>
    public GallerySnapshot LoadGallery(string modelId) => Ask(() => GalleryLoader.Load(_connection, modelId));

    /// <summary>What linking with a model has learned of the site; null when nothing.</summary>
    /// <param name="modelId">The model.</param>
    public byte[]? Learned(string modelId) => Ask(() =>
        _connection.ExecuteScalar<byte[]?>("SELECT state FROM learned WHERE model_id = @modelId", new { modelId }));

    /// <summary>The tracklets of a run in the order of their decisions, too poor ones included.</summary>
    /// <param name="runId">The run.</param>
    public IReadOnlyList<StoredTracklet> StoredTracklets(Guid runId) => Ask<IReadOnlyList<StoredTracklet>>(() => [.. TrackletRow.Of(_connection, runId, _crops)]);

    /// <summary>What is needed to link the tracklets of a run once more.</summary>
    /// <param name="runId">The run.</param>
    /// <param name="modelId">Its model.</param>
    public RelinkInput LoadRelink(Guid runId, string modelId) => Ask(() => RelinkLoader.Load(_connection, runId, modelId));

    /// <summary>How many identities there are by each model, so that the user can be told what is not compared.</summary>
    public IReadOnlyList<ModelUse> Models() => Ask<IReadOnlyList<ModelUse>>(() =>
    [
        .. _connection.Query<(string Model, int Count)>("SELECT model_id, COUNT(*) FROM identities GROUP BY model_id ORDER BY model_id")
            .Select(row => new ModelUse(row.Model, row.Count)),
    ]);

    /// <summary>How much the store holds.</summary>
    public StoreCounts Counts() => Ask(() => _connection.QuerySingle<StoreCounts>(
        """
        SELECT (SELECT COUNT(*) FROM identities) AS Identities, (SELECT COUNT(*) FROM tracklets) AS Tracklets, (SELECT COUNT(*) FROM events) AS Events
        """));

    /// <summary>The audit log, oldest first.</summary>
    public IReadOnlyList<AuditEntry> Audit() => Ask<IReadOnlyList<AuditEntry>>(() =>
    [
        .. _connection.Query<(string Id, string At, string Actor, string Action, string Subject, string Detail)>(
                "SELECT id, at, actor, action, subject, detail FROM audit ORDER BY number")
            .Select(row => new AuditEntry(Guid.Parse(row.Id), StoreTime.Parse(row.At), row.Actor, row.Action, row.Subject, row.Detail)),
    ]);

    /// <summary>The JPEG of a crop, to publish; null when it is gone.</summary>
    /// <param name="cropId">The crop.</param>
    public byte[]? ReadCrop(Guid cropId) => Ask(() =>
        _connection.QuerySingleOrDefault<string>("SELECT sha256 FROM crops WHERE id = @id", new { id = cropId.ToString() }) is { } sha256
            ? _crops.Read(sha256)
            : null);

    /// <inheritdoc/>
    public void Dispose() => _connection.Dispose();

    /// <summary>Words for what goes wrong on opening a file that is no store; null when there is nothing to add.</summary>
    internal static Exception? FromOpening(Exception error, string path) => error switch
    {
        SqliteException { SqliteErrorCode: 26 or 11 } => new InvalidDataException( // SQLITE_NOTADB, SQLITE_CORRUPT
            $"'{path}' is not an identity store, or is damaged: {error.Message} Name another file with --store.", error),
        SqliteException { SqliteErrorCode: StoreException.Full } => StoreException.FromWriting(error, path),
        SqliteException or UnauthorizedAccessException => new StoreException(
            $"cannot open the store '{path}': {error.Message} Check its permissions and its disk, or name another file with --store.", error),
        _ => null,
    };

    private T Ask<T>(Func<T> question)
    {
        lock (_gate)
        {
            return question();
        }
    }

    private List<IdentitySummary> Summaries(Guid? id)
    {
        ILookup<string, string> cameras = _connection.Query<(string Identity, string Camera)>(
            """
            SELECT s.identity_id, t.camera FROM sightings s JOIN tracklets t ON t.id = s.tracklet_id
            WHERE @id IS NULL OR s.identity_id = @id GROUP BY s.identity_id, t.camera ORDER BY MIN(t.start_at), t.camera
            """,
            new { id = id?.ToString() }).ToLookup(row => row.Identity, row => row.Camera);
        return
        [
            .. _connection.Query<SummaryRow>(
                """
                SELECT i.id AS Id, i.model_id AS ModelId, i.label AS Label, COUNT(*) AS Sightings,
                       MIN(t.start_at) AS FirstSeenAt, MAX(t.end_at) AS LastSeenAt
                FROM identities i JOIN sightings s ON s.identity_id = i.id JOIN tracklets t ON t.id = s.tracklet_id
                WHERE @id IS NULL OR i.id = @id GROUP BY i.number ORDER BY i.number
                """,
                new { id = id?.ToString() }).Select(row => row.ToSummary([.. cameras[row.Id]])),
        ];
    }

    private List<SightingView> SightingsWhere(string condition, object parameters)
    {
        const string From = "FROM tracklets t JOIN cameras c ON c.id = t.camera LEFT JOIN sightings s ON s.tracklet_id = t.id";
        ILookup<string, ViewRow.Crop> crops = _connection.Query<ViewRow.Crop>(
            $"""
            SELECT k.tracklet_id AS TrackletId, k.id AS Id, k.sha256 AS Sha256, k.width AS Width, k.height AS Height,
                   k.captured_at AS CapturedAt, k.quality AS Quality, k.id = t.best_crop AS IsBest
            {From} JOIN crops k ON k.tracklet_id = t.id WHERE {condition} ORDER BY k.tracklet_id, k.position
            """,
            parameters).ToLookup(row => row.TrackletId);
        return
        [
            .. _connection.Query<ViewRow>($"{ViewRow.Select} {From} WHERE {condition} ORDER BY t.number", parameters)
                .Select(row => row.ToView([.. crops[row.TrackletId].Select(crop => crop.ToView(_crops))])),
        ];
    }

    private sealed class SummaryRow
    {
        public string Id { get; init; } = "";

        public string ModelId { get; init; } = "";

        public string? Label { get; init; }

        public int Sightings { get; init; }

        public string FirstSeenAt { get; init; } = "";

        public string LastSeenAt { get; init; } = "";

        public IdentitySummary ToSummary(IReadOnlyList<string> cameras) =>
            new(Guid.Parse(Id), ModelId, cameras, Sightings, StoreTime.Parse(FirstSeenAt), StoreTime.Parse(LastSeenAt)) { Label = Label };
    }

    private sealed class SegmentRow
    {
        public string Camera { get; init; } = "";

        public int Ordinal { get; init; }

        public string Digest { get; init; } = "";

        public string Ref { get; init; } = "";

        public string StartedAt { get; init; } = "";

        public string EndedAt { get; init; } = "";

        public long FramesDecoded { get; init; }

        public long FramesAnalysed { get; init; }

        public string? Problem { get; init; }

        public SegmentDone ToSegment() => new(Ordinal, Digest)
        {
            Ref = Ref,
            StartedAt = StoreTime.Parse(StartedAt),
            EndedAt = StoreTime.Parse(EndedAt),
            FramesDecoded = FramesDecoded,
            FramesAnalysed = FramesAnalysed,
            Problem = Problem,
        };
    }

    private sealed class StateRow
    {
        public string Camera { get; init; } = "";

        public byte[] State { get; init; } = [];
    }

    private sealed class FeatureRow
    {
        public string IdentityId { get; init; } = "";

        public string TrackletId { get; init; } = "";

        public string Camera { get; init; } = "";

        public string StartAt { get; init; } = "";

        public byte[] Vector { get; init; } = [];
    }
}

using Dapper;
using Microsoft.Data.Sqlite;
using Pipeline.Tracker;

namespace Pipeline.Store;

/// <summary>Reads what linking knew when it stopped.</summary>
internal static class GalleryLoader
{
    /// <summary>Identities told apart with a model, by order of creation; their prototypes and sightings in the order in which they came.</summary>
    internal static GallerySnapshot Load(SqliteConnection connection, string modelId)
    {
        ILookup<string, PrototypeRow> prototypes = connection.Query<PrototypeRow>(
            """
            SELECT p.identity_id AS IdentityId, p.tracklet_id AS TrackletId, t.camera AS Camera, e.vector AS Vector
            FROM prototypes p JOIN tracklets t ON t.id = p.tracklet_id JOIN embeddings e ON e.tracklet_id = p.tracklet_id
            WHERE e.model_id = @modelId ORDER BY p.number
            """,
            new { modelId }).ToLookup(row => row.IdentityId);
        ILookup<string, SightingRow> sightings = connection.Query<SightingRow>(
            $"""
            SELECT s.identity_id AS IdentityId, t.id AS TrackletId, t.camera AS Camera, t.start_at AS StartAt, t.end_at AS EndAt, t.time_source AS TimeSource,
                   s.number AS Number, {FootPointRow.Columns}
            FROM sightings s JOIN tracklets t ON t.id = s.tracklet_id ORDER BY s.number
            """).ToLookup(row => row.IdentityId);
        IEnumerable<string> decided = connection.Query<string>("SELECT id FROM tracklets UNION ALL SELECT tracklet_id FROM forgotten");
        return new GallerySnapshot(
        [
            .. connection.Query<string>("SELECT id FROM identities WHERE model_id = @modelId ORDER BY number", new { modelId })
                .Select(id => new KnownIdentity(
                    Guid.Parse(id),
                    [.. prototypes[id].Select(row => new KnownPrototype(Guid.Parse(row.TrackletId), row.Camera, HalfVector.FromBytes(row.Vector)))],
                    [.. sightings[id].Select(row => row.ToKnown())])),
        ],
            decided.Select(Guid.Parse).ToHashSet())
        {
            Constraints = Constraints(connection),
            Feedback = Feedback(connection, modelId),
            Recent = Recent(connection, modelId),
            Learned = connection.ExecuteScalar<byte[]?>("SELECT state FROM learned WHERE model_id = @modelId", new { modelId }),
        };
    }

    private static List<RecentTracklet> Recent(SqliteConnection connection, string modelId) =>
    [
        .. connection.Query<SightingRow>(
            """
            SELECT s.identity_id AS IdentityId, t.id AS TrackletId, t.camera AS Camera, t.start_at AS StartAt, t.end_at AS EndAt, t.time_source AS TimeSource,
                   s.number AS Number, e.vector AS Vector
            FROM sightings s JOIN tracklets t ON t.id = s.tracklet_id JOIN embeddings e ON e.tracklet_id = t.id
            WHERE e.model_id = @modelId ORDER BY s.number DESC LIMIT @most
            """,
            new { modelId, most = RecentTracklet.Most }).Reverse().Select(row => new RecentTracklet(row.ToKnown(), HalfVector.FromBytes(row.Vector), Guid.Parse(row.IdentityId))),
    ];

    /// <summary>Pairs that are one person or two for sure.</summary>
    internal static LinkConstraints Constraints(SqliteConnection connection)
    {
        ILookup<string, (Guid, Guid)> pairs = connection.Query<(string Kind, string One, string Other)>(
            """
            SELECT CASE WHEN c.act_id IS NULL THEN 'beside' ELSE c.kind END, c.one, c.other FROM link_constraints c LEFT JOIN operator_acts a ON a.id = c.act_id
            WHERE a.undone_at IS NULL ORDER BY c.number
            """).ToLookup(row => row.Kind, row => (Guid.Parse(row.One), Guid.Parse(row.Other)));
        return new LinkConstraints(pairs["together"], pairs["apart"], pairs["beside"]);
    }

    /// <summary>The pairs that an operator spoke of and did not take back, as far as this model described both.</summary>
    internal static RelevanceFeedback Feedback(SqliteConnection connection, string modelId)
    {
        Dictionary<string, float[]> features = connection.Query<(string Id, byte[] Vector)>(
            """
            SELECT e.tracklet_id, e.vector FROM embeddings e WHERE e.model_id = @modelId AND e.tracklet_id IN
                (SELECT one FROM link_constraints WHERE act_id IS NOT NULL UNION SELECT other FROM link_constraints WHERE act_id IS NOT NULL)
            """,
            new { modelId }).ToDictionary(row => row.Id, row => HalfVector.FromBytes(row.Vector));
        return new RelevanceFeedback(OperatorWords.Load(connection).Pairs
            .Where(pair => features.ContainsKey(pair.One) && features.ContainsKey(pair.Other))
            .Select(pair => new JudgedPair(features[pair.One], features[pair.Other], pair.Kind == "together")));
    }

    private sealed class PrototypeRow
    {
        public string IdentityId { get; init; } = "";

        public string TrackletId { get; init; } = "";

        public string Camera { get; init; } = "";

        public byte[] Vector { get; init; } = [];
    }

    private sealed class SightingRow : FootPointRow
    {
        public string IdentityId { get; init; } = "";

        public string TrackletId { get; init; } = "";

        public string Camera { get; init; } = "";

        public string StartAt { get; init; } = "";

        public string EndAt { get; init; } = "";

        public string TimeSource { get; init; } = "";

        public long Number { get; init; }

        public byte[] Vector { get; init; } = []; // only where the query asks for it

        public KnownSighting ToKnown() =>
            new(Guid.Parse(TrackletId), Camera, StoreTime.Parse(StartAt), StoreTime.Parse(EndAt), TimeSource != Words.Order)
            {
                Order = Number,
                Entry = Entry,
                Exit = Exit,
            };
    }
}

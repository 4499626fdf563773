using Dapper;
using Microsoft.Data.Sqlite;
using Pipeline.Tracker;

namespace Pipeline.Store;

/// <summary>What is needed to link the tracklets of a run once more.</summary>
/// <param name="Items">The run's tracklets that have an identity, in the order of the decisions.</param>
/// <param name="Settled">What earlier and other runs know of identities: without this run's tracklets.</param>
/// <param name="Constraints">Pairs that are one person or two for sure.</param>
/// <param name="Learned">What linking learned (<see cref="LinkGroup.Learned"/>); null when nothing.</param>
/// <param name="At">Capture time of the last of the tracklets.</param>
public sealed record RelinkInput(
    IReadOnlyList<RelinkItem> Items, IReadOnlyList<KnownIdentity> Settled, LinkConstraints Constraints, byte[]? Learned, DateTimeOffset At)
{
    /// <summary>What an operator said of pairs, with their features.</summary>
    public RelevanceFeedback Feedback { get; init; } = RelevanceFeedback.None;
}

/// <summary>Reads what linking once more needs.</summary>
internal static class RelinkLoader
{
    // An identity whose prototypes are all of this run stands in the others by the features of its latest sightings there.
    private const int FeaturesInstead = 10;

    internal static RelinkInput Load(SqliteConnection connection, Guid runId, string modelId)
    {
        ILookup<bool, Row> rows = connection.Query<Row>(
            $"""
            SELECT s.identity_id AS IdentityId, t.id AS TrackletId, t.camera AS Camera, t.start_at AS StartAt, t.end_at AS EndAt,
                   t.time_source AS TimeSource, s.number AS Number, t.run_id = @run AS IsOfRun, p.number AS Prototype,
                   {FootPointRow.Columns},
                   CASE WHEN t.run_id = @run OR p.number IS NOT NULL THEN e.vector END AS Vector
            FROM sightings s JOIN tracklets t ON t.id = s.tracklet_id JOIN embeddings e ON e.tracklet_id = t.id
            LEFT JOIN prototypes p ON p.tracklet_id = t.id
            WHERE e.model_id = @modelId ORDER BY s.number
            """,
            new { run = runId.ToString(), modelId }).ToLookup(row => row.IsOfRun);
        RelinkItem[] items = [.. rows[true].Select(row => new RelinkItem(row.ToKnown(), HalfVector.FromBytes(row.Vector!), Guid.Parse(row.IdentityId)))];
        return new RelinkInput(
            items,
            [.. rows[false].GroupBy(row => row.IdentityId).Select(group => Settled(connection, group))],
            GalleryLoader.Constraints(connection),
            connection.ExecuteScalar<byte[]?>("SELECT state FROM learned WHERE model_id = @modelId", new { modelId }),
            items.Length == 0 ? DateTimeOffset.UnixEpoch : items.Max(item => item.Sighting.EndAt))
        {
            Feedback = GalleryLoader.Feedback(connection, modelId),
        };
    }

    private static KnownIdentity Settled(SqliteConnection connection, IGrouping<string, Row> group)
    {
        Row[] prototypes = [.. group.Where(row => row.Prototype is not null).OrderBy(row => row.Prototype)];
        KnownPrototype[] known = prototypes.Length > 0
            ? [.. prototypes.Select(row => new KnownPrototype(Guid.Parse(row.TrackletId), row.Camera, HalfVector.FromBytes(row.Vector!)))]
            :
            [
                .. group.TakeLast(FeaturesInstead).Select(row => new KnownPrototype(
                    Guid.Parse(row.TrackletId),
                    row.Camera,
                    HalfVector.FromBytes(connection.ExecuteScalar<byte[]>("SELECT vector FROM embeddings WHERE tracklet_id = @TrackletId", row)!))), // joined above
            ];
        return new KnownIdentity(Guid.Parse(group.Key), known, [.. group.Select(row => row.ToKnown())]);
    }

    private sealed class Row : FootPointRow
    {
        public string IdentityId { get; init; } = "";

        public string TrackletId { get; init; } = "";

        public string Camera { get; init; } = "";

        public string StartAt { get; init; } = "";

        public string EndAt { get; init; } = "";

        public string TimeSource { get; init; } = "";

        public long Number { get; init; }

        public bool IsOfRun { get; init; }

        public long? Prototype { get; init; }

        public byte[]? Vector { get; init; }

        public KnownSighting ToKnown() =>
            new(Guid.Parse(TrackletId), Camera, StoreTime.Parse(StartAt), StoreTime.Parse(EndAt), TimeSource != Words.Order)
            {
                Order = Number,
                Entry = Entry,
                Exit = Exit,
            };
    }
}

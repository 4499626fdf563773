using System.Globalization;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Pipeline.Store;

/// <summary>What an erasure took away.</summary>
/// <param name="Notice">What receivers are told (mqtt.md 6).</param>
/// <param name="AuditId">Entry in the audit log.</param>
/// <param name="Runs">Runs whose <c>events.jsonl</c> still shows the person: write them anew with <see cref="EventLog.Rewrite"/>.</param>
public sealed record ErasureResult(ErasureNotice Notice, Guid AuditId, IReadOnlyList<RunRecord> Runs);

/// <summary>What retention took away.</summary>
/// <param name="Tracklets">Tracklets with their features and sightings.</param>
/// <param name="Crops">Pictures.</param>
/// <param name="Identities">Persons of whom nothing was left.</param>
/// <param name="Events">Events.</param>
public sealed record PurgeResult(int Tracklets, int Crops, int Identities, int Events)
{
    /// <summary>Ids of the tracklets: whoever holds them in memory lets them go, too.</summary>
    public IReadOnlySet<Guid> TrackletIds { get; init; } = new HashSet<Guid>();
}

/// <summary>Takes personal data out of the store: on request, or because of its age.</summary>
/// <remarks>Rows go in the caller's transaction; the crops' files after its commit, since a crash between the two only leaves orphans.</remarks>
internal sealed class Removal(SqliteConnection connection, StoreSetup setup)
{
    private const int IdsPerNotice = 500; // 20 KB, far from the 64 KiB of mqtt.md 12
    private readonly List<string> _digests = [];

    /// <summary>Erases one identity with all its tracklets; null when there is none.</summary>
    internal ErasureResult? Erase(SqliteTransaction transaction, Guid identityId, string basis, string actor, string reason)
    {
        string identity = identityId.ToString();
        if (connection.ExecuteScalar<long>("SELECT EXISTS (SELECT 1 FROM identities WHERE id = @identity)", new { identity }, transaction) == 0)
        {
            return null;
        }

        DateTimeOffset now = setup.Clock.GetUtcNow();
        List<RunRecord> runs =
        [
            .. connection.Query<RunRow>(
                RunRow.Select + """
                 WHERE id IN (SELECT run_id FROM events WHERE identity_id = @identity
                              OR identity_id IN (SELECT id FROM merged_identities WHERE into_id = @identity)
                              OR tracklet_id IN (SELECT tracklet_id FROM sightings WHERE identity_id = @identity)) ORDER BY number
                """,
                new { identity },
                transaction).Select(row => row.ToRecord()),
        ];
        RewriteEvents(transaction, identity);
        ForgetOpenTracks(transaction, identity);
        (int tracklets, int crops) = RemoveTracklets(transaction, "SELECT tracklet_id FROM sightings WHERE identity_id = @identity", new { identity }, now);
        connection.Execute("DELETE FROM identities WHERE id = @identity", new { identity }, transaction);
        ErasureNotice notice = Notice([identityId], tracklets, crops, basis, now);
        string detail = string.Create(
            CultureInfo.InvariantCulture, $"erasure {notice.ErasureId}, {tracklets} tracklets, {crops} crops, basis {basis}: {reason}");
        return new ErasureResult(notice, Audit(transaction, now, actor, "erase", identity, detail), runs);
    }

    /// <summary>Removes what is too old.</summary>
    /// <param name="transaction">The caller's.</param>
    /// <param name="now">The present.</param>
    /// <param name="options">How old is too old.</param>
    /// <param name="active">Runs that go on in this process: they keep their checkpoints.</param>
    internal (PurgeResult Result, IReadOnlyList<ErasureNotice> Notices) Purge(
        SqliteTransaction transaction, DateTimeOffset now, RetentionOptions options, IReadOnlySet<Guid> active)
    {
        string limit = StoreTime.Text(now.AddDays(-options.Days));
        string sentLimit = StoreTime.Text(now.AddDays(-Math.Min(options.Days, options.SentDays)));
        List<LeavingRow> leaving =
        [
            .. connection.Query<LeavingRow>(
                """
                SELECT i.id AS Id, COUNT(DISTINCT t.id) AS Tracklets, COUNT(k.id) AS Crops
                FROM identities i JOIN sightings s ON s.identity_id = i.id JOIN tracklets t ON t.id = s.tracklet_id
                LEFT JOIN crops k ON k.tracklet_id = t.id
                GROUP BY i.number HAVING MAX(t.stored_at) < @limit ORDER BY i.number
                """,
                new { limit },
                transaction),
        ];
        HashSet<Guid> ids = [.. connection.Query<string>("SELECT id FROM tracklets WHERE stored_at < @limit", new { limit }, transaction).Select(Guid.Parse)];
        (int tracklets, int crops) = RemoveTracklets(transaction, "SELECT id FROM tracklets WHERE stored_at < @limit", new { limit }, now);
        int identities = connection.Execute(
            "DELETE FROM identities WHERE NOT EXISTS (SELECT 1 FROM sightings WHERE identity_id = identities.id)", transaction: transaction);
        int events = connection.Execute("DELETE FROM events WHERE published_at < @limit", new { limit }, transaction);
        connection.Execute("DELETE FROM outbox WHERE sent_at < @sentLimit", new { sentLimit }, transaction);
        string[] oldRuns =
        [
            .. connection.Query<string>("SELECT id FROM runs WHERE started_at < @limit", new { limit }, transaction)
                .Where(id => !active.Contains(Guid.Parse(id))),
        ];
        ForgetProgress(transaction, "run_id IN @oldRuns", new { oldRuns });
        PurgeResult result = new(tracklets, crops, identities, events) { TrackletIds = ids };
        if (tracklets + events > 0)
        {
            Audit(transaction, now, "retention", "purge", $"stored before {limit}", $"{tracklets} tracklets, {crops} crops, {identities} identities, {events} events");
        }

        return (result,
        [
            .. leaving.Chunk(IdsPerNotice).Select(chunk => Notice(
                [.. chunk.Select(row => Guid.Parse(row.Id))], chunk.Sum(row => row.Tracklets), chunk.Sum(row => row.Crops), "retention", now)),
        ]);
    }

    /// <summary>Deletes the files of the crops that went, after the commit.</summary>
    internal void DeleteCrops(CropFolder folder)
    {
        foreach (string sha256 in _digests)
        {
            if (connection.ExecuteScalar<long>("SELECT EXISTS (SELECT 1 FROM crops WHERE sha256 = @sha256)", new { sha256 }) == 0)
            {
                folder.Delete(sha256);
            }
        }
    }

    /// <summary>Events stay, for their sequence has no gaps, but without label and sightings; sent ones too, for they can be replayed.</summary>
    private void RewriteEvents(SqliteTransaction transaction, string identity)
    {
        IEnumerable<EventRow> touched = connection.Query<EventRow>(
            $"""
            {EventRow.Select}
            WHERE identity_id = @identity OR identity_id IN (SELECT id FROM merged_identities WHERE into_id = @identity)
               OR tracklet_id IN (SELECT tracklet_id FROM sightings WHERE identity_id = @identity)
               OR from_tracklet_id IN (SELECT tracklet_id FROM sightings WHERE identity_id = @identity)
            """,
            new { identity },
            transaction);
        foreach (EventRow row in touched.ToList())
        {
            byte[] payload = EventJson.Serialize(EventJson.Deserialize(row.Payload) with { IdentityLabel = null, From = null, To = null });
            connection.Execute(
                "UPDATE events SET payload = @payload WHERE sequence = @Sequence; UPDATE outbox SET bytes = @Length WHERE sequence = @Sequence",
                new { payload, payload.Length, row.Sequence },
                transaction);
        }
    }

    /// <summary>
    /// A tracker's state may hold the person's pixels. Without it the camera of an unfinished run is analysed from its start again,
    /// where all that was decided is known, and so changes nothing.
    /// </summary>
    private void ForgetOpenTracks(SqliteTransaction transaction, string identity) => ForgetProgress(
        transaction,
        """
        (run_id, camera) IN (SELECT k.run_id, k.camera FROM checkpoints k JOIN tracklets t ON t.run_id = k.run_id AND t.camera = k.camera
                             JOIN sightings s ON s.tracklet_id = t.id WHERE s.identity_id = @identity)
        """,
        new { identity });

    private void ForgetProgress(SqliteTransaction transaction, string which, object parameters)
    {
        // The checkpoints last: the others are chosen by them.
        foreach (string table in new[] { "segments_done", "cameras_finished", "checkpoints" })
        {
            connection.Execute($"DELETE FROM {table} WHERE {which}", parameters, transaction);
        }
    }

    private (int Tracklets, int Crops) RemoveTracklets(SqliteTransaction transaction, string which, object parameters, DateTimeOffset now)
    {
        connection.Execute("CREATE TEMP TABLE IF NOT EXISTS leaving (id TEXT PRIMARY KEY); DELETE FROM temp.leaving", transaction: transaction);
        connection.Execute($"INSERT INTO temp.leaving {which}", parameters, transaction);
        List<string> digests =
        [
            .. connection.Query<string>("SELECT sha256 FROM crops WHERE tracklet_id IN (SELECT id FROM temp.leaving)", transaction: transaction),
        ];
        connection.Execute(
            "INSERT OR IGNORE INTO forgotten (tracklet_id, at) SELECT id, @at FROM temp.leaving", new { at = StoreTime.Text(now) }, transaction);
        int tracklets = connection.Execute("DELETE FROM tracklets WHERE id IN (SELECT id FROM temp.leaving)", transaction: transaction);
        connection.Execute("DELETE FROM temp.leaving", transaction: transaction);
        _digests.AddRange(digests);
        return (tracklets, digests.Count);
    }

    private Guid Audit(SqliteTransaction transaction, DateTimeOffset now, string actor, string action, string subject, string detail)
    {
        Guid id = Guid.CreateVersion7(now);
        connection.Execute(
            "INSERT INTO audit (id, at, actor, action, subject, detail) VALUES (@id, @at, @actor, @action, @subject, @detail)",
            new { id = id.ToString(), at = StoreTime.Text(now), actor, action, subject, detail },
            transaction);
        return id;
    }

    private static ErasureNotice Notice(IReadOnlyList<Guid> identities, int tracklets, int crops, string basis, DateTimeOffset now) => new()
    {
        SchemaVersion = EventJson.SchemaVersion,
        ErasureId = Guid.CreateVersion7(now),
        IdentityIds = identities,
        TrackletCount = tracklets,
        CropCount = crops,
        Basis = basis,
        CompletedAt = now,
    };

    private sealed class LeavingRow
    {
        public string Id { get; init; } = "";

        public int Tracklets { get; init; }

        public int Crops { get; init; }
    }
}

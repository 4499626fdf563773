using System.Globalization;
using Dapper;
using Microsoft.Data.Sqlite;
using Pipeline.Ingest;
using Pipeline.Tracker;

namespace Pipeline.Store;

/// <summary>Writes changes of earlier conclusions, within one transaction, and makes their events.</summary>
internal sealed class CorrectionWriter(SqliteConnection connection, SqliteTransaction transaction, StoreSetup setup, EventFactory factory, string modelId)
{
    /// <summary>Applies corrections in order. What the store does not hold (any more) is left out.</summary>
    /// <param name="corrections">The corrections.</param>
    /// <param name="at">Media time of them, or time of the operator's act.</param>
    /// <param name="publishedAt">The present.</param>
    /// <param name="lastSequence">Sequence of the newest event so far.</param>
    /// <param name="auditId">The operator's act; null for the program's own.</param>
    /// <returns>Their events.</returns>
    internal List<EventPayload> Apply(
        IReadOnlyList<Correction> corrections, DateTimeOffset at, DateTimeOffset publishedAt, long lastSequence, Guid? auditId = null)
    {
        List<EventPayload> events = [];
        foreach (Correction correction in corrections)
        {
            List<MovedRow> moved = Moved(correction);
            if (moved.Count == 0)
            {
                continue;
            }

            Move(correction, moved, at);
            events.Add(Event(correction, moved, at, publishedAt, lastSequence + events.Count + 1, auditId));
        }

        return events;
    }

    /// <summary>Writes the prototypes of identities as they are now.</summary>
    /// <param name="sets">All prototypes of each; identities that the store does not hold are left out.</param>
    internal void Write(IReadOnlyList<PrototypeSet> sets)
    {
        foreach (PrototypeSet set in sets)
        {
            string identity = set.IdentityId.ToString();
            connection.Execute("DELETE FROM prototypes WHERE identity_id = @identity", new { identity }, transaction);
        }

        foreach (PrototypeSet set in sets)
        {
            connection.Execute(
                """
                INSERT OR REPLACE INTO prototypes (identity_id, tracklet_id)
                SELECT @identity, @tracklet WHERE EXISTS (SELECT 1 FROM sightings WHERE tracklet_id = @tracklet AND identity_id = @identity)
                """,
                set.TrackletIds.Select(tracklet => new { identity = set.IdentityId.ToString(), tracklet = tracklet.ToString() }),
                transaction);
        }
    }

    private List<MovedRow> Moved(Correction correction)
    {
        List<MovedRow> rows = [];
        foreach (Guid tracklet in correction.TrackletIds)
        {
            rows.AddRange(connection.Query<MovedRow>(
                """
                SELECT t.id AS Id, t.camera AS Camera, t.media_digest AS MediaDigest, t.ordinal AS Ordinal, t.end_at AS EndAt, s.revision AS Revision, c.kind AS Kind
                FROM sightings s JOIN tracklets t ON t.id = s.tracklet_id JOIN cameras c ON c.id = t.camera
                WHERE s.tracklet_id = @tracklet AND s.identity_id = @previous
                """,
                new { tracklet = tracklet.ToString(), previous = correction.PreviousIdentityId.ToString() },
                transaction));
        }

        return rows;
    }

    private void Move(Correction correction, List<MovedRow> moved, DateTimeOffset at)
    {
        var names = new
        {
            to = correction.IdentityId.ToString(),
            from = correction.PreviousIdentityId.ToString(),
            at = StoreTime.Text(at),
            cause = Words.Of(correction.Cause),
            modelId,
        };
        connection.Execute("INSERT OR IGNORE INTO identities (id, model_id, created_at) VALUES (@to, @modelId, @at)", names, transaction);
        connection.Execute(
            """
            UPDATE sightings SET identity_id = @to, revision = revision + 1 WHERE tracklet_id = @id;
            DELETE FROM prototypes WHERE tracklet_id = @id
            """,
            moved.Select(row => new { id = row.Id, names.to }),
            transaction);
        if (correction.Kind == CorrectionKind.Merged)
        {
            connection.Execute(
                """
                UPDATE identities SET label = COALESCE(label, (SELECT label FROM identities WHERE id = @from)) WHERE id = @to;
                DELETE FROM identities WHERE id = @from AND NOT EXISTS (SELECT 1 FROM sightings WHERE identity_id = @from);
                INSERT OR REPLACE INTO merged_identities (id, into_id, at, cause) VALUES (@from, @to, @at, @cause);
                DELETE FROM merged_identities WHERE id = @to
                """,
                names,
                transaction);
        }
        else
        {
            connection.Execute("DELETE FROM merged_identities WHERE id = @to", names, transaction); // it is back
        }
    }

    private EventPayload Event(
        Correction correction, List<MovedRow> moved, DateTimeOffset at, DateTimeOffset publishedAt, long sequence, Guid? auditId)
    {
        MovedRow newest = moved.OrderBy(row => row.EndAt, StringComparer.Ordinal).ThenBy(row => row.Camera, StringComparer.Ordinal).ThenBy(row => row.Id, StringComparer.Ordinal).Last();
        bool recorded = newest.Kind == Words.Of(CameraKind.Recorded);
        string type = Words.Of(correction.Kind);
        bool operatorSaid = correction.Cause == CorrectionCause.Operator;
        SightingPayload? to = correction.Kind == CorrectionKind.Merged
            ? null
            : SightingRow.Find(connection, transaction, Guid.Parse(newest.Id))!.ToPayload(setup.CropTopicRoot); // it was just moved
        return factory.Corrected(type, correction, at, publishedAt, sequence, modelId) with
        {
            // One merge follows another on the same tracklet with a higher revision, so ids of the same footage stay unique and the same.
            EventId = operatorSaid || !recorded
                ? Guid.CreateVersion7(at)
                : ContentId.Create(
                    at,
                    setup.Site,
                    newest.Camera,
                    newest.MediaDigest,
                    newest.Ordinal.ToString(CultureInfo.InvariantCulture),
                    newest.EndAt, // a track that was cut has several tracklets
                    type,
                    (newest.Revision + 1).ToString(CultureInfo.InvariantCulture)),
            Live = operatorSaid || (!recorded && publishedAt - at <= setup.Options.LiveWindow),
            Camera = correction.Kind == CorrectionKind.Reassigned ? newest.Camera : null,
            AuditId = auditId,
            PreviousIdentityId = correction.Kind == CorrectionKind.Merged ? null : correction.PreviousIdentityId,
            MergedIdentityIds = correction.Kind == CorrectionKind.Merged ? [correction.PreviousIdentityId] : null,
            TrackletIds = [.. moved.Select(row => Guid.Parse(row.Id))],
            TrackletCount = moved.Count,
            Supersedes = correction.Kind == CorrectionKind.Reassigned ? Supersedes(moved) : null,
            To = to,
        };
    }

    private List<Guid> Supersedes(List<MovedRow> moved)
    {
        List<Guid> events = [];
        foreach (MovedRow row in moved.Take(200))
        {
            string? last = connection.ExecuteScalar<string?>(
                """
                SELECT event_id FROM events WHERE tracklet_id = @Id AND type IN ('new_identity', 'match', 'reassigned', 'split') ORDER BY sequence DESC LIMIT 1
                """,
                row,
                transaction);
            if (last is not null)
            {
                events.Add(Guid.Parse(last));
            }
        }

        return events;
    }

    private sealed class MovedRow
    {
        public string Id { get; init; } = "";

        public string Camera { get; init; } = "";

        public string MediaDigest { get; init; } = "";

        public long Ordinal { get; init; }

        public string EndAt { get; init; } = "";

        public long Revision { get; init; }

        public string Kind { get; init; } = "";
    }
}

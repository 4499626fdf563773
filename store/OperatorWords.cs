using Dapper;
using Microsoft.Data.Sqlite;

namespace Pipeline.Store;

/// <summary>All that operators said of the tracklets in a store and did not take back, to be said again where the same tracklets are linked anew.</summary>
/// <param name="Together">Pairs that are one person.</param>
/// <param name="Apart">Pairs that are two persons.</param>
public sealed record OperatorWords(IReadOnlyList<(Guid One, Guid Other)> Together, IReadOnlyList<(Guid One, Guid Other)> Apart)
{
    /// <summary>Nothing.</summary>
    public static OperatorWords None { get; } = new([], []);

    internal IReadOnlyList<ActRow> Acts { get; init; } = [];

    internal IReadOnlyList<PairRow> Pairs { get; init; } = [];

    internal IReadOnlyList<LabelRow> Labels { get; init; } = [];

    internal static OperatorWords Load(SqliteConnection connection)
    {
        ActRow[] acts =
        [
            .. connection.Query<ActRow>(
                """
                SELECT o.id AS Id, o.at AS At, o.kind AS Kind, o.identity_id AS IdentityId, o.other_id AS OtherId, o.tracklets AS Tracklets,
                       a.actor AS Actor, a.action AS Action, a.subject AS Subject, a.detail AS Detail
                FROM operator_acts o JOIN audit a ON a.id = o.id WHERE o.undone_at IS NULL AND o.kind <> 'label' ORDER BY o.number
                """),
        ];
        PairRow[] pairs =
        [
            .. connection.Query<PairRow>(
                """
                SELECT c.kind AS Kind, c.one AS One, c.other AS Other, c.act_id AS ActId FROM link_constraints c JOIN operator_acts a ON a.id = c.act_id
                WHERE a.undone_at IS NULL ORDER BY c.number
                """),
        ];
        LabelRow[] labels =
        [
            .. connection.Query<LabelRow>(
                "SELECT i.label AS Label, s.tracklet_id AS TrackletId FROM identities i JOIN sightings s ON s.identity_id = i.id WHERE i.label IS NOT NULL ORDER BY i.number, s.number"),
        ];
        (Guid, Guid)[] Of(string kind) => [.. pairs.Where(pair => pair.Kind == kind).Select(pair => (Guid.Parse(pair.One), Guid.Parse(pair.Other)))];
        return new OperatorWords(Of("together"), Of("apart")) { Acts = acts, Pairs = pairs, Labels = labels };
    }

    /// <summary>Writes what is about tracklets that are in the store; what is there already stays as it is.</summary>
    internal void Write(SqliteConnection connection, SqliteTransaction transaction)
    {
        connection.Execute(
            """
            INSERT OR IGNORE INTO audit (id, at, actor, action, subject, detail) VALUES (@Id, @At, @Actor, @Action, @Subject, @Detail);
            INSERT OR IGNORE INTO operator_acts (id, at, kind, identity_id, other_id, tracklets) VALUES (@Id, @At, @Kind, @IdentityId, @OtherId, @Tracklets)
            """,
            Acts,
            transaction);
        connection.Execute(
            """
            INSERT INTO link_constraints (kind, one, other, act_id) SELECT @Kind, @One, @Other, @ActId
            WHERE EXISTS (SELECT 1 FROM tracklets WHERE id = @One) AND EXISTS (SELECT 1 FROM tracklets WHERE id = @Other)
              AND NOT EXISTS (SELECT 1 FROM link_constraints WHERE kind = @Kind AND one = @One AND other = @Other AND act_id = @ActId)
            """,
            Pairs,
            transaction);
        foreach (IGrouping<string, LabelRow> label in Labels.GroupBy(row => row.Label))
        {
            connection.Execute(
                """
                UPDATE identities SET label = @label WHERE label IS NULL AND id =
                    (SELECT identity_id FROM sightings WHERE tracklet_id IN @tracklets GROUP BY identity_id ORDER BY COUNT(*) DESC, MIN(number) LIMIT 1)
                """,
                new { label = label.Key, tracklets = label.Select(row => row.TrackletId).ToArray() },
                transaction);
        }
    }

    internal sealed class ActRow
    {
        public string Id { get; init; } = "";

        public string At { get; init; } = "";

        public string Kind { get; init; } = "";

        public string IdentityId { get; init; } = "";

        public string? OtherId { get; init; }

        public string Tracklets { get; init; } = "";

        public string Actor { get; init; } = "";

        public string Action { get; init; } = "";

        public string Subject { get; init; } = "";

        public string Detail { get; init; } = "";
    }

    internal sealed class PairRow
    {
        public string Kind { get; init; } = "";

        public string One { get; init; } = "";

        public string Other { get; init; } = "";

        public string ActId { get; init; } = "";
    }

    internal sealed class LabelRow
    {
        public string Label { get; init; } = "";

        public string TrackletId { get; init; } = "";
    }
}

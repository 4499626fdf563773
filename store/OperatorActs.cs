using System.Globalization;
using Dapper;
using Microsoft.Data.Sqlite;
using Pipeline.Tracker;

namespace Pipeline.Store;

/// <summary>Writes what an operator says, within one transaction: constraints, changes, events, the audit log, and how to take it back.</summary>
internal sealed class OperatorActs(
    SqliteConnection connection, SqliteTransaction transaction, StoreSetup setup, EventFactory factory, CropFolder crops, long lastSequence)
{
    private const int LongestLabel = 80;

    private readonly DateTimeOffset _now = setup.Clock.GetUtcNow();

    internal OperatorAct Merge(Guid one, Guid other, PhysicalRules rules, string actor, string reason)
    {
        (Known first, Known second) = (Find(one), Find(other));
        if (first.Id == second.Id)
        {
            throw new InvalidDataException($"{one} and {other} are one identity already: {first.Id}. There is nothing to merge.");
        }

        if (first.ModelId != second.ModelId)
        {
            throw new InvalidDataException($"{first.Id} was told apart with {first.ModelId}, {second.Id} with {second.ModelId}: they cannot be one identity. Erase one, or leave them.");
        }

        (Known kept, Known gone) = first.Number < second.Number ? (first, second) : (second, first);
        if (rules.Conflict(kept.Sightings, gone.Sightings) is { } conflict)
        {
            throw new InvalidDataException(
                $"{kept.Id} and {gone.Id} cannot be one person: {Words(conflict.One)}, and {Words(conflict.Other)}. Split off the wrong tracklet first.");
        }

        if (Constraint("apart", kept, gone) is { } word)
        {
            throw new InvalidDataException(
                $"{kept.Id} and {gone.Id} were said to be two persons: {kept.Id} holds tracklet {word.One}, {gone.Id} holds {word.Other}, {word.Said}. Take that back first (undo), or leave them apart.");
        }

        Guid audit = Audit(actor, "merge", kept.Id, $"{gone.Id}, {gone.Sightings.Count} tracklets: {reason}");
        Record(audit, "merge", kept.Id, gone.Id, gone.Tracklets, null);
        Constrain(audit, "together", [(Best(kept), Best(gone))]);
        List<EventPayload> events = Apply(audit, new Correction(CorrectionKind.Merged, kept.Id, gone.Id, gone.Tracklets, CorrectionCause.Operator, null), kept.ModelId);
        return Finish(audit, "merge", kept, gone.Tracklets, events, rules, kept.Id);
    }

    internal OperatorAct Split(Guid identity, IReadOnlyList<Guid> tracklets, PhysicalRules rules, string actor, string reason)
    {
        Known whole = Find(identity);
        Guid[] strangers = [.. tracklets.Except(whole.Tracklets)];
        if (strangers.Length > 0)
        {
            throw new InvalidDataException($"{whole.Id} holds no tracklet {string.Join(", ", strangers.Take(3))}. pipeline identities show {whole.Id} lists those that it holds.");
        }

        Guid[] moved = [.. whole.Tracklets.Where(tracklets.Contains)];
        Guid[] rest = [.. whole.Tracklets.Except(moved)];
        if (moved.Length == 0 || rest.Length == 0)
        {
            throw new InvalidDataException($"{whole.Id} has {whole.Tracklets.Count} tracklets: at least one must go and one must stay, got {moved.Length} to go. Name others.");
        }

        if (Constraint("together", moved, rest) is { } word)
        {
            throw new InvalidDataException($"tracklets {word.One} and {word.Other} of {whole.Id} were said to be one person, {word.Said}. Take that back first (undo), or move both.");
        }

        Guid fresh = Guid.CreateVersion7(_now);
        Guid audit = Audit(actor, "split", whole.Id, $"{moved.Length} tracklets to {fresh}: {reason}");
        Record(audit, "split", fresh, whole.Id, moved, null);
        Constrain(audit, "apart", moved.SelectMany(_ => rest, (one, other) => (one, other)));
        List<EventPayload> events = Apply(audit, new Correction(CorrectionKind.Split, fresh, whole.Id, moved, CorrectionCause.Operator, null), whole.ModelId);
        return Finish(audit, "split", whole with { Id = fresh }, moved, events, rules, fresh, whole.Id);
    }

    internal OperatorAct NotSame(Guid one, Guid other, string actor, string reason)
    {
        (Known first, Known second) = (Find(one), Find(other));
        if (first.Id == second.Id)
        {
            throw new InvalidDataException($"{one} and {other} are one identity: {first.Id}{SaidTogether(first)}. Split it with 'pipeline identities split'.");
        }

        Guid audit = Audit(actor, "not_same", first.Id, $"{second.Id}: {reason}");
        Record(audit, "not_same", first.Id, second.Id, [], null);
        Constrain(audit, "apart", first.Tracklets.SelectMany(_ => second.Tracklets, (mine, theirs) => (mine, theirs)));
        return Finish(audit, "not_same", first, [], [], null);
    }

    internal OperatorAct Label(Guid identity, string? label, string actor)
    {
        if (label is { Length: > LongestLabel } || label?.Any(char.IsControl) == true)
        {
            throw new InvalidDataException($"a label of at most {LongestLabel} characters without control characters is needed, got {label.Length}. Shorten it.");
        }

        Known known = Find(identity);
        Guid audit = Audit(actor, "label", known.Id, label is null ? "taken" : "given"); // the audit log outlives the person: no name in it
        Record(audit, "label", known.Id, null, [], known.Label);
        connection.Execute("UPDATE identities SET label = @label WHERE id = @id", new { id = known.Id.ToString(), label }, transaction);
        return Finish(audit, "label", known, [], [], null);
    }

    internal OperatorAct Undo(PhysicalRules rules, string actor)
    {
        ActRow act = connection.QueryFirstOrDefault<ActRow>(
            """
            SELECT id AS Id, kind AS Kind, identity_id AS IdentityId, other_id AS OtherId, tracklets AS Tracklets, label_before AS LabelBefore
            FROM operator_acts WHERE undone_at IS NULL ORDER BY number DESC LIMIT 1
            """,
            transaction: transaction) ?? throw new InvalidDataException("there is nothing to take back: no act of an operator is in this store.");
        Known known = Find(Guid.Parse(act.IdentityId));
        connection.Execute("UPDATE operator_acts SET undone_at = @at WHERE id = @Id", new { act.Id, at = StoreTime.Text(_now) }, transaction);
        Guid audit = Audit(actor, "undo", known.Id, $"{act.Kind}, audit entry {act.Id}");
        Guid[] back = [.. act.Tracklets.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(Guid.Parse).Where(known.Tracklets.Contains)];
        if (act.Kind == "label")
        {
            connection.Execute("UPDATE identities SET label = @LabelBefore WHERE id = @id", new { id = known.Id.ToString(), act.LabelBefore }, transaction);
        }

        if (act.OtherId is not { } other || back.Length == 0)
        {
            return Finish(audit, "undo", known, [], [], null) with { TakenBack = act.Kind };
        }

        Guid target = Guid.Parse(other);
        CorrectionKind kind = act.Kind == "merge" ? CorrectionKind.Split : back.Length == known.Tracklets.Count ? CorrectionKind.Merged : CorrectionKind.Reassigned;
        List<EventPayload> events = Apply(audit, new Correction(kind, target, known.Id, back, CorrectionCause.Operator, null), known.ModelId);
        return Finish(audit, "undo", known with { Id = target }, back, events, rules, known.Id, target) with { TakenBack = act.Kind };
    }

    private Known Find(Guid asked)
    {
        string id = asked.ToString();
        while (connection.ExecuteScalar<string?>("SELECT into_id FROM merged_identities WHERE id = @id", new { id }, transaction) is { } heir)
        {
            id = heir;
        }

        IdentityRow? row = connection.QuerySingleOrDefault<IdentityRow>(
            "SELECT id AS Id, number AS Number, model_id AS ModelId, label AS Label FROM identities WHERE id = @id", new { id }, transaction);
        if (row is null)
        {
            string? erased = connection.ExecuteScalar<string?>("SELECT at FROM audit WHERE action = 'erase' AND subject = @id", new { id }, transaction);
            throw new InvalidDataException(erased is null
                ? $"there is no identity {id}. pipeline identities list shows who is there."
                : $"identity {id} was erased at {erased[..19]}: nothing can be said of it any more.");
        }

        KnownSighting[] sightings =
        [
            .. connection.Query<SightedRow>(
                """
                SELECT t.id AS TrackletId, t.camera AS Camera, t.start_at AS StartAt, t.end_at AS EndAt, t.time_source AS TimeSource, s.number AS Number
                FROM sightings s JOIN tracklets t ON t.id = s.tracklet_id WHERE s.identity_id = @id ORDER BY s.number
                """,
                new { id },
                transaction).Select(sighted => sighted.ToKnown()),
        ];
        return new Known(Guid.Parse(id), row.Number, row.ModelId, row.Label, sightings, [.. sightings.Select(sighting => sighting.TrackletId)]);
    }

    private Guid Best(Known known) => Guid.Parse(connection.ExecuteScalar<string>(
        "SELECT t.id FROM sightings s JOIN tracklets t ON t.id = s.tracklet_id WHERE s.identity_id = @id ORDER BY t.quality DESC, s.number LIMIT 1",
        new { id = known.Id.ToString() },
        transaction)!); // an identity has a sighting

    private (string One, string Other, string Said)? Constraint(string kind, Known one, Known other) => Constraint(kind, one.Tracklets, other.Tracklets);

    private (string One, string Other, string Said)? Constraint(string kind, IReadOnlyList<Guid> ones, IReadOnlyList<Guid> others)
    {
        HashSet<string> mine = [.. ones.Select(id => id.ToString())];
        HashSet<string> theirs = [.. others.Select(id => id.ToString())];
        foreach (ConstraintRow row in connection.Query<ConstraintRow>(
            """
            SELECT c.one AS One, c.other AS Other, a.id AS ActId, a.kind AS ActKind, a.at AS At
            FROM link_constraints c LEFT JOIN operator_acts a ON a.id = c.act_id WHERE c.kind = @kind AND a.undone_at IS NULL ORDER BY c.number
            """,
            new { kind },
            transaction))
        {
            string said = row.ActId is null ? "they were in view together" : $"by '{row.ActKind}' at {row.At![..19]}, audit entry {row.ActId}"; // an act has a time
            if (mine.Contains(row.One) && theirs.Contains(row.Other))
            {
                return (row.One, row.Other, said);
            }

            if (mine.Contains(row.Other) && theirs.Contains(row.One))
            {
                return (row.Other, row.One, said);
            }
        }

        return null;
    }

    private string SaidTogether(Known known) =>
        Constraint("together", known.Tracklets, known.Tracklets) is { } word ? $" ({word.One} and {word.Other} were said to be one person, {word.Said})" : "";

    private void Constrain(Guid act, string kind, IEnumerable<(Guid One, Guid Other)> pairs) => connection.Execute(
        "INSERT INTO link_constraints (kind, one, other, act_id) VALUES (@kind, @one, @other, @act)",
        pairs.Select(pair => new { kind, one = pair.One.ToString(), other = pair.Other.ToString(), act = act.ToString() }),
        transaction);

    private void Record(Guid act, string kind, Guid identity, Guid? other, IReadOnlyList<Guid> tracklets, string? labelBefore) => connection.Execute(
        """
        INSERT INTO operator_acts (id, at, kind, identity_id, other_id, tracklets, label_before)
        VALUES (@id, @at, @kind, @identity, @other, @tracklets, @labelBefore)
        """,
        new
        {
            id = act.ToString(), at = StoreTime.Text(_now), kind, identity = identity.ToString(), other = other?.ToString(), tracklets = string.Join(',', tracklets), labelBefore,
        },
        transaction);

    private List<EventPayload> Apply(Guid audit, Correction correction, string modelId) =>
        new CorrectionWriter(connection, transaction, setup, factory, modelId).Apply([correction], _now, _now, lastSequence, audit);

    // Events belong to a run's log: those of an operator to the latest, where whoever looks finds them at the end.
    private OperatorAct Finish(
        Guid audit, string kind, Known about, IReadOnlyList<Guid> moved, List<EventPayload> payloads, PhysicalRules? rules, params Guid[] changed)
    {
        RunRecord[] runs = [.. connection.Query<RunRow>(RunRow.Select + " ORDER BY number DESC LIMIT 1", transaction: transaction).Select(row => row.ToRecord())];
        List<StoredEvent> events = payloads.Count == 0 ? [] : new CommitWriter(connection, transaction, setup, runs[0], crops).Write(payloads);
        if (rules is not null)
        {
            PrototypeSet[] prototypes = [.. changed.Select(identity => rules.Prototypes(identity, Features(identity)))];
            new CorrectionWriter(connection, transaction, setup, factory, about.ModelId).Write(prototypes);
        }

        return new OperatorAct(audit, kind, about.Id, moved, events, payloads.Count == 0 ? [] : runs);
    }

    private IEnumerable<(KnownSighting, float[])> Features(Guid identity) => connection.Query<SightedRow>(
        """
        SELECT t.id AS TrackletId, t.camera AS Camera, t.start_at AS StartAt, t.end_at AS EndAt, t.time_source AS TimeSource, s.number AS Number, e.vector AS Vector
        FROM sightings s JOIN tracklets t ON t.id = s.tracklet_id JOIN embeddings e ON e.tracklet_id = t.id WHERE s.identity_id = @id ORDER BY s.number
        """,
        new { id = identity.ToString() },
        transaction).Select(row => (row.ToKnown(), HalfVector.FromBytes(row.Vector)));

    private Guid Audit(string actor, string action, Guid subject, string detail)
    {
        Guid id = Guid.CreateVersion7(_now);
        connection.Execute(
            "INSERT INTO audit (id, at, actor, action, subject, detail) VALUES (@id, @at, @actor, @action, @subject, @detail)",
            new { id = id.ToString(), at = StoreTime.Text(_now), actor, action, subject = subject.ToString(), detail },
            transaction);
        return id;
    }

    private static string Words(KnownSighting sighting) => string.Create(
        CultureInfo.InvariantCulture,
        $"tracklet {sighting.TrackletId} was at {sighting.Camera} from {sighting.StartAt.UtcDateTime:HH:mm:ss.f} to {sighting.EndAt.UtcDateTime:HH:mm:ss.f}");

    private sealed record Known(Guid Id, long Number, string ModelId, string? Label, IReadOnlyList<KnownSighting> Sightings, IReadOnlyList<Guid> Tracklets);

    private sealed class IdentityRow
    {
        public string Id { get; init; } = "";

        public long Number { get; init; }

        public string ModelId { get; init; } = "";

        public string? Label { get; init; }
    }

    private sealed class ConstraintRow
    {
        public string One { get; init; } = "";

        public string Other { get; init; } = "";

        public string? ActId { get; init; }

        public string? ActKind { get; init; }

        public string? At { get; init; }
    }

    private sealed class ActRow
    {
        public string Id { get; init; } = "";

        public string Kind { get; init; } = "";

        public string IdentityId { get; init; } = "";

        public string? OtherId { get; init; }

        public string Tracklets { get; init; } = "";

        public string? LabelBefore { get; init; }
    }

    private sealed class SightedRow
    {
        public string TrackletId { get; init; } = "";

        public string Camera { get; init; } = "";

        public string StartAt { get; init; } = "";

        public string EndAt { get; init; } = "";

        public string TimeSource { get; init; } = "";

        public long Number { get; init; }

        public byte[] Vector { get; init; } = [];

        public KnownSighting ToKnown() => new(
            Guid.Parse(TrackletId), Camera, StoreTime.Parse(StartAt), StoreTime.Parse(EndAt), TimeSource != Store.Words.Order) { Order = Number };
    }
}

namespace Pipeline.Store;

/// <summary>What an operator did, once it is on the disk.</summary>
/// <param name="AuditId">Entry in the audit log; <c>undo</c> takes the newest.</param>
/// <param name="Kind"><c>merge</c>, <c>split</c>, <c>label</c>, <c>not_same</c> or <c>undo</c>.</param>
/// <param name="IdentityId">The identity after it.</param>
/// <param name="Tracklets">Tracklets that moved.</param>
/// <param name="Events">The events that tell it.</param>
/// <param name="Runs">Runs whose log shows it: write them anew with <see cref="EventLog.Rewrite"/>.</param>
public sealed record OperatorAct(
    Guid AuditId, string Kind, Guid IdentityId, IReadOnlyList<Guid> Tracklets, IReadOnlyList<StoredEvent> Events, IReadOnlyList<RunRecord> Runs)
{
    /// <summary>What an <c>undo</c> took back: one of the other kinds; else null.</summary>
    public string? TakenBack { get; init; }
}

using Pipeline.Tracker;

namespace Pipeline.Store;

/// <content>The operator's word.</content>
public sealed partial class IdentityStore
{
    /// <summary>Says that two identities are one person. The one met first stays.</summary>
    /// <param name="one">An identity.</param>
    /// <param name="other">Another.</param>
    /// <param name="rules">The rules of place and time, which even an operator cannot break.</param>
    /// <param name="actor">Who says so.</param>
    /// <param name="reason">Why, for the audit log.</param>
    /// <exception cref="InvalidDataException">One is not known, was erased, or something says that they are two; the message says what.</exception>
    public OperatorAct MergeIdentities(Guid one, Guid other, PhysicalRules rules, string actor, string reason) =>
        Act(acts => acts.Merge(one, other, rules, actor, reason));

    /// <summary>Takes tracklets out of an identity: they are one other person.</summary>
    /// <param name="identity">The identity.</param>
    /// <param name="tracklets">Some of its tracklets, not all.</param>
    /// <param name="rules">For the prototypes.</param>
    /// <param name="actor">Who says so.</param>
    /// <param name="reason">Why, for the audit log.</param>
    /// <exception cref="InvalidDataException">They are not all of that identity, or an operator said that they are; the message says what.</exception>
    public OperatorAct SplitIdentity(Guid identity, IReadOnlyList<Guid> tracklets, PhysicalRules rules, string actor, string reason) =>
        Act(acts => acts.Split(identity, tracklets, rules, actor, reason));

    /// <summary>Says that two identities are two persons, and stay so.</summary>
    /// <param name="one">An identity.</param>
    /// <param name="other">Another.</param>
    /// <param name="actor">Who says so.</param>
    /// <param name="reason">Why, for the audit log.</param>
    /// <exception cref="InvalidDataException">One is not known, or they are the same.</exception>
    public OperatorAct SayNotSame(Guid one, Guid other, string actor, string reason) => Act(acts => acts.NotSame(one, other, actor, reason));

    /// <summary>Gives a person a name, or takes it.</summary>
    /// <param name="identity">The identity.</param>
    /// <param name="label">At most 80 characters; null for none.</param>
    /// <param name="actor">Who says so.</param>
    /// <exception cref="InvalidDataException">It is not known, or the label is too long.</exception>
    public OperatorAct Label(Guid identity, string? label, string actor) => Act(acts => acts.Label(identity, label, actor));

    /// <summary>Takes back the newest act that is not taken back yet.</summary>
    /// <param name="rules">For the prototypes.</param>
    /// <param name="actor">Who says so.</param>
    /// <exception cref="InvalidDataException">There is none, or the persons are gone.</exception>
    public OperatorAct Undo(PhysicalRules rules, string actor) => Act(acts => acts.Undo(rules, actor));

    /// <summary>Says again what was said in another store of the same tracklets: constraints with their audit entries, and labels.</summary>
    /// <param name="words">From <see cref="StoreReader.OperatorWords"/>.</param>
    public void Adopt(OperatorWords words)
    {
        ArgumentNullException.ThrowIfNull(words);
        Write(transaction => words.Write(_connection, transaction));
    }

    private OperatorAct Act(Func<OperatorActs, OperatorAct> what)
    {
        OperatorAct? act = null;
        Write(transaction =>
        {
            act = what(new OperatorActs(_connection, transaction, _setup, new EventFactory(_setup, StreamId), _crops, _lastSequence));
            if (_setup.Publish)
            {
                _outbox.Add(_connection, transaction, act.Events);
            }
        });
        _outbox.Wake();
        return act!; // set, or an exception left
    }
}

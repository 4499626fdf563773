using System.CommandLine;
using Pipeline.Cli.Configuration;
using Pipeline.Cli.Linking;
using Pipeline.Cli.Running;
using Pipeline.Cli.Summary;
using Pipeline.Store;
using Pipeline.Store.Mqtt;
using Pipeline.Tracker;

namespace Pipeline.Cli.Commands;

/// <summary>A command by which an operator says who is who: written, audited, told to receivers, and respected by all later linking.</summary>
/// <param name="name">Name, one word.</param>
/// <param name="description">One sentence.</param>
internal abstract class IdentitiesActCommand(string name, string description) : StoreCommand(name, description, "--mqtt", "--no-mqtt")
{
    private static readonly TimeSpan Drain = TimeSpan.FromSeconds(10);

    /// <summary>Says it.</summary>
    /// <param name="call">What was typed.</param>
    /// <param name="store">The store.</param>
    /// <param name="rules">The rules of place and time.</param>
    protected abstract OperatorAct Say(Call call, IdentityStore store, PhysicalRules rules);

    /// <summary>What it came to, for people.</summary>
    /// <param name="act">What was done.</param>
    protected abstract string Tell(OperatorAct act);

    /// <inheritdoc/>
    public override async Task<ExitCode> ExecuteAsync(Call call, CancellationToken cancellationToken)
    {
        (string site, RunRecord? run) = About(PathOf(Load(call)));
        LoadedSettings<Settings> settings = Load(call, RunSettings.Of(run)); // what is possible at this site is as the latest run had it
        using IdentityStore store = OpenWriting(settings, site);
        OperatorAct act = Say(call, store, new PhysicalRules(Effective.Linker(settings)));
        foreach (RunRecord touched in act.Runs)
        {
            OutputFolder folder = OutputFolder.Of(touched, store.Database);
            if (File.Exists(folder.Events))
            {
                EventLog.Rewrite(store.Reader, touched.Id, folder.Events);
            }
        }

        if (Effective.Mqtt(settings) is { } mqtt)
        {
            await using MqttPublisher publisher = new(mqtt, site, store.Outbox);
            await publisher.StartAsync();
            await publisher.StopAsync(Drain);
        }

        await call.Output.WriteLineAsync(call.Json
            ? SummaryJson.Line(new { audit_id = act.AuditId, kind = act.Kind, taken_back = act.TakenBack, identity_id = act.IdentityId, tracklet_ids = act.Tracklets, event_ids = act.Events.Select(e => e.EventId) })
            : $"{Tell(act)} Audit entry {act.AuditId}.");
        return ExitCode.Fine;
    }

    // An older store is brought up first: reading alone does not.
    private static (string Site, RunRecord? Run) About(string path)
    {
        using StoreReader reader = StoreReader.Open(path);
        return (reader.Site, reader.Runs() is [.., var last] ? last : null);
    }
}

/// <summary><c>pipeline identities merge</c>.</summary>
internal sealed class IdentitiesMergeCommand : IdentitiesActCommand
{
    private readonly Argument<string> _one = new("one") { Description = "An identity, or the beginning or end of its id." };
    private readonly Argument<string> _other = new("other") { Description = "Another." };
    private readonly Option<string> _reason = Reasons.Option();

    /// <summary>Makes the command.</summary>
    public IdentitiesMergeCommand()
        : base("merge", "Says that two identities are one person. Refused where place and time, or an earlier word, say otherwise.")
    {
        Add(_one);
        Add(_other);
        Add(_reason);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples { get; } = ["pipeline identities merge 3f9c b468 --reason same-jacket"];

    /// <inheritdoc/>
    protected override OperatorAct Say(Call call, IdentityStore store, PhysicalRules rules) => store.MergeIdentities(
        ResolveAny(store.Reader, call.Get(_one)!), ResolveAny(store.Reader, call.Get(_other)!), rules, Environment.UserName, call.Get(_reason)!);

    /// <inheritdoc/>
    protected override string Tell(OperatorAct act) => $"{act.IdentityId} stays; {act.Tracklets.Count} tracklets came to it.";
}

/// <summary><c>pipeline identities split</c>.</summary>
internal sealed class IdentitiesSplitCommand : IdentitiesActCommand
{
    private readonly Argument<string> _identity = new("identity") { Description = "An identity, or the beginning or end of its id." };
    private readonly Argument<string[]> _tracklets = new("tracklets") { Description = "Those of its tracklets that are one other person: ids, or their beginnings or ends.", Arity = ArgumentArity.OneOrMore };
    private readonly Option<string> _reason = Reasons.Option();

    /// <summary>Makes the command.</summary>
    public IdentitiesSplitCommand()
        : base("split", "Takes tracklets out of an identity: they are another person, and stay so.")
    {
        Add(_identity);
        Add(_tracklets);
        Add(_reason);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples { get; } = ["pipeline identities split 3f9c 1282 b39a --reason red-bag"];

    /// <inheritdoc/>
    protected override OperatorAct Say(Call call, IdentityStore store, PhysicalRules rules)
    {
        Guid identity = ResolveAny(store.Reader, call.Get(_identity)!); // required
        IReadOnlyList<SightingView> sightings = store.Reader.Identity(identity)?.Sightings ?? [];
        return store.SplitIdentity(identity, [.. call.Get(_tracklets)!.Select(part => Tracklet(sightings, part))], rules, Environment.UserName, call.Get(_reason)!);
    }

    /// <inheritdoc/>
    protected override string Tell(OperatorAct act) => $"{act.Tracklets.Count} tracklets are {act.IdentityId} now.";

    private static Guid Tracklet(IReadOnlyList<SightingView> sightings, string part)
    {
        Guid[] found = [.. sightings.Select(s => s.TrackletId).Where(id => id.ToString().StartsWith(part, StringComparison.OrdinalIgnoreCase) || id.ToString().EndsWith(part, StringComparison.OrdinalIgnoreCase))];
        return found is [var one]
            ? one
            : throw new InvalidDataException($"{found.Length} tracklets of this identity begin or end with '{part}'. pipeline identities show lists them; give one of their ids.");
    }
}

/// <summary><c>pipeline identities not-same</c>.</summary>
internal sealed class IdentitiesNotSameCommand : IdentitiesActCommand
{
    private readonly Argument<string> _one = new("one") { Description = "An identity, or the beginning or end of its id." };
    private readonly Argument<string> _other = new("other") { Description = "Another." };
    private readonly Option<string> _reason = Reasons.Option();

    /// <summary>Makes the command.</summary>
    public IdentitiesNotSameCommand()
        : base("not-same", "Says that two identities are two persons: no later evidence merges them.")
    {
        Add(_one);
        Add(_other);
        Add(_reason);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples { get; } = ["pipeline identities not-same 3f9c b468"];

    /// <inheritdoc/>
    protected override OperatorAct Say(Call call, IdentityStore store, PhysicalRules rules) => store.SayNotSame(
        ResolveAny(store.Reader, call.Get(_one)!), ResolveAny(store.Reader, call.Get(_other)!), Environment.UserName, call.Get(_reason)!);

    /// <inheritdoc/>
    protected override string Tell(OperatorAct act) => "They are two persons from now on.";
}

/// <summary><c>pipeline identities label</c>.</summary>
internal sealed class IdentitiesLabelCommand : IdentitiesActCommand
{
    private readonly Argument<string> _identity = new("identity") { Description = "An identity, or the beginning or end of its id." };
    private readonly Argument<string> _label = new("label") { Description = "What to call the person, at most 80 characters; empty to take the label away." };

    /// <summary>Makes the command.</summary>
    public IdentitiesLabelCommand()
        : base("label", "Gives a person a name in lists and reports. It is never published.")
    {
        Add(_identity);
        Add(_label);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples { get; } = ["pipeline identities label 3f9c Contractor-7", "pipeline identities label 3f9c ''"];

    /// <inheritdoc/>
    protected override OperatorAct Say(Call call, IdentityStore store, PhysicalRules rules) => store.Label(
        ResolveAny(store.Reader, call.Get(_identity)!), call.Get(_label) is { Length: > 0 } label ? label : null, Environment.UserName);

    /// <inheritdoc/>
    protected override string Tell(OperatorAct act) => $"{act.IdentityId} is labelled so.";
}

/// <summary><c>pipeline identities undo</c>.</summary>
internal sealed class IdentitiesUndoCommand() : IdentitiesActCommand("undo", "Takes back the newest merge, split, label or not-same that is not taken back yet.")
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples { get; } = ["pipeline identities undo", "pipeline identities undo --store people.db"];

    /// <inheritdoc/>
    protected override OperatorAct Say(Call call, IdentityStore store, PhysicalRules rules) => store.Undo(rules, Environment.UserName);

    /// <inheritdoc/>
    protected override string Tell(OperatorAct act) => act.TakenBack switch
    {
        "merge" => $"Taken back: the merge. {act.IdentityId} is by itself again, with {act.Tracklets.Count} tracklets.",
        "split" => $"Taken back: the split. {act.Tracklets.Count} tracklets are {act.IdentityId} again.",
        "not_same" => $"Taken back: that {act.IdentityId} is somebody else.",
        _ => $"Taken back: the label of {act.IdentityId}.",
    };
}

/// <summary>Why an operator does what he does.</summary>
internal static class Reasons
{
    /// <summary>The option.</summary>
    public static Option<string> Option() => new("--reason")
    {
        Description = "Why, for the audit log.", HelpName = "TEXT", DefaultValueFactory = _ => "said on the command line",
    };
}

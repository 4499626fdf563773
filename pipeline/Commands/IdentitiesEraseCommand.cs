using System.CommandLine;
using Pipeline.Cli.Configuration;
using Pipeline.Cli.Running;
using Pipeline.Cli.Summary;
using Pipeline.Store;
using Pipeline.Store.Mqtt;
using Spectre.Console;

namespace Pipeline.Cli.Commands;

/// <summary><c>pipeline identities erase</c>.</summary>
internal sealed class IdentitiesEraseCommand : StoreCommand
{
    private static readonly TimeSpan Drain = TimeSpan.FromSeconds(10);

    private readonly Argument<string> _id = new("id") { Description = "An identity, or the beginning or end of its id." };
    private readonly Option<bool> _yes = new("--yes") { Description = "Do not ask." };
    private readonly Option<string> _reason = new("--reason") { Description = "Why, for the audit log.", HelpName = "TEXT", DefaultValueFactory = _ => "asked for on the command line" };
    private readonly Option<bool> _request = new("--on-request") { Description = "The person asked for it (basis 'request'); else it is the operator's decision." };

    /// <summary>Makes the command.</summary>
    public IdentitiesEraseCommand()
        : base("erase", "Erases a person for good: pictures, vectors, sightings, and the pictures in events. An audit entry stays.", "--mqtt", "--no-mqtt")
    {
        Add(_id);
        Add(_yes);
        Add(_reason);
        Add(_request);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples { get; } =
    [
        "pipeline identities erase 3f9c                                      # asks first",
        "pipeline identities erase 3f9c --yes --on-request",
        "pipeline identities erase 3f9c --yes --mqtt mqtts://broker.lan      # tells receivers too",
    ];

    /// <inheritdoc/>
    public override async Task<ExitCode> ExecuteAsync(Call call, CancellationToken cancellationToken)
    {
        LoadedSettings<Settings> settings = Load(call);
        (Guid id, string site) = Ask(call, settings, out bool go);
        if (!go)
        {
            await call.Error.WriteLineAsync("pipeline: nothing was erased.");
            return ExitCode.Fine;
        }

        using IdentityStore store = OpenWriting(settings, site);
        ErasureResult result = store.Erase(id, call.Get(_request) ? "request" : "operator", Environment.UserName, call.Get(_reason)!) // it has a default
            ?? throw new InvalidDataException($"identity {id} is gone already. pipeline identities list shows who is there.");
        List<string> files = Clean(store, result, id);
        long? waiting = await TellAsync(settings, store, site);
        if (call.Json)
        {
            await call.Output.WriteLineAsync(SummaryJson.Line(new { notice = result.Notice, audit_id = result.AuditId, files, waiting }));
            return ExitCode.Fine;
        }

        await call.Output.WriteLineAsync($"{id} is erased: {result.Notice.TrackletCount} tracklets, {result.Notice.CropCount} pictures. Audit entry {result.AuditId}.");
        files.ForEach(file => call.Output.WriteLine($"  {file}"));
        await call.Output.WriteLineAsync(waiting switch
        {
            null => "  receivers were not told: no broker is named (--mqtt)",
            0 => "  receivers were told",
            _ => "  the notice to receivers waits in the store; the next run with a broker sends it",
        });
        return ExitCode.Fine;
    }

    private (Guid Id, string Site) Ask(Call call, LoadedSettings<Settings> settings, out bool go)
    {
        using StoreReader reader = StoreReader.Open(PathOf(settings));
        Guid id = Resolve(reader, call.Get(_id)!); // required
        Store.IdentitySummary person = reader.Identity(id)!.Summary; // it was just found
        go = call.Get(_yes);
        if (!go)
        {
            if (!call.Terminal.Profile.Capabilities.Interactive || System.Console.IsInputRedirected)
            {
                throw new InvalidDataException("erasing asks first, and there is nobody to ask. Say --yes.");
            }

            go = call.Terminal.Confirm($"Erase {id}, {person.Sightings} sightings at {Markup.Escape(string.Join(", ", person.Cameras))}, for good?", defaultValue: false);
        }

        return (id, reader.Site);
    }

    // What runs wrote beside the store shows the person too.
    private static List<string> Clean(IdentityStore store, ErasureResult result, Guid id)
    {
        List<string> done = [];
        foreach (RunRecord run in result.Runs)
        {
            OutputFolder folder = OutputFolder.Of(run, store.Database);
            if (File.Exists(folder.Events))
            {
                EventLog.Rewrite(store.Reader, run.Id, folder.Events);
                done.Add($"{folder.Events}: written anew");
            }

            if (File.Exists(folder.Summary))
            {
                RunSummary summary = SummaryJson.Read<RunSummary>(File.ReadAllText(folder.Summary));
                SummaryJson.Write(summary with { Identities = [.. summary.Identities.Where(person => person.Id != id)] }, folder.Summary);
                done.Add($"{folder.Summary}: written anew");
            }

            if (File.Exists(folder.Report))
            {
                File.Delete(folder.Report);
                done.Add($"{folder.Report}: deleted, it shows the person");
            }
        }

        return done;
    }

    private static async Task<long?> TellAsync(LoadedSettings<Settings> settings, IdentityStore store, string site)
    {
        if (Effective.Mqtt(settings) is not { } mqtt)
        {
            return null;
        }

        await using MqttPublisher publisher = new(mqtt, site, store.Outbox);
        await publisher.StartAsync();
        return await publisher.StopAsync(Drain);
    }
}

using System.CommandLine;
using System.Text;
using System.Text.Json;
using Pipeline.Cli.Configuration;
using Pipeline.Cli.Running;
using Pipeline.Cli.Summary;
using Pipeline.Cli.Terminal;
using Pipeline.Store;
using Pipeline.Store.Mqtt;

namespace Pipeline.Cli.Commands;

/// <summary><c>pipeline events list</c>.</summary>
internal sealed class EventsListCommand : StoreCommand
{
    private readonly Option<long> _since = new("--since") { Description = "Only those above this sequence.", HelpName = "SEQ" };

    /// <summary>Makes the command.</summary>
    public EventsListCommand()
        : base("list", "Lists the events of a store.") => Add(_since);

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples { get; } =
    [
        "pipeline events list                                  # of the latest run",
        "pipeline events list --store people.db --since 120 --json",
    ];

    /// <inheritdoc/>
    public override async Task<ExitCode> ExecuteAsync(Call call, CancellationToken cancellationToken)
    {
        using StoreReader reader = StoreReader.Open(PathOf(Load(call)));
        DataTable table = new("sequence", "occurred at", "type", "camera", "identity", "similarity", "band");
        foreach (StoredEvent stored in reader.Events(call.Get(_since)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            (double? similarity, string? band) = Evidence(stored);
            if (call.Json)
            {
                await call.Output.WriteLineAsync(SummaryJson.Line(new
                {
                    sequence = stored.Sequence,
                    event_id = stored.EventId,
                    type = stored.Type,
                    camera = stored.Camera,
                    occurred_at = stored.OccurredAt,
                    published_at = stored.PublishedAt,
                    identity_id = stored.IdentityId,
                    tracklet_id = stored.TrackletId,
                    similarity,
                    band,
                }));
            }

            table.Add(stored.Sequence, Moment(stored.OccurredAt), stored.Type, stored.Camera, stored.IdentityId?.ToString(), similarity, band);
        }

        if (!call.Json)
        {
            table.Write(call.Terminal);
        }

        return ExitCode.Fine;
    }

    private static (double? Similarity, string? Band) Evidence(StoredEvent stored)
    {
        using JsonDocument payload = JsonDocument.Parse(stored.Payload);
        return payload.RootElement.TryGetProperty("decision", out JsonElement decision) && decision.ValueKind == JsonValueKind.Object
            ? (decision.TryGetProperty("similarity", out JsonElement value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null,
                decision.TryGetProperty("band", out JsonElement band) ? band.GetString() : null)
            : (null, null);
    }
}

/// <summary><c>pipeline events replay</c>.</summary>
internal sealed class EventsReplayCommand : StoreCommand
{
    private readonly Option<long> _since = new("--since") { Description = "Only those above this sequence.", HelpName = "SEQ" };
    private readonly Option<int> _wait = new("--wait") { Description = "With --mqtt: wait so many seconds at most for the broker.", HelpName = "S", DefaultValueFactory = _ => 30 };

    /// <summary>Makes the command.</summary>
    public EventsReplayCommand()
        : base("replay", "Prints events as they were published, one a line; with --mqtt sends what the broker would not take or has not got yet.", "--mqtt")
    {
        Add(_since);
        Add(_wait);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples { get; } =
    [
        "pipeline events replay > events.jsonl",
        "pipeline events replay --since 120 | jq .identity_id",
        "pipeline events replay --store people.db --mqtt mqtts://broker.lan     # events that were set aside go out again",
    ];

    /// <inheritdoc/>
    public override async Task<ExitCode> ExecuteAsync(Call call, CancellationToken cancellationToken)
    {
        LoadedSettings<Settings> settings = Load(call);
        if (settings.OriginOf("mqtt.broker").Layer == SettingLayer.Flag && Effective.Mqtt(settings) is { } mqtt)
        {
            return await SendAsync(call, settings, mqtt);
        }

        using StoreReader reader = StoreReader.Open(PathOf(settings));
        foreach (StoredEvent stored in reader.Events(call.Get(_since)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            await call.Output.WriteLineAsync(Encoding.UTF8.GetString(stored.Payload));
        }

        return ExitCode.Fine;
    }

    private async Task<ExitCode> SendAsync(Call call, LoadedSettings<Settings> settings, MqttOptions mqtt)
    {
        using IdentityStore store = OpenWriting(settings, SiteOf(settings));
        int again = store.ResendSetAside();
        long before = store.Outbox.Status().Pending;
        await using MqttPublisher publisher = new(mqtt, SiteOf(settings), store.Outbox, stats: null, row => RunSession.CropOf(store, row));
        publisher.Notice += text => call.Error.WriteLine($"pipeline: {TerminalText.Clean(text)}");
        await publisher.StartAsync();
        long waiting = await publisher.StopAsync(TimeSpan.FromSeconds(Math.Max(1, call.Get(_wait))));
        long aside = store.Outbox.Status().SetAside;
        await call.Output.WriteLineAsync(call.Json
            ? SummaryJson.Line(new { queued_again = again, sent = before - waiting - aside, waiting, set_aside = aside })
            : $"{again} events that were set aside are queued again; {before - waiting - aside} sent to {publisher.Broker}, {waiting} wait, {aside} were not taken.");
        return waiting + aside > 0 ? ExitCode.Losses : ExitCode.Fine;
    }

    private static string SiteOf(LoadedSettings<Settings> settings)
    {
        using StoreReader reader = StoreReader.Open(PathOf(settings));
        return reader.Site;
    }
}

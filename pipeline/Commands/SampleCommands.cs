using Pipeline.Cli.Configuration;
using Pipeline.Cli.Running;
using Pipeline.Store.Mqtt;

namespace Pipeline.Cli.Commands;

/// <summary><c>pipeline sample run</c>: what <c>./run</c> without a folder does.</summary>
internal sealed class SampleRunCommand() : SettingsCommand("run", "Runs on the sample with a broker of its own on 127.0.0.1, shows the events as a subscriber receives them, and scores the run against the sample's truth.")
{
    private const string Output = "runs/sample";

    /// <inheritdoc/>
    protected override string UnnamedFile => Path.Combine(SampleSite.Find(), "pipeline.yaml");

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples { get; } = ["pipeline sample run", "pipeline sample run --detector hog"];

    /// <inheritdoc/>
    public override async Task<ExitCode> ExecuteAsync(Call call, CancellationToken cancellationToken)
    {
        string folder = SampleSite.Find();
        LoadedSettings<Settings> asked = Load(call);
        bool ownBroker = asked.Value.Mqtt is { Enabled: true, Broker: null };
        await using LocalBroker? broker = ownBroker ? await LocalBroker.StartAsync(cancellationToken: cancellationToken) : null;
        List<SettingFlag> given = [new("run.output", Output, "sample"), new("run.tracks", "true", "sample")];
        if (broker is not null)
        {
            given.AddRange([new("mqtt.broker", broker.Url, "sample"), new("mqtt.allow_plaintext", "true", "sample")]);
            await call.Error.WriteLineAsync($"pipeline: a mosquitto of this run's own listens on 127.0.0.1:{broker.Port}, plain text, anonymous; it ends with the run");
        }

        LoadedSettings<Settings> settings = Load(call, given);
        if (!settings.Value.Run.Resume && settings.Value.Run.Output == Output)
        {
            OutputFolder.Discard(Output);
        }

        await using EventListener? listener = broker is null ? null : await EventListener.StartAsync(broker, Effective.Topics(settings), cancellationToken);
        ExitCode code = await RunHost.RunAsync(call, settings, [folder], cancellationToken);
        listener?.Write(call.Output);
        if (settings.Value.Run.Tracks)
        {
            await call.Output.WriteLineAsync();
            await call.Output.WriteLineAsync(SampleSite.Verdict(folder, settings.Value.Run.Output));
        }

        return code;
    }
}

using System.CommandLine;
using Pipeline.Cli.Configuration;
using Pipeline.Cli.Doctor;
using Pipeline.Cli.Running;
using Pipeline.Store.Mqtt;

namespace Pipeline.Cli.Commands;

/// <summary><c>pipeline sample run</c>: what <c>./run</c> without a folder does.</summary>
internal sealed class SampleRunCommand() : SettingsCommand("run", "Runs on the sample with a broker of its own on 127.0.0.1, and shows the events as a subscriber receives them.")
{
    private const string Output = "runs/sample";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples { get; } = ["pipeline sample run", "pipeline sample run --detector hog"];

    /// <inheritdoc/>
    public override async Task<ExitCode> ExecuteAsync(Call call, CancellationToken cancellationToken)
    {
        string folder = SampleFootage.Folder;
        if (!Directory.Exists(folder))
        {
            throw new InvalidDataException($"the sample is not at '{folder}'. Fetch it with ./run --setup-only.");
        }

        LoadedSettings<Settings> asked = Load(call);
        bool ownBroker = asked.Value.Mqtt is { Enabled: true, Broker: null };
        await using LocalBroker? broker = ownBroker ? await LocalBroker.StartAsync(cancellationToken: cancellationToken) : null;
        List<SettingFlag> given = [new("run.output", Output, "sample"), new("ingest.clocks", "together", "sample")];
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
        return code;
    }
}

/// <summary><c>pipeline sample cut</c>.</summary>
internal sealed class SampleCutCommand : PipelineCommand
{
    private readonly Argument<string> _video = new("video") { Description = "A recording of a place that people walk across." };
    private readonly Argument<string> _folder = new("folder") { Description = "Folder to make, with a camera 'left' and a camera 'right'." };

    /// <summary>Makes the command.</summary>
    public SampleCutCommand()
        : base("cut", "Cuts a recording into two cameras that do not overlap: its left and its right part, with a gap between.")
    {
        Add(_video);
        Add(_folder);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples { get; } = ["pipeline sample cut vtest.avi sample"];

    /// <inheritdoc/>
    public override async Task<ExitCode> ExecuteAsync(Call call, CancellationToken cancellationToken)
    {
        int frames = SampleFootage.Cut(call.Get(_video)!, call.Get(_folder)!, cancellationToken);
        await call.Output.WriteLineAsync($"{frames} frames into {call.Get(_folder)}/left and {call.Get(_folder)}/right");
        return ExitCode.Fine;
    }
}

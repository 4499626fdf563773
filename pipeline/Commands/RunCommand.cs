using System.CommandLine;
using Pipeline.Cli.Configuration;
using Pipeline.Cli.Running;

namespace Pipeline.Cli.Commands;

/// <summary><c>pipeline run</c>.</summary>
internal sealed class RunCommand : SettingsCommand
{
    private readonly Argument<string[]> _sources = new("source")
    {
        Description = "A folder with one sub-folder per camera, video files, or rtsp:// and http:// addresses.", Arity = ArgumentArity.ZeroOrMore,
    };

    /// <summary>Makes the command.</summary>
    public RunCommand()
        : base("run", "Finds people in every camera, recognises them from camera to camera, and tells it: event log, MQTT, contact sheet.") =>
        Add(_sources);

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples { get; } =
    [
        "pipeline run recordings                               # recordings/entrance/*.mp4, recordings/dock/*.mp4, ...",
        "pipeline run recordings --store people.db             # recognise people of earlier runs too",
        "pipeline run recordings --mqtt mqtts://broker.lan     # publish events",
        "pipeline run recordings --resume                      # go on after a stop, a crash, a power cut",
        "pipeline run recordings --detections boxes            # boxes/entrance/0800.txt: people that somebody else found",
        "pipeline run rtsp://10.0.0.5/main rtsp://10.0.0.6/main",
    ];

    /// <inheritdoc/>
    public override Task<ExitCode> ExecuteAsync(Call call, CancellationToken cancellationToken) =>
        RunHost.RunAsync(call, Load(call), call.Get(_sources) ?? [], cancellationToken);
}

using System.CommandLine;
using Pipeline.Cli.Configuration;
using Pipeline.Cli.Running;

namespace Pipeline.Cli.Commands;

/// <summary><c>pipeline replay</c>.</summary>
internal sealed class ReplayCommand : SettingsCommand
{
    private readonly Argument<string> _folder = new("folder") { Description = "A folder in MARS layout: bbox_test/0001/0001C1T0001F001.jpg, with info/ where it is given." };
    private readonly Option<string?> _part = new("--part") { Description = "test or train; default test, else train.", HelpName = "PART" };

    /// <summary>Makes the command.</summary>
    public ReplayCommand()
        : base(
            "replay",
            "Takes clips that are cut and labelled (MARS) through recognition, linking, store and events, and says how identities agree with the labels.",
            "--output", "--store", "--reid-model", "--threshold", "--mqtt", "--no-mqtt", "--site", "--threads", "--device")
    {
        Add(_folder);
        Add(_part);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples { get; } = ["pipeline replay MARS", "pipeline replay MARS --reid-model osnet.onnx --threshold 0.75"];

    /// <inheritdoc/>
    public override Task<ExitCode> ExecuteAsync(Call call, CancellationToken cancellationToken) =>
        ReplayHost.RunAsync(call, Load(call), call.Get(_folder)!, call.Get(_part), cancellationToken);
}

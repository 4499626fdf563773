using System.CommandLine;
using Pipeline.Cli.Configuration;
using Pipeline.Cli.Linking;

namespace Pipeline.Cli.Commands;

/// <summary><c>pipeline link</c>.</summary>
internal sealed class LinkCommand : SettingsCommand
{
    private readonly Argument<string> _source = new("source")
    {
        Description = "Output folder of a run, or a store: its tracklets are linked again. Or a folder with a MOTChallenge text file for each camera.",
    };

    private readonly Option<string> _pattern = new("--pattern")
    {
        Description = "Which files of a folder are the cameras, * in place of the camera. Features beside them: NAME.npy, .safetensors, .f16 or NAME_emb.f16, one vector a row.",
        HelpName = "GLOB",
        DefaultValueFactory = _ => "*.txt",
    };

    private readonly Option<string?> _truth = new("--truth") { Description = "Which files of the folder are the truth; then the result is held against it.", HelpName = "GLOB" };

    private readonly Option<double> _fps = new("--fps") { Description = "Frames a second in text files.", HelpName = "N", DefaultValueFactory = _ => 25 };

    private readonly Option<int> _gap = new("--gap") { Description = "A track in text files that is not seen for more frames is two.", HelpName = "FRAMES", DefaultValueFactory = _ => 100 };

    /// <summary>Makes the command.</summary>
    public LinkCommand()
        : base(
            "link",
            "Links tracks that are there already: those of a run, with other settings, in seconds; or tracks and detections that somebody else made.",
            "--output", "--store", "--threshold", "--mqtt", "--no-mqtt", "--site")
    {
        Add(_source);
        Add(_pattern);
        Add(_truth);
        Add(_fps);
        Add(_gap);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples { get; } =
    [
        "pipeline link runs/monday --output again --threshold 0.85     # nothing is decoded or embedded again",
        "pipeline link runs/monday --output again --set linker.relink=false",
        "pipeline link tracks                                          # tracks/dock.txt, tracks/dock.npy, tracks/hall.txt, ...",
        "pipeline link cmc1 --pattern 'cam*_cstrack.txt' --truth 'cam*_gt.txt' --set linker.overlapping='1,2,3,4'",
    ];

    /// <inheritdoc/>
    public override Task<ExitCode> ExecuteAsync(Call call, CancellationToken cancellationToken)
    {
        (double fps, int gap) = (call.Get(_fps), call.Get(_gap));
        if (!double.IsFinite(fps) || fps <= 0 || gap < 1)
        {
            throw new InvalidDataException($"--fps above 0 and --gap from 1 are needed, got {fps} and {gap}. Correct them.");
        }

        LinkRequest request = new(call.Get(_source)!, call.Get(_pattern)!, call.Get(_truth), fps, gap); // required, defaulted
        StoredTracks? stored = StoredTracks.Read(request.Path);
        SettingFlag[] given = stored is null
            ? [new SettingFlag("ingest.clocks", "together", "link")] // text files count the frames of one clock
            : RunSettings.Of(stored.Run);
        return LinkHost.RunAsync(call, Load(call, given), request, stored, cancellationToken);
    }
}

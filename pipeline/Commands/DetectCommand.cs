using System.CommandLine;
using Pipeline.Cli.Configuration;
using Pipeline.Cli.Running;
using Pipeline.Cli.Summary;
using Pipeline.Cli.Terminal;
using Pipeline.Detector;
using Pipeline.Ingest;

namespace Pipeline.Cli.Commands;

/// <summary><c>pipeline detect</c>.</summary>
internal sealed class DetectCommand : SettingsCommand
{
    private readonly Argument<string> _source = new("source") { Description = "A video, or a folder with cameras." };
    private readonly Option<string> _output = new("--output")
    {
        Description = "File to write. Several recordings get a file each, named after it: det.txt becomes det-CAMERA.txt, and det-CAMERA-SEGMENT.txt where a camera has several. "
            + "Of a folder's recordings a name without an ending is a folder, with CAMERA/SEGMENT.txt as 'pipeline run --detections' takes them.",
        HelpName = "FILE|FOLDER",
        Required = true,
    };

    /// <summary>Makes the command.</summary>
    public DetectCommand()
        : base("detect", "Finds people and writes them as MOTChallenge detections: frame,-1,x,y,w,h,score,-1,-1,-1.", "--fps", "--detector", "--no-motion-gate", "--threads", "--device")
    {
        Add(_source);
        Add(_output);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples { get; } =
    [
        "pipeline detect clip.mp4 --output det.txt                   # every frame, numbered from 1 as the video has them",
        "pipeline detect clip.mp4 --output det.txt --fps 5           # five a second; the numbers stay those of the video",
        "pipeline detect recordings --output boxes                   # then: pipeline run recordings --detections boxes",
        "pipeline detect recordings --output det.txt --no-motion-gate --detector yolox.onnx",
    ];

    /// <inheritdoc/>
    public override async Task<ExitCode> ExecuteAsync(Call call, CancellationToken cancellationToken)
    {
        LoadedSettings<Settings> settings = Load(call);
        (string source, string output) = (call.Get(_source)!, call.Get(_output)!); // both are required
        if (StreamAddress.IsStream(source))
        {
            throw new InvalidDataException("detect reads recordings, got the address of a stream. Use pipeline run for streams.");
        }

        IngestPlan plan = CameraFolders.Discover([source], Effective.Ingest(settings));
        if (settings.OriginOf("ingest.fps").Layer != SettingLayer.Flag)
        {
            plan = plan with { Cameras = [.. plan.Cameras.Select(camera => camera with { Fps = 0 })] };
        }

        List<RunNotice> notices = [];
        using IPersonDetector detector = Models.OpenDetector(settings, notices);
        foreach (string line in notices.Select(notice => notice.Text).Concat(plan.Problems))
        {
            await call.Error.WriteLineAsync($"pipeline: {TerminalText.Clean(line)}");
        }

        DetectionRun run = new(plan, settings, detector, output, inFolder: Directory.Exists(source) && Path.GetExtension(output).Length == 0);
        await new WorkProgress(call).WatchAsync(run.Line, run.RunAsync(cancellationToken));
        foreach (DetectionFile file in run.Files.OrderBy(file => file.Path, StringComparer.Ordinal))
        {
            await call.Output.WriteLineAsync(call.Json
                ? SummaryJson.Line(file)
                : $"{file.Path}: {file.Detections} detections in {file.Frames} frames of {TerminalText.Clean($"{file.Camera}/{file.Segment}")}");
            if (file.Problem is { } problem)
            {
                await call.Error.WriteLineAsync($"pipeline: {file.Camera}: {TerminalText.Clean(problem)}");
            }
        }

        return plan.Problems.Count > 0 || run.Files.Any(file => file.Problem is not null) ? ExitCode.Losses : ExitCode.Fine;
    }
}

using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Threading.Channels;
using Pipeline.Cli.Configuration;
using Pipeline.Cli.Summary;
using Pipeline.Detector;
using Pipeline.Ingest;
using Pipeline.Tracker.Evaluation;

namespace Pipeline.Cli.Running;

/// <summary>A file of detections that was written.</summary>
/// <param name="Path">The file.</param>
/// <param name="Camera">Camera id.</param>
/// <param name="Segment">The recording, relative to the camera's folder.</param>
/// <param name="Frames">Frames looked at.</param>
/// <param name="Detections">Lines in the file.</param>
/// <param name="Problem">What was lost of the recording; null when nothing was.</param>
internal sealed record DetectionFile(string Path, string Camera, string Segment, long Frames, int Detections, string? Problem);

/// <summary>Detections of recordings as MOTChallenge text: one file a recording, since frames are numbered in each from 1.</summary>
internal sealed class DetectionRun
{
    private readonly IngestStage _ingest;
    private readonly DetectStage _detect;
    private readonly Dictionary<(string Camera, int Ordinal), string> _paths = [];
    private readonly Dictionary<(string Camera, int Ordinal), List<MotRow>> _rows = [];
    private readonly Stopwatch _elapsed = Stopwatch.StartNew();

    /// <summary>Makes a run.</summary>
    /// <param name="plan">The recordings.</param>
    /// <param name="settings">Settings in force.</param>
    /// <param name="detector">Finds people; the caller disposes it.</param>
    /// <param name="output">The file of a single recording; several get names made from it. Or a folder.</param>
    /// <param name="inFolder">Whether it is a folder: then <c>CAMERA/SEGMENT.txt</c> in it, as <c>run --detections</c> takes them.</param>
    public DetectionRun(IngestPlan plan, LoadedSettings<Settings> settings, IPersonDetector detector, string output, bool inFolder)
    {
        _ingest = new IngestStage(plan, Effective.Ingest(settings));
        _detect = new DetectStage(detector, Effective.Detector(settings));
        Name(plan, output, inFolder);
    }

    /// <summary>Files written so far.</summary>
    public ConcurrentQueue<DetectionFile> Files { get; } = [];

    /// <summary>How far it is, in a line.</summary>
    public string Line()
    {
        double footage = _ingest.Progress.Sum(camera => camera.Footage.TotalSeconds);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{100 * _ingest.Progress.Average(camera => camera.Share):0} %, {_ingest.Progress.Sum(camera => camera.Analysed)} frames, {footage / _elapsed.Elapsed.TotalSeconds:0.0} x real time");
    }

    /// <summary>Reads all recordings. The file of a recording is written when its end is reached.</summary>
    /// <param name="cancellationToken">Stops; recordings that have not ended leave no file.</param>
    public Task RunAsync(CancellationToken cancellationToken)
    {
        Channel<CameraItem> frames = Channel.CreateBounded<CameraItem>(Capacity.Frames);
        Channel<CameraItem> detected = Channel.CreateBounded<CameraItem>(Capacity.Frames);
        return StageRunner.RunAllAsync(
        [
            token => _ingest.RunAsync(frames, token),
            token => _detect.RunAsync(frames, detected, token),
            token => WriteAsync(detected, token),
        ], cancellationToken);
    }

    private void Name(IngestPlan plan, string output, bool inFolder)
    {
        (string Camera, SegmentPlan Segment, int Of)[] all =
            [.. plan.Cameras.SelectMany(camera => camera.Segments.Select(segment => (camera.Camera.Id, segment, camera.Segments.Count)))];
        string folder = Path.GetDirectoryName(Path.GetFullPath(output)) ?? "/";
        PrivateFile.CreateFolder(folder);
        HashSet<string> taken = [];
        foreach ((string camera, SegmentPlan segment, int of) in all)
        {
            if (inFolder)
            {
                string path = _paths[(camera, segment.Ordinal)] = Path.Combine(output, camera, segment.Ref + ".txt");
                PrivateFile.CreateFolder(Path.GetDirectoryName(path)!);
                continue;
            }

            string name = of == 1 ? camera : $"{camera}-{Slug.From(Path.ChangeExtension(segment.Ref, null))}";
            _paths[(camera, segment.Ordinal)] = all.Length == 1
                ? output
                : Path.Combine(Path.GetDirectoryName(output) ?? "", $"{Path.GetFileNameWithoutExtension(output)}-{Slug.Take(name, taken)}{Path.GetExtension(output)}");
        }
    }

    private async Task WriteAsync(ChannelReader<CameraItem> detected, CancellationToken cancellationToken)
    {
        await foreach (CameraItem item in detected.ReadAllAsync(cancellationToken))
        {
            if (item is DetectedFrame frame)
            {
                Add(frame);
            }
            else if (item is SegmentEnd end)
            {
                Finish(end);
            }
        }
    }

    private void Add(DetectedFrame found)
    {
        using Frame frame = found.Frame;
        (string, int) key = (frame.Camera.Id, frame.Segment.Ordinal);
        List<MotRow> rows = _rows.TryGetValue(key, out List<MotRow>? known) ? known : _rows[key] = [];
        rows.AddRange(found.Detections.Select(detection => new MotRow(
            (int)frame.Number + 1, -1, detection.Box.X, detection.Box.Y, detection.Box.Width, detection.Box.Height, detection.Score, -1)));
    }

    private void Finish(SegmentEnd end)
    {
        (string, int) key = (end.Camera.Id, end.Segment.Ordinal);
        _rows.Remove(key, out List<MotRow>? rows);
        PrivateFile.Write(_paths[key], writer => writer.Write(MotText.Format(rows ?? [])));
        Files.Enqueue(new DetectionFile(_paths[key], end.Camera.Id, end.Segment.Ref, end.FramesAnalysed, rows?.Count ?? 0, end.Problem));
    }
}

using System.Collections.Concurrent;
using System.Diagnostics;
using System.Threading.Channels;
using Pipeline.Cli.Configuration;
using Pipeline.Cli.Terminal;
using Pipeline.Detector;
using Pipeline.Ingest;
using Pipeline.Reid;
using Pipeline.Store;
using Pipeline.Tracker;

namespace Pipeline.Cli.Running;

/// <summary>The first half of a run on cameras: decode, detect, track. Its crops go to a <see cref="RunSession"/>.</summary>
internal sealed class CameraRun
{
    private readonly RunSession _session;
    private readonly StageMeters _meters;
    private readonly IngestPlan _plan;
    private readonly IngestStage _ingest;
    private readonly DetectStage _detect;
    private readonly Linking.GivenDetections? _given;
    private readonly TrackStage _track;
    private readonly TrackFiles? _tracks;
    private readonly bool _mayRest;
    private readonly ConcurrentDictionary<string, int> _people = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _finished = new(StringComparer.Ordinal);
    private readonly Stopwatch _elapsed = Stopwatch.StartNew();

    /// <summary>Wires the stages.</summary>
    /// <param name="settings">Settings in force.</param>
    /// <param name="plan">The cameras.</param>
    /// <param name="models">Detector and embedder.</param>
    /// <param name="meters">What is measured.</param>
    /// <param name="session">The second half.</param>
    public CameraRun(LoadedSettings<Settings> settings, IngestPlan plan, Models models, StageMeters meters, RunSession session)
    {
        _session = session;
        _meters = meters;
        _plan = plan;
        DetectorOptions detector = Effective.Detector(settings);
        _given = models.Detector as Linking.GivenDetections;
        _mayRest = detector.MotionGate && _given is null;
        (Dictionary<string, StartPosition> start, Dictionary<string, byte[]> states) = ResumePositions.Of(session.Resume, plan);
        _ingest = new IngestStage(plan, Effective.Ingest(settings), start) { StatusChanged = status => Feed?.Live(status), Worked = meters.Decode.Add };
        Feed = session.Publisher is { } publisher ? new CameraFeed(publisher, plan, _ingest.Progress) : null;
        meters.Decode.Dropped = () => _ingest.Progress.Sum(camera => camera.Dropped);
        _detect = new DetectStage(models.Detector, detector);
        TimeSpan filled = _given is null ? settings.Value.Tracker.Offline.MaxFilledGap : TimeSpan.Zero; // to given boxes none are added
        _tracks = settings.Value.Run.Tracks ? new TrackFiles(session.Output.Tracks, filled) : null;
        _track = new TrackStage(settings.Value.Tracker, settings.Value.Run.Site, states, PeopleChanged) { Followed = _tracks is null ? null : _tracks.Write, Dismissed = _tracks is null ? null : _tracks.Dismiss };
        session.Observer.Committed += OnCommitted;
    }

    /// <summary>Tells the broker of the cameras; null without one.</summary>
    public CameraFeed? Feed { get; }

    /// <summary>What was lost, by camera: from segments that could not be read whole.</summary>
    public ConcurrentQueue<SegmentEnd> Ended { get; } = [];

    /// <summary>How far ingest is.</summary>
    public IReadOnlyList<Pipeline.Ingest.CameraProgress> Progress => _ingest.Progress;

    /// <summary>Share of the analysed frames on which the detector rested, by camera id.</summary>
    public double? RestedShare(string camera) =>
        _mayRest && _detect.Activity.FirstOrDefault(a => a.Camera == camera) is { } activity && activity.Analysed + activity.Rested > 0
            ? (double)activity.Rested / (activity.Analysed + activity.Rested)
            : _mayRest ? 0 : null;

    /// <summary>What was left out of pictures, known once the run is over.</summary>
    public IEnumerable<Summary.RunProblem> Problems => _track.DetectionsLeftOut is > 0 and var left
        ? [new Summary.RunProblem(null, $"{left} detections were left out: pictures held more than tracker.max_detections. Raise it, or detector.score_threshold.")]
        : [];

    /// <summary>What was followed and then taken for no person, known once the run is over.</summary>
    public IEnumerable<Summary.RunNotice> Notices
    {
        get
        {
            if (_session.Cuts is > 0 and var cuts)
            {
                yield return new Summary.RunNotice("track_cut", $"{cuts} {(cuts == 1 ? "place" : "places")} where a track went from one person to another, by its pictures: it was cut there; reid.cut_margin is the measure.");
            }

            if (_track.Nobodies(NoPerson.NeverUpright) is > 0 and var lying)
            {
                yield return new Summary.RunNotice("never_upright", $"{lying} {(lying == 1 ? "track that was never upright is" : "tracks that were never upright are")} taken for no person but an animal or a thing; tracker.max_aspect is the limit.");
            }

            if (_track.Nobodies(NoPerson.NeverChanged) is > 0 and var still)
            {
                yield return new Summary.RunNotice("never_changed", $"{still} {(still == 1 ? "track" : "tracks")} where the picture never changed {(still == 1 ? "is" : "are")} taken for no person but a mannequin, a poster or the like; tracker.still_ms 0 keeps such.");
            }
        }
    }

    /// <summary>Runs to the end of the footage, or until cancelled.</summary>
    /// <param name="cancellationToken">Stops all stages.</param>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using TrackFiles? tracks = _tracks;
        Channel<CameraItem> frames = Channel.CreateBounded<CameraItem>(Capacity.Frames);
        Channel<CameraItem> detected = Channel.CreateBounded<CameraItem>(Capacity.Frames);
        Channel<CropSet> crops = Channel.CreateBounded<CropSet>(Capacity.Small);
        _meters.Detect.Waiting = () => frames.Reader.Count;
        await _session.RunAsync(
        [
            token => _ingest.RunAsync(frames, token),
            token => _given is null ? _detect.RunAsync(frames, detected, token) : _given.RunAsync(frames, detected, token),
            token => _track.RunAsync(detected, crops, token),
        ], crops, cancellationToken);
    }

    /// <summary>How far the run is.</summary>
    public ProgressSnapshot Snapshot() => _session.Snapshot(_elapsed.Elapsed, [.. _ingest.Progress.Select(Row)]);

    private Terminal.CameraProgress Row(Pipeline.Ingest.CameraProgress camera) => new(
        camera.Camera.Id,
        camera.Camera.Name,
        _finished.ContainsKey(camera.Camera.Id) ? CameraActivity.Finished : camera.Reached is null ? CameraActivity.Waiting : CameraActivity.Running,
        camera.Analysed,
        camera.Footage,
        camera.Reached,
        camera.SegmentsTotal > 0 ? camera.Share : null,
        _people.GetValueOrDefault(camera.Camera.Id),
        RestedShare(camera.Camera.Id),
        camera.Problems);

    private void PeopleChanged(Camera camera, DateTimeOffset at, int people)
    {
        _people[camera.Id] = people;
        Feed?.People(camera, people);
    }

    private void OnCommitted(CommittedGroup group)
    {
        foreach (SegmentEnd end in group.Group.Checkpoints.Select(checkpoint => checkpoint.End))
        {
            Ended.Enqueue(end);
            if (end.Problem is { } problem)
            {
                _session.Observer.Say(problem, isProblem: true); // names its camera
            }
        }

        foreach (CameraFinished finished in group.Group.Finished)
        {
            _finished[finished.Camera.Id] = true;
            Feed?.Finished(finished.Camera);
        }
    }
}

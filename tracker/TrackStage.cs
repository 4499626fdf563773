using System.Threading.Channels;
using Pipeline.Detector;
using Pipeline.Ingest;
using Pipeline.Reid;

namespace Pipeline.Tracker;

/// <summary>
/// Follows people in every camera. Frames with detections in; tracklets with their best crops out, and between them, in order, the
/// checkpoints, watermarks and ends of cameras that have to stay behind them. <see cref="TrackerOutput.At"/> never decreases.
/// </summary>
/// <remarks>
/// The input must be complete only when the footage is at its end: then the tracks still open become tracklets. To stop before that,
/// cancel; what is open is then in the last checkpoints.
/// </remarks>
/// <param name="options">Settings.</param>
/// <param name="siteId">The site, part of all content ids.</param>
/// <param name="states">States of cameras to go on from, by camera id, as <see cref="SegmentCheckpoint.State"/> gave them; null for none.</param>
/// <param name="peopleChanged">Called when the number of people in view of a camera changed: camera, capture time, number.</param>
/// <exception cref="InvalidDataException">A state was written by another version.</exception>
public sealed class TrackStage(
    TrackerOptions options,
    string siteId,
    IReadOnlyDictionary<string, byte[]>? states = null,
    Action<Camera, DateTimeOffset, int>? peopleChanged = null)
{
    private readonly SortedDictionary<string, CameraFollower> _followers = new(
        (states ?? new Dictionary<string, byte[]>()).ToDictionary(
            state => state.Key, state => CameraFollower.Restore(state.Value, siteId, options), StringComparer.Ordinal),
        StringComparer.Ordinal);

    private readonly Dictionary<string, int> _people = new(StringComparer.Ordinal);
    private long _cell = long.MinValue;
    private long _leftOut;
    private readonly long[] _nobodies = new long[Enum.GetValues<NoPerson>().Length];

    /// <summary>Told of every frame with the boxes that tracks have in it, before the frame is given back. Called on the stage's own task.</summary>
    public Action<Frame, IReadOnlyList<TrackedBox>>? Followed { get; init; }

    /// <summary>Told of every track that ended and was taken for nobody: its camera and number. Called on the stage's own task.</summary>
    public Action<Camera, int>? Dismissed { get; init; }

    /// <summary>Detections left out because their frames had more than <see cref="TrackerOptions.MaxDetections"/>; to be read when the run is over.</summary>
    public long DetectionsLeftOut => _leftOut + _followers.Values.Sum(follower => follower.DetectionsLeftOut);

    /// <summary>Tracks that were taken for nobody; to be read when the run is over.</summary>
    /// <param name="reason">Why.</param>
    public long Nobodies(NoPerson reason) => _nobodies[(int)reason];

    /// <summary>Runs until the input is complete or the token is cancelled, then completes the output.</summary>
    /// <param name="input">Items of all cameras in capture-time order. Frames are disposed here.</param>
    /// <param name="output">Receives sets whose key is a <see cref="TrackerOutput"/>.</param>
    /// <param name="cancellationToken">Stops without flushing.</param>
    public async Task RunAsync(ChannelReader<CameraItem> input, ChannelWriter<CropSet> output, CancellationToken cancellationToken)
    {
        Exception? failure = null;
        DateTimeOffset last = DateTimeOffset.MinValue;
        try
        {
            await foreach (CameraItem item in input.ReadAllAsync(cancellationToken))
            {
                foreach (TrackerOutput found in Handle(item))
                {
                    await output.WriteAsync(found is Tracklet tracklet ? Crops(tracklet) : new CropSet(found, []), cancellationToken);
                }

                last = item.At;
            }

            foreach (Tracklet tracklet in _followers.Values.SelectMany(follower => Known(follower, follower.GiveUpAll(last))))
            {
                await output.WriteAsync(Crops(tracklet), cancellationToken);
            }
        }
        catch (Exception e)
        {
            failure = e;
            throw;
        }
        finally
        {
            output.TryComplete(failure);
        }
    }

    private static CropSet Crops(Tracklet tracklet) => new(tracklet, tracklet.Crops, tracklet.Part) { Met = tracklet.Met };

    private List<TrackerOutput> Handle(CameraItem item)
    {
        List<TrackerOutput> found = [];
        if (DecisionCell.Of(item.At) is var cell && cell > _cell)
        {
            _cell = cell;
            found.Add(new Watermark(item.Camera, item.At));
        }

        // Footage of one camera may pause while the others go on: its people left when time says so, not when it comes back.
        foreach (CameraFollower idle in _followers.Values.Where(follower => follower.NextDeadline < item.At))
        {
            found.AddRange(Known(idle, idle.GiveUpUnseen(item.At)));
            TellPeople(idle.Camera, item.At, Math.Min(_people.GetValueOrDefault(idle.Camera.Id), idle.PeopleInView)); // without a frame nobody comes
        }

        switch (item)
        {
            case DetectedFrame frame:
                using (frame)
                {
                    found.AddRange(Follow(frame));
                }

                break;
            case SegmentEnd end:
                found.Add(new SegmentCheckpoint(end, Follower(end.Camera).Save()));
                if (end.Camera.Kind == CameraKind.Live)
                {
                    TellPeople(end.Camera, end.At, 0); // the stream was lost: its people are followed on, but nobody sees them
                }

                break;
            case CameraEnd end:
                found.AddRange(Known(Follower(end.Camera), Follower(end.Camera).GiveUpAll(end.At)));
                found.Add(new CameraFinished(end.Camera, end.At));
                TellPeople(end.Camera, end.At, 0);
                _leftOut += Follower(end.Camera).DetectionsLeftOut;
                _followers.Remove(end.Camera.Id);
                break;
            default:
                throw new ArgumentException($"the tracker takes detected frames and ends, got {item.GetType().Name} of camera '{item.Camera.Id}'", nameof(item));
        }

        return found;
    }

    private List<Tracklet> Follow(DetectedFrame frame)
    {
        CameraFollower follower = Follower(frame.Camera);
        List<Tracklet> tracklets = Known(follower, follower.Follow(frame));
        Followed?.Invoke(frame.Frame, follower.Boxes);
        TellPeople(frame.Camera, frame.At, follower.PeopleInView);
        return tracklets;
    }

    private List<Tracklet> Known(CameraFollower follower, List<Tracklet> tracklets)
    {
        foreach ((int number, NoPerson reason) in follower.Nobodies)
        {
            _nobodies[(int)reason]++;
            Dismissed?.Invoke(follower.Camera, number);
        }

        return tracklets;
    }

    private void TellPeople(Camera camera, DateTimeOffset at, int people)
    {
        if (_people.GetValueOrDefault(camera.Id) != people)
        {
            _people[camera.Id] = people;
            peopleChanged?.Invoke(camera, at, people);
        }
    }

    private CameraFollower Follower(Camera camera)
    {
        if (!_followers.TryGetValue(camera.Id, out CameraFollower? follower))
        {
            follower = new CameraFollower(camera, siteId, options);
            _followers.Add(camera.Id, follower);
        }

        return follower;
    }
}

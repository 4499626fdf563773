using OpenCvSharp;
using Pipeline.Detector;
using Pipeline.Ingest;
using Pipeline.Reid;

namespace Pipeline.Tracker;

/// <summary>One camera of the tracker stage: its tracker, and of every track what a tracklet will need.</summary>
internal sealed class CameraFollower(Camera camera, string siteId, TrackerOptions options)
{
    private readonly CameraTracker _tracker = new(options);
    private readonly SortedDictionary<int, TrackStory> _stories = [];
    private readonly List<(Guid Id, DateTimeOffset StartAt, DateTimeOffset EndAt)> _decidedEarly = [];
    private readonly List<(int Number, NoPerson Reason)> _nobodies = [];
    private Segment? _segment;
    private int _begun;

    internal Camera Camera { get; } = camera;

    /// <summary>The latest frame's boxes.</summary>
    internal IReadOnlyList<TrackedBox> Boxes { get; private set; } = [];

    internal int PeopleInView => _tracker.PeopleInView;

    internal long DetectionsLeftOut => _tracker.DetectionsLeftOut;

    /// <summary>Numbers of the tracks that ended with the latest call and were taken for nobody.</summary>
    internal IReadOnlyList<(int Number, NoPerson Reason)> Nobodies => _nobodies;

    internal DateTimeOffset? NextDeadline => _tracker.NextDeadline;

    /// <summary>Takes a frame, and gives the tracklets that it made known.</summary>
    internal List<Tracklet> Follow(DetectedFrame detected)
    {
        Frame frame = detected.Frame;
        if (_segment != frame.Segment)
        {
            (_segment, _begun) = (frame.Segment, 0);
        }

        IReadOnlyList<TrackedBox> boxes = Boxes = _tracker.Update(frame.At, detected.Detections, Colours(frame, detected.Detections));
        List<Tracklet> tracklets = Ended(frame.At);
        float[] met = Meetings(boxes);
        foreach ((int index, TrackedBox box) in boxes.Index())
        {
            Note(box, frame, detected.Detections, met[index]);
        }

        if (Camera.Kind == CameraKind.Live)
        {
            DecideEarly(boxes, frame.At, tracklets);
        }

        return tracklets;
    }

    /// <summary>Gives up what has been unseen too long at a time shown by another camera.</summary>
    internal List<Tracklet> GiveUpUnseen(DateTimeOffset at)
    {
        _tracker.GiveUpUnseen(at);
        return Ended(at);
    }

    /// <summary>Gives up everything.</summary>
    internal List<Tracklet> GiveUpAll(DateTimeOffset at)
    {
        _tracker.GiveUpAll();
        return Ended(at);
    }

    internal byte[] Save() => FollowerFormat.Write(Camera, _tracker, _stories, _segment, _begun);

    internal static CameraFollower Restore(byte[] state, string siteId, TrackerOptions options) =>
        FollowerFormat.Read(state, options.Crops, (camera, reader, rest) =>
        {
            CameraFollower follower = new(camera, siteId, options);
            follower._tracker.Restore(reader);
            (follower._segment, follower._begun) = rest(follower._stories);
            return follower;
        });

    private float[]?[]? Colours(Frame frame, IReadOnlyList<Detection> detections)
    {
        if (options.ColourWeight == 0 || detections.Count == 0)
        {
            return null;
        }

        float[]?[] colours = new float[]?[detections.Count];
        ReadOnlySpan<byte> pixels = BodyColours.Pixels(frame.Picture, out Mat? copy);
        using (copy)
        {
            for (int index = 0; index < colours.Length; index++)
            {
                colours[index] = detections[index].Score >= options.HighThreshold ? BodyColours.Of(pixels, frame.Width, frame.Height, detections[index].Box) : null;
            }
        }

        return colours;
    }

    // For each box the largest IoU with another.
    private static float[] Meetings(IReadOnlyList<TrackedBox> boxes)
    {
        float[] met = new float[boxes.Count];
        TrackBox[] all = [.. boxes.Select(box => TrackBox.From(box.Box))];
        Overlaps.Find(all, all, (one, other, iou) => met[one] = one == other ? met[one] : Math.Max(met[one], (float)iou));
        return met;
    }

    private void Note(in TrackedBox box, Frame frame, IReadOnlyList<Detection> detections, float met)
    {
        if (!_stories.TryGetValue(box.Key, out TrackStory? story))
        {
            story = new TrackStory(options.Crops)
            {
                StartAt = frame.At, FirstSegment = frame.Segment, FirstOffset = frame.Offset, FirstBox = box.Box,
                FrameWidth = frame.Width, FrameHeight = frame.Height, Ordinal = _begun++,
            };
            _stories.Add(box.Key, story);
        }

        story.EndAt = frame.At;
        story.Latest = FootPoint.Of(box.Box, frame.Width, frame.Height);
        story.Detections++;
        story.Life.See(frame.Picture, box.Box, story.FirstBox, options.MaxAspect);
        if (story.Decided is null)
        {
            Shoot(story, box, frame, detections, met);
        }
    }

    private void Shoot(TrackStory story, in TrackedBox box, Frame frame, IReadOnlyList<Detection> detections, float met)
    {
        long age = (frame.At - story.StartAt).Ticks;
        story.Shots.See(age, frame.At, met);
        double overlap = CropQuality.Overlap(detections, box.Detection);
        float bound = CropQuality.Bound(detections[box.Detection], overlap, frame.Width, frame.Height);
        if (story.Shots.Wants(age, bound) && CropCutter.Cut(frame.Picture, box.Box, options.MaxCropHeight) is { } picture)
        {
            Crop crop = new(picture, frame.At, CropQuality.With(bound, picture));
            story.Shots.Offer(age, new Shot(crop, box.Box, frame.Width, frame.Height, frame.Segment, frame.Offset));
        }
    }

    private List<Tracklet> Ended(DateTimeOffset at)
    {
        List<Tracklet> tracklets = [];
        _nobodies.Clear();
        foreach (EndedTrack track in _tracker.Ended)
        {
            // A track that began in this very frame and went as a duplicate has no story yet.
            if (_stories.Remove(track.Key, out TrackStory? story))
            {
                if (story.Decided is { } id)
                {
                    _decidedEarly.Add((id, story.StartAt, story.EndAt));
                }
                else if (track.Number > 0 && story.Detections >= options.MinDetections)
                {
                    Judge(track.Number, story, at, tracklets);
                }
            }
        }

        _decidedEarly.RemoveAll(early => _stories.Values.All(story => story.StartAt > early.EndAt));
        return tracklets;
    }

    private void Judge(int number, TrackStory story, DateTimeOffset at, List<Tracklet> tracklets)
    {
        if (story.Life.Verdict(story.EndAt - story.StartAt, options.Still) is { } nobody)
        {
            _nobodies.Add((number, nobody));
        }
        else
        {
            tracklets.Add(Make(number, story, at, story.Latest));
        }
    }

    private void DecideEarly(IReadOnlyList<TrackedBox> boxes, DateTimeOffset at, List<Tracklet> tracklets)
    {
        foreach (TrackedBox box in boxes)
        {
            TrackStory story = _stories[box.Key];
            if (story.Decided is null && box.Number > 0 && at - story.StartAt >= options.EarlyAge
                && story.Life.Verdict(at - story.StartAt, TimeSpan.FromTicks(Math.Min(options.Still.Ticks, options.EarlyAge.Ticks))) is null
                && story.Shots.All.Count(shot => shot.Crop.Quality >= options.EarlyQuality) >= options.Crops)
            {
                Tracklet tracklet = Make(box.Number, story, at, exit: null);
                story.Decided = tracklet.Id;
                tracklets.Add(tracklet);
            }
        }
    }

    private Tracklet Make(int number, TrackStory story, DateTimeOffset at, FootPoint? exit) =>
        new TrackletMaker(Camera, siteId, number, story, at, Beside(story), exit).Whole();

    private List<Guid> Beside(TrackStory story) =>
    [
        .. _decidedEarly.Where(early => early.EndAt >= story.StartAt && early.StartAt <= story.EndAt).Select(early => early.Id),
        .. _stories.Values.Where(other => other != story && other.Decided is not null && other.EndAt >= story.StartAt && other.StartAt <= story.EndAt)
            .Select(other => other.Decided!.Value),
    ];
}

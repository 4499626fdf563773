using Pipeline.Ingest;

namespace Pipeline.Detector;

/// <summary>
/// Decides for one camera whether the detector may rest: nothing has moved and nobody was seen for the hold time. A function of the
/// camera's own segment alone: what was found counts only once it is older than a batch can span, so that it is known by then
/// whatever the batches were. Not thread-safe.
/// </summary>
internal sealed class CameraGate(DetectorOptions options)
{
    private const float SamePerson = 0.3f; // intersection over union between two sights of one person
    private readonly MotionGate _motion = new();
    private readonly Queue<(DateTimeOffset At, IReadOnlyList<Detection> Found)> _results = [];
    private readonly List<(Box Box, DateTimeOffset At)> _persons = [];
    private readonly List<Box> _moved = [];
    private Segment? _segment;
    private DateTimeOffset _movedAt;

    /// <summary>Frames that were looked at.</summary>
    public long Analysed { get; private set; }

    /// <summary>Frames on which the detector rested.</summary>
    public long Rested { get; private set; }

    /// <summary>Takes a frame in and decides about it.</summary>
    /// <param name="frame">The camera's next frame.</param>
    /// <returns>Where to look; null when the detector may rest.</returns>
    public IReadOnlyList<Box>? Decide(Frame frame)
    {
        if (!options.MotionGate)
        {
            Analysed++;
            return [new Box(0, 0, frame.Width, frame.Height)];
        }

        if (!ReferenceEquals(frame.Segment, _segment) && frame.Segment != _segment)
        {
            Start(frame.Segment);
        }

        if (_motion.Observe(frame.Picture, frame.At))
        {
            _movedAt = frame.At;
            _moved.Clear();
            _moved.AddRange(_motion.Regions);
        }

        Learn(frame.At);
        bool recently = frame.At - _movedAt <= options.MotionHold;
        if (!recently && _persons.Count == 0)
        {
            Rested++;
            return null;
        }

        Analysed++;
        return [.. recently ? _moved : [], .. _persons.Select(person => person.Box)];
    }

    /// <summary>Tells what was found in a frame that was looked at; in the order of the frames.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="found">The persons.</param>
    public void Report(Frame frame, IReadOnlyList<Detection> found)
    {
        if (options.MotionGate && frame.Segment == _segment)
        {
            _results.Enqueue((frame.At, found));
        }
    }

    private void Start(Segment segment)
    {
        _segment = segment;
        _motion.Reset();
        _results.Clear();
        _persons.Clear();
        _moved.Clear();
    }

    private void Learn(DateTimeOffset now)
    {
        while (_results.TryPeek(out var result) && result.At <= now - options.BatchSpan)
        {
            _results.Dequeue();
            foreach (Detection detection in result.Found)
            {
                See(detection, result.At);
            }
        }

        _persons.RemoveAll(person => now - person.At > options.MotionHold);
    }

    // A clear sight begins a person's stay, weak ones at the same place prolong it.
    private void See(in Detection detection, DateTimeOffset at)
    {
        Box box = detection.Box;
        int known = _persons.FindIndex(person => person.Box.IoU(box) >= SamePerson);
        if (known >= 0)
        {
            _persons[known] = (box, at);
        }
        else if (detection.Score >= options.MotionHoldScore)
        {
            _persons.Add((box, at));
        }
    }
}

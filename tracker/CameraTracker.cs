using System.Runtime.InteropServices;
using Pipeline.Detector;
using Pipeline.Reid;

namespace Pipeline.Tracker;

/// <summary>Follows the people of one camera from frame to frame.</summary>
/// <remarks>
/// ByteTrack's order of association (Zhang et al. 2022) on a Kalman filter in capture time with NSA noise, and OC-SORT's recovery and
/// re-update (Cao et al. 2023), boxes compared with their heights in mind (Hybrid-SORT, Yang et al. 2024), the camera's own motion judged from them: sure detections with confirmed and lost tracks; unsure ones with tracks seen in the last frame; sure ones
/// left over with the last observed boxes of tracks left over; then with tentative tracks; what still is left starts tracks. A score equal to
/// the high threshold counts as sure. Where the colours of sure detections are given they have a say in the first association, and boxes are
/// grown before they are compared (the buffered IoU of C-BIoU, Yang et al. 2023): looks can then bridge what motion alone must not.
/// Nothing depends on anything but the frames given; ties go to the older track. Not thread-safe.
/// </remarks>
/// <param name="options">Settings.</param>
public sealed class CameraTracker(TrackerOptions options)
{
    private const int FewestHitsToForesee = 5;
    private const double HiddenBehind = 0.5; // share of a box behind another person's from which that person is why nothing was found
    private const double Lower = 0.1; // of a box's height: who stands in front is lower in the picture, but for the tremble of boxes
    private const double Free = 0.2; // share of a box that another one may cover before its colours are no longer one person's

    private readonly AssignmentSolver _solver = new();
    private readonly List<Pairing> _pairs = [];
    private readonly List<EndedTrack> _ended = [];
    private readonly List<TrackedBox> _matched = [];
    private readonly CameraMotion _motion = new();
    private List<Track> _tracks = [];
    private int _lastKey;
    private int _lastNumber;
    private long _ticks;
    private float[]?[]? _colours;

    /// <summary>Tracks that the latest call gave up, by key.</summary>
    public IReadOnlyList<EndedTrack> Ended => _ended;

    /// <summary>Confirmed tracks seen in the latest frame.</summary>
    public int PeopleInView => _tracks.Count(track => track.State == TrackState.Confirmed);

    /// <summary>Capture time from which on some track is given up if nothing is seen; null when there is no track.</summary>
    public DateTimeOffset? NextDeadline =>
        _tracks.Count == 0 ? null : new DateTimeOffset(_tracks.Min(track => track.SeenTicks), TimeSpan.Zero) + options.MaxLost;

    /// <summary>Detections left out because a frame had more than allowed, so far in this run.</summary>
    public long DetectionsLeftOut { get; private set; }

    /// <summary>Takes the next frame.</summary>
    /// <param name="at">Capture time; never before that of the frame before it (if it is, it counts as the same time).</param>
    /// <param name="detections">What was found; empty when the detector rested.</param>
    /// <returns>The detections that belong to tracks now, by key; valid until the next call. See <see cref="Ended"/> for tracks given up.</returns>
    public IReadOnlyList<TrackedBox> Update(DateTimeOffset at, IReadOnlyList<Detection> detections) => Update(at, detections, null);

    /// <summary>Takes the next frame.</summary>
    /// <param name="at">Capture time, as above.</param>
    /// <param name="detections">What was found.</param>
    /// <param name="colours">Of each detection its <see cref="BodyColours"/>, or null where they were not taken; null where nobody looked.</param>
    internal IReadOnlyList<TrackedBox> Update(DateTimeOffset at, IReadOnlyList<Detection> detections, float[]?[]? colours)
    {
        _colours = colours;
        _matched.Clear();
        GiveUpUnseen(at);
        bool first = _ticks == 0;
        double seconds = first ? 0 : Math.Max(0, at.UtcTicks - _ticks) / (double)TimeSpan.TicksPerSecond;
        _ticks = Math.Max(_ticks, at.UtcTicks);
        foreach (Track track in _tracks)
        {
            track.Predict(seconds);
        }

        Associate(detections, first);
        DropUnmatched();
        DropDuplicates();
        _matched.Sort((left, right) => left.Key.CompareTo(right.Key));
        return _matched;
    }

    /// <summary>Where people are by their motion who were not found in the latest frame but shortly before it.</summary>
    /// <param name="longest">Longest time since they were found; twice that for somebody who is behind another person, which is why.</param>
    /// <returns>By key; the detection is -1 and the score 0.</returns>
    public IEnumerable<TrackedBox> Hidden(TimeSpan longest) => _tracks
        .Where(track => track.State == TrackState.Lost && track.Hits >= FewestHitsToForesee
            && (_ticks - track.SeenTicks <= longest.Ticks || (_ticks - track.SeenTicks <= 2 * longest.Ticks && IsBehind(track.Filter.Box))))
        .OrderBy(track => track.Key)
        .Select(track => new TrackedBox(track.Key, track.Number, track.State, -1, track.Filter.Box.ToBox(), 0));

    /// <summary>Gives up every track that has been unseen for longer than allowed at a time at which this camera has no frame.</summary>
    /// <param name="at">Capture time.</param>
    public void GiveUpUnseen(DateTimeOffset at)
    {
        _ended.Clear();
        End(track => at.UtcTicks - track.SeenTicks > options.MaxLost.Ticks);
    }

    /// <summary>Gives up all tracks: the camera has no more frames.</summary>
    public void GiveUpAll()
    {
        _ended.Clear();
        End(_ => true);
    }

    internal void Save(BinaryWriter writer)
    {
        writer.Write(_lastKey);
        writer.Write(_lastNumber);
        writer.Write(_ticks);
        _motion.Save(writer);
        writer.Write(_tracks.Count);
        foreach (Track track in _tracks)
        {
            TrackFormat.Write(writer, track);
        }
    }

    internal void Restore(BinaryReader reader)
    {
        _lastKey = reader.ReadInt32();
        _lastNumber = reader.ReadInt32();
        _ticks = reader.ReadInt64();
        _motion.Restore(reader);
        int count = reader.ReadInt32();
        _tracks = [];
        for (int index = 0; index < count; index++)
        {
            _tracks.Add(TrackFormat.Read(reader));
        }
    }

    private bool IsBehind(TrackBox box) => _tracks.Exists(other =>
        other.State == TrackState.Confirmed && other.SeenBox.Bottom >= box.Bottom - (Lower * box.Height) && other.SeenBox.ShareOf(box) > HiddenBehind);

    private void Associate(IReadOnlyList<Detection> detections, bool first)
    {
        List<int> high = [];
        List<int> low = [];
        foreach (int index in Considered(detections))
        {
            (Box box, float score) = detections[index];
            if (!float.IsFinite(box.X + box.Y + box.Width + box.Height) || box.Width <= 0 || box.Height <= 0)
            {
                continue; // nothing can be said of a box that is nowhere
            }

            (score >= options.HighThreshold ? high : score >= options.LowThreshold ? low : null)?.Add(index);
        }

        if (options.CameraMotion)
        {
            (double x, double y) = _motion.Estimate(_tracks, [.. high.Select(index => TrackBox.From(detections[index].Box))]);
            _tracks.ForEach(track => track.Move(x, y));
        }

        List<Track> believed = [.. _tracks.Where(track => track.State != TrackState.Tentative)];
        List<Track> tentative = [.. _tracks.Where(track => track.State == TrackState.Tentative)];
        Assign(believed, high, detections, track => track.Filter.Box, options.MatchThreshold, options.HeightPower, fuse: true, looks: _colours is not null);
        List<Track> fresh = [.. believed.Where(track => track.State == TrackState.Confirmed)];
        Assign(fresh, low, detections, track => track.Filter.Box, options.LowMatchThreshold, options.HeightPower, fuse: false);
        believed.RemoveAll(track => track.Missed == 0);
        if (options.Recovery)
        {
            Assign(believed, high, detections, track => track.SeenBox, 1 - options.RecoveryIou, 0, fuse: false);
        }

        Assign(tentative, high, detections, track => track.Filter.Box, options.TentativeMatchThreshold, 0, fuse: true);
        foreach (int index in high)
        {
            if (detections[index].Score >= options.NewTrackThreshold)
            {
                Begin(index, detections, first);
            }
        }
    }

    private IEnumerable<int> Considered(IReadOnlyList<Detection> detections)
    {
        IEnumerable<int> all = Enumerable.Range(0, detections.Count);
        if (detections.Count <= options.MaxDetections)
        {
            return all;
        }

        DetectionsLeftOut += detections.Count - options.MaxDetections;
        return all.OrderByDescending(index => detections[index].Score).ThenBy(index => index).Take(options.MaxDetections).Order();
    }

    // Takes what it matches out of both lists.
    private void Assign(
        List<Track> tracks, List<int> candidates, IReadOnlyList<Detection> detections, Func<Track, TrackBox> box, double limit, double heightPower, bool fuse,
        bool looks = false)
    {
        if (tracks.Count == 0 || candidates.Count == 0)
        {
            return;
        }

        _pairs.Clear();
        TrackBox[] rows = [.. tracks.Select(box)];
        TrackBox[] columns = [.. candidates.Select(index => TrackBox.From(detections[index].Box))];
        float buffer = looks ? options.ColourBuffer : 0;
        Overlaps.Find(Grown(rows, buffer), Grown(columns, buffer), (row, column, iou) =>
        {
            double likeness = fuse ? iou * detections[candidates[column]].Score : iou;
            if (heightPower > 0)
            {
                likeness *= Math.Pow(rows[row].HeightOverlap(columns[column]), heightPower);
            }

            if (looks && tracks[row].Colours is { } known && _colours![candidates[column]] is { } seen)
            {
                likeness += options.ColourWeight * BodyColours.Evidence(known, seen);
            }

            if (likeness > 1 - limit)
            {
                _pairs.Add(new Pairing(row, column, limit - 1 + likeness)); // the limit minus the cost 1 - likeness
            }
        });

        ReadOnlySpan<int> solution = _solver.Solve(CollectionsMarshal.AsSpan(_pairs), tracks.Count, candidates.Count);
        for (int row = 0; row < solution.Length; row++)
        {
            if (solution[row] >= 0)
            {
                int index = candidates[solution[row]];
                candidates[solution[row]] = -1;
                Take(tracks[row], index, detections);
            }
        }

        tracks.RemoveAll(track => track.Missed == 0);
        candidates.RemoveAll(index => index < 0);
    }

    private static TrackBox[] Grown(TrackBox[] boxes, float buffer) => buffer > 0 ? [.. boxes.Select(box => box.Grow(buffer))] : boxes;

    private void Take(Track track, int index, IReadOnlyList<Detection> detections)
    {
        Detection detection = detections[index];
        Look(track, index, detections);
        track.Match(TrackBox.From(detection.Box), detection.Score, _ticks, options);
        if (track.State != TrackState.Tentative || track.Hits >= options.MinHits)
        {
            Confirm(track);
        }

        _matched.Add(new TrackedBox(track.Key, track.Number, track.State, index, detection.Box, detection.Score));
    }

    private void Look(Track track, int index, IReadOnlyList<Detection> detections)
    {
        if (_colours?[index] is { } seen)
        {
            track.Look(seen, IsFree(index, detections));
        }
    }

    private bool IsFree(int index, IReadOnlyList<Detection> detections)
    {
        TrackBox box = TrackBox.From(detections[index].Box);
        for (int other = 0; other < detections.Count; other++)
        {
            if (other != index && detections[other].Score >= options.HighThreshold && TrackBox.From(detections[other].Box).ShareOf(box) > Free)
            {
                return false;
            }
        }

        return true;
    }

    private void Confirm(Track track)
    {
        track.State = TrackState.Confirmed;
        if (track.Number == 0)
        {
            track.Number = ++_lastNumber;
        }
    }

    private void Begin(int index, IReadOnlyList<Detection> detections, bool first)
    {
        Detection detection = detections[index];
        TrackBox box = TrackBox.From(detection.Box);
        KalmanFilter filter = KalmanFilter.Start(box);
        Track track = new()
        {
            Key = ++_lastKey, StartTicks = _ticks, SeenTicks = _ticks, SeenBox = box, Hits = 1, Filter = filter, SeenFilter = filter,
        };
        if (first || options.MinHits <= 1)
        {
            Confirm(track); // who stands there when the recording begins did not just come in
        }

        Look(track, index, detections);
        _tracks.Add(track);
        _matched.Add(new TrackedBox(track.Key, track.Number, track.State, index, detection.Box, detection.Score));
    }

    private void DropUnmatched()
    {
        foreach (Track track in _tracks)
        {
            if (track.Missed > 0 && track.State == TrackState.Confirmed)
            {
                track.State = TrackState.Lost;
            }
        }

        End(track => track.State == TrackState.Tentative && track.Missed > 0);
    }

    private void DropDuplicates()
    {
        List<Track> seen = [.. _tracks.Where(track => track.State == TrackState.Confirmed)];
        List<Track> lost = [.. _tracks.Where(track => track.State == TrackState.Lost)];
        if (seen.Count == 0 || lost.Count == 0)
        {
            return;
        }

        HashSet<Track> duplicates = [];
        Overlaps.Find([.. seen.Select(track => track.Filter.Box)], [.. lost.Select(track => track.Filter.Box)], (row, column, iou) =>
        {
            if (iou > options.DuplicateIou)
            {
                (Track here, Track there) = (seen[row], lost[column]);
                duplicates.Add(here.SeenTicks - here.StartTicks > there.SeenTicks - there.StartTicks ? there : here);
            }
        });
        if (duplicates.Count > 0)
        {
            _matched.RemoveAll(match => duplicates.Any(track => track.Key == match.Key));
            End(duplicates.Contains);
        }
    }

    private void End(Predicate<Track> gone)
    {
        foreach (Track track in _tracks)
        {
            if (gone(track))
            {
                track.State = TrackState.Deleted;
                _ended.Add(new EndedTrack(track.Key, track.Number));
            }
        }

        _tracks.RemoveAll(track => track.State == TrackState.Deleted);
        _ended.Sort((left, right) => left.Key.CompareTo(right.Key));
    }
}

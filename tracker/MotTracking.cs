using Pipeline.Detector;
using Pipeline.Tracker.Evaluation;

namespace Pipeline.Tracker;

/// <summary>Runs the one-camera tracker over MOTChallenge detections.</summary>
public static class MotTracking
{
    /// <summary>Tracks a whole sequence as a live camera would be followed.</summary>
    /// <param name="detections">Detections, any order; frames without rows are frames in which nobody was found.</param>
    /// <param name="framesPerSecond">Rate of the frames; finite and above 0.</param>
    /// <param name="options">Settings of the tracker.</param>
    /// <param name="foresee">For so long, somebody who is not found is put where his motion takes him; zero for boxes of detections only.</param>
    /// <param name="interpolate">Longest gap inside a track that is filled by straight lines afterwards; zero for none.</param>
    /// <returns>Boxes of confirmed tracks by frame, then track number; a track's boxes from before it was confirmed are among them.</returns>
    public static IReadOnlyList<MotRow> Track(
        IEnumerable<MotRow> detections, double framesPerSecond, TrackerOptions options, TimeSpan foresee = default, TimeSpan interpolate = default)
    {
        if (!double.IsFinite(framesPerSecond) || framesPerSecond <= 0)
        {
            throw new ArgumentException($"frames per second must be above 0, got {framesPerSecond}", nameof(framesPerSecond));
        }

        ILookup<int, Detection> byFrame = detections.ToLookup(row => row.Frame, ToDetection);
        int last = byFrame.Count == 0 ? 0 : byFrame.Max(frame => frame.Key);
        CameraTracker tracker = new(options);
        Dictionary<int, int> numbers = [];
        List<(int Key, MotRow Row)> boxes = [];
        for (int frame = 1; frame <= last; frame++)
        {
            DateTimeOffset at = DateTimeOffset.UnixEpoch + TimeSpan.FromTicks((long)Math.Round(frame * TimeSpan.TicksPerSecond / framesPerSecond));
            foreach (TrackedBox box in tracker.Update(at, [.. byFrame[frame]]).Concat(tracker.Hidden(foresee)))
            {
                numbers[box.Key] = box.Number;
                boxes.Add((box.Key, new MotRow(frame, 0, box.Box.X, box.Box.Y, box.Box.Width, box.Box.Height, box.Score, -1)));
            }
        }

        int longest = (int)(interpolate.TotalSeconds * framesPerSecond);
        return
        [
            .. boxes.Where(box => numbers[box.Key] > 0).Select(box => box.Row with { Id = numbers[box.Key] })
                .GroupBy(row => row.Id).SelectMany(track => GapFiller.Fill(track.OrderBy(row => row.Frame), longest))
                .OrderBy(row => row.Frame).ThenBy(row => row.Id),
        ];
    }

    /// <summary>Tracks a recorded sequence with the knowledge of its end: on line first, then refined.</summary>
    /// <param name="detections">Detections, any order.</param>
    /// <param name="framesPerSecond">Rate of the frames; finite and above 0.</param>
    /// <param name="options">Settings of the tracker.</param>
    /// <returns>Boxes by frame, then track number.</returns>
    public static IReadOnlyList<MotRow> TrackOffline(IEnumerable<MotRow> detections, double framesPerSecond, TrackerOptions options) =>
        new OfflineTracks(options, framesPerSecond).Refine(Track(detections, framesPerSecond, options));

    private static Detection ToDetection(MotRow row) =>
        new(new Box((float)row.X, (float)row.Y, (float)row.Width, (float)row.Height), (float)row.Confidence);
}

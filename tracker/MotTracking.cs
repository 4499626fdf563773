using Pipeline.Detector;
using Pipeline.Tracker.Evaluation;

namespace Pipeline.Tracker;

/// <summary>Runs the one-camera tracker over MOTChallenge detections.</summary>
public static class MotTracking
{
    /// <summary>Tracks a whole sequence.</summary>
    /// <param name="detections">Detections, any order; frames without rows are frames in which nobody was found.</param>
    /// <param name="framesPerSecond">Rate of the frames; finite and above 0.</param>
    /// <param name="options">Settings of the tracker.</param>
    /// <param name="interpolate">Longest gap inside a track that is filled by straight lines; zero for none (on line).</param>
    /// <returns>Boxes of confirmed tracks by frame, then track number; a track's boxes from before it was confirmed are among them.</returns>
    public static IReadOnlyList<MotRow> Track(
        IEnumerable<MotRow> detections, double framesPerSecond, TrackerOptions options, TimeSpan interpolate = default)
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
            foreach (TrackedBox box in tracker.Update(at, [.. byFrame[frame]]))
            {
                numbers[box.Key] = box.Number;
                boxes.Add((box.Key, new MotRow(frame, 0, box.Box.X, box.Box.Y, box.Box.Width, box.Box.Height, box.Score, -1)));
            }
        }

        IEnumerable<MotRow> rows = boxes.Where(box => numbers[box.Key] > 0).Select(box => box.Row with { Id = numbers[box.Key] });
        return [.. Fill(rows, (int)(interpolate.TotalSeconds * framesPerSecond)).OrderBy(row => row.Frame).ThenBy(row => row.Id)];
    }

    private static Detection ToDetection(MotRow row) =>
        new(new Box((float)row.X, (float)row.Y, (float)row.Width, (float)row.Height), (float)row.Confidence);

    private static IEnumerable<MotRow> Fill(IEnumerable<MotRow> rows, int longest)
    {
        foreach (IGrouping<int, MotRow> track in rows.GroupBy(row => row.Id))
        {
            MotRow? before = null;
            foreach (MotRow row in track.OrderBy(row => row.Frame))
            {
                int gap = before is { } last ? row.Frame - last.Frame : 1;
                for (int step = 1; step < gap && gap <= longest; step++)
                {
                    yield return Between(before!.Value, row, (double)step / gap, step);
                }

                yield return row;
                before = row;
            }
        }
    }

    private static MotRow Between(in MotRow start, in MotRow end, double share, int step) => start with
    {
        Frame = start.Frame + step,
        X = start.X + ((end.X - start.X) * share),
        Y = start.Y + ((end.Y - start.Y) * share),
        Width = start.Width + ((end.Width - start.Width) * share),
        Height = start.Height + ((end.Height - start.Height) * share),
    };
}

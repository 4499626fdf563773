using Pipeline.Tracker.Evaluation;

namespace Pipeline.Tracker;

/// <summary>Thresholds of the association that follow from the scores themselves: what a detector gives people seen clearly differs by a third.</summary>
public static class ScoreLevels
{
    private const double Sure = 0.65; // of the typical best score: 0.60 where clear people get 0.93 (YOLOX), 0.65 where they get 1.00 (FRCNN)
    private const double Begin = 0.1; // above that for a new track, as ByteTrack has it

    /// <summary>The options with <see cref="TrackerOptions.HighThreshold"/> and <see cref="TrackerOptions.NewTrackThreshold"/> as the detections ask for.</summary>
    /// <param name="options">The rest of the settings.</param>
    /// <param name="detections">All detections of a recording. The typical best score is the median over its frames of each frame's best.</param>
    /// <returns>The options as they are where nothing was found, or where scores are no shares of 1 and so have no level known.</returns>
    public static TrackerOptions Fit(TrackerOptions options, IEnumerable<MotRow> detections)
    {
        ArgumentNullException.ThrowIfNull(options);
        double[] best = [.. detections.GroupBy(row => row.Frame).Select(frame => frame.Max(row => row.Confidence)).Order()];
        if (best.Length == 0 || best[0] < 0 || best[^1] > 1)
        {
            return options;
        }

        double high = Math.Max(options.LowThreshold, Sure * best[best.Length / 2]);
        return options with { HighThreshold = (float)high, NewTrackThreshold = (float)Math.Min(1, high + Begin) };
    }
}

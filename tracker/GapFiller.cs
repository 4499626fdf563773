using Pipeline.Tracker.Evaluation;

namespace Pipeline.Tracker;

/// <summary>Fills gaps inside a track with boxes on a straight line.</summary>
public static class GapFiller
{
    /// <summary>Fills every gap of a track.</summary>
    /// <param name="track">Boxes of one track by frame.</param>
    /// <param name="longest">Frames that a gap may have at most; longer ones stay.</param>
    /// <returns>The track, with a box in every frame of the filled gaps.</returns>
    public static IEnumerable<MotRow> Fill(IEnumerable<MotRow> track, int longest)
    {
        ArgumentNullException.ThrowIfNull(track);
        MotRow? before = null;
        foreach (MotRow row in track)
        {
            int gap = before is { } last ? row.Frame - last.Frame : 1;
            for (int step = 1; step < gap && gap <= longest; step++)
            {
                yield return Between(before!.Value, row, before.Value.Frame + step);
            }

            yield return row;
            before = row;
        }
    }

    /// <summary>Where somebody was in a frame between two in which he was found.</summary>
    /// <param name="before">His box in the earlier one.</param>
    /// <param name="after">His box in the later one.</param>
    /// <param name="frame">Number of the frame, from that of <paramref name="before"/> to that of <paramref name="after"/>, which differ.</param>
    /// <returns>The box, with the number and score of <paramref name="before"/>.</returns>
    public static MotRow Between(in MotRow before, in MotRow after, int frame)
    {
        double share = (double)(frame - before.Frame) / (after.Frame - before.Frame);
        return before with
        {
            Frame = frame,
            X = before.X + ((after.X - before.X) * share),
            Y = before.Y + ((after.Y - before.Y) * share),
            Width = before.Width + ((after.Width - before.Width) * share),
            Height = before.Height + ((after.Height - before.Height) * share),
        };
    }
}

using Pipeline.Tracker.Evaluation;

namespace Pipeline.Tracker;

/// <summary>Fills gaps inside a track with boxes on a straight line.</summary>
internal static class GapFiller
{
    /// <summary>Fills.</summary>
    /// <param name="track">Boxes of one track by frame.</param>
    /// <param name="longest">Frames that a gap may have at most; longer ones stay.</param>
    internal static IEnumerable<MotRow> Fill(IEnumerable<MotRow> track, int longest)
    {
        MotRow? before = null;
        foreach (MotRow row in track)
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

    private static MotRow Between(in MotRow start, in MotRow end, double share, int step) => start with
    {
        Frame = start.Frame + step,
        X = start.X + ((end.X - start.X) * share),
        Y = start.Y + ((end.Y - start.Y) * share),
        Width = start.Width + ((end.Width - start.Width) * share),
        Height = start.Height + ((end.Height - start.Height) * share),
    };
}

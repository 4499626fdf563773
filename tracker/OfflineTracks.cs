using Pipeline.Reid;
using Pipeline.Tracker.Evaluation;

namespace Pipeline.Tracker;

/// <summary>What can be done for the tracks of one camera when all of them are known: doubtful ones go, pieces of one walk are joined, gaps filled, boxes smoothed.</summary>
/// <param name="tracker">Settings of the tracker that made them.</param>
/// <param name="framesPerSecond">Rate of the frames.</param>
public sealed class OfflineTracks(TrackerOptions tracker, double framesPerSecond)
{
    private const double Memory = 1.5; // seconds after which a velocity says little of where somebody is
    private const double Window = 0.7; // seconds at a track's end from which its velocity is taken
    private const double MostHeightRatio = 1.35;
    private readonly OfflineOptions _options = tracker.Offline;

    /// <summary>Refines tracks.</summary>
    /// <param name="rows">Boxes of all tracks, any order.</param>
    /// <returns>By frame, then track number.</returns>
    public IReadOnlyList<MotRow> Refine(IEnumerable<MotRow> rows)
    {
        List<MotRow[]> tracks =
        [
            .. rows.GroupBy(row => row.Id).OrderBy(track => track.Key).Select(track => track.OrderBy(row => row.Frame).ToArray())
                .Where(track => track.Length >= _options.MinBoxes && track.Average(row => row.Confidence) >= tracker.HighThreshold),
        ];
        return
        [
            .. Link(tracks).SelectMany(track => Smooth(GapFiller.Fill(track, (int)(_options.MaxFilledGap.TotalSeconds * framesPerSecond))))
                .OrderBy(row => row.Frame).ThenBy(row => row.Id),
        ];
    }

    private IEnumerable<MotRow[]> Link(List<MotRow[]> tracks)
    {
        int longest = (int)(_options.MaxLinkGap.TotalSeconds * framesPerSecond);
        Motion[] ends = [.. tracks.Select(track => Motion.Of(track.Reverse(), framesPerSecond, Window))];
        Motion[] starts = [.. tracks.Select(track => Motion.Of(track, framesPerSecond, Window))];
        List<Pairing> pairs = [];
        for (int before = 0; before < tracks.Count; before++)
        {
            for (int after = 0; after < tracks.Count; after++)
            {
                int gap = tracks[after][0].Frame - tracks[before][^1].Frame;
                if (gap > 0 && gap <= longest && Cost(ends[before], starts[after], gap / framesPerSecond) is < 1 and double cost)
                {
                    pairs.Add(new Pairing(before, after, 1 - cost));
                }
            }
        }

        int[] next = new AssignmentSolver().Solve(pairs.ToArray(), tracks.Count, tracks.Count).ToArray();
        HashSet<int> continued = [.. next.Where(after => after >= 0)];
        for (int first = 0; first < tracks.Count; first++)
        {
            if (!continued.Contains(first))
            {
                yield return Chain(tracks, next, first);
            }
        }
    }

    private static MotRow[] Chain(List<MotRow[]> tracks, int[] next, int first)
    {
        List<MotRow> chain = [];
        for (int at = first; at >= 0; at = next.Length > 0 ? next[at] : -1)
        {
            chain.AddRange(tracks[at].Select(row => row with { Id = tracks[first][0].Id }));
        }

        return [.. chain];
    }

    // How far the two pieces are from being one walk: 1 is the most that is allowed.
    private double Cost(in Motion end, in Motion start, double seconds)
    {
        double height = (end.Height + start.Height) / 2;
        if (Math.Max(end.Height, start.Height) > MostHeightRatio * Math.Min(end.Height, start.Height))
        {
            return 1;
        }

        double reach = height * (_options.LinkReach + (_options.LinkReachPerSecond * seconds));
        double going = Memory * (1 - Math.Exp(-seconds / Memory));
        double forward = Math.Sqrt(Square(end.X + (end.RateX * going) - start.X) + Square(end.Y + (end.RateY * going) - start.Y));
        double backward = Math.Sqrt(Square(start.X - (start.RateX * going) - end.X) + Square(start.Y - (start.RateY * going) - end.Y));
        return (forward + backward) / 2 / reach;
    }

    private IEnumerable<MotRow> Smooth(IEnumerable<MotRow> track)
    {
        MotRow[] rows = [.. track];
        double width = _options.Smoothing.TotalSeconds * framesPerSecond;
        return width <= 0 ? rows : rows.Select((_, at) => Smoothed(rows, at, width));
    }

    // A straight line fitted with Gaussian weights: unlike a plain mean it does not pull the ends of a walk inwards.
    private static MotRow Smoothed(MotRow[] rows, int at, double width)
    {
        LineFit x = default, y = default, w = default, h = default;
        int reach = (int)Math.Ceiling(3 * width);
        foreach (int step in (ReadOnlySpan<int>)[-1, 1])
        {
            for (int other = step < 0 ? at : at + 1; other >= 0 && other < rows.Length && Math.Abs(rows[other].Frame - rows[at].Frame) <= reach; other += step)
            {
                double time = rows[other].Frame - rows[at].Frame;
                double weight = Math.Exp(-Square(time / width) / 2);
                x.Add(time, rows[other].X + (rows[other].Width / 2), weight);
                y.Add(time, rows[other].Y + (rows[other].Height / 2), weight);
                w.Add(time, rows[other].Width, weight);
                h.Add(time, rows[other].Height, weight);
            }
        }

        (double width1, double height1) = (Math.Max(1e-3, w.Value), Math.Max(1e-3, h.Value));
        return rows[at] with { X = x.Value - (width1 / 2), Y = y.Value - (height1 / 2), Width = width1, Height = height1 };
    }

    private static double Square(double value) => value * value;

    /// <summary>Place and velocity at one end of a track; the velocity is that of the walk, whichever end it is.</summary>
    private readonly record struct Motion(double X, double Y, double RateX, double RateY, double Height)
    {
        internal static Motion Of(IEnumerable<MotRow> fromEnd, double framesPerSecond, double window)
        {
            LineFit x = default, y = default;
            double height = 0;
            int count = 0;
            int? first = null;
            foreach (MotRow row in fromEnd)
            {
                first ??= row.Frame;
                double time = (row.Frame - first.Value) / framesPerSecond;
                if (Math.Abs(time) > window)
                {
                    break;
                }

                x.Add(time, row.X + (row.Width / 2), 1);
                y.Add(time, row.Y + (row.Height / 2), 1);
                height += row.Height;
                count++;
            }

            return new Motion(x.Value, y.Value, x.Rate, y.Rate, height / Math.Max(1, count));
        }
    }
}

using Pipeline.Reid;

namespace Pipeline.Tracker.Evaluation;

/// <summary>Who a track really is.</summary>
/// <param name="Id">The track's number.</param>
/// <param name="Boxes">Its boxes.</param>
/// <param name="Truth">The ground-truth identity that most of them lie on; 0 when that is fewer than half of them.</param>
/// <param name="OnTruth">Boxes that lie on that identity.</param>
/// <param name="OnOthers">Boxes that lie on other identities: above 0, the track went from one person to another.</param>
public sealed record TrackTruth(int Id, int Boxes, int Truth, int OnTruth, int OnOthers)
{
    private const double SamePerson = 0.5; // IoU, as in the tracking scores

    /// <summary>Finds for every track the ground-truth identity that it follows, frame by frame an optimal assignment of boxes.</summary>
    /// <param name="truth">Ground truth, any order; rows whose flag is 0 are nobody.</param>
    /// <param name="found">Tracker output, any order.</param>
    /// <returns>By track number.</returns>
    public static IReadOnlyList<TrackTruth> Of(IEnumerable<MotRow> truth, IReadOnlyCollection<MotRow> found)
    {
        ILookup<int, MotRow> byFrame = truth.Where(row => row.Confidence != 0).ToLookup(row => row.Frame);
        AssignmentSolver solver = new();
        Dictionary<(int Found, int Truth), int> together = [];
        foreach (IGrouping<int, MotRow> frame in found.GroupBy(row => row.Frame))
        {
            (MotRow[] rows, MotRow[] columns) = ([.. frame], [.. byFrame[frame.Key]]);
            ReadOnlySpan<int> matches = solver.Solve(Overlapping(rows, columns), rows.Length, columns.Length);
            for (int row = 0; row < rows.Length; row++)
            {
                if (matches[row] >= 0)
                {
                    (int, int) pair = (rows[row].Id, columns[matches[row]].Id);
                    together[pair] = together.GetValueOrDefault(pair) + 1;
                }
            }
        }

        return [.. found.GroupBy(row => row.Id).OrderBy(track => track.Key).Select(track => Judge(track.Key, track.Count(), together))];
    }

    private static Pairing[] Overlapping(MotRow[] rows, MotRow[] columns) =>
    [
        .. from row in Enumerable.Range(0, rows.Length)
           from column in Enumerable.Range(0, columns.Length)
           let similarity = rows[row].IoU(columns[column])
           where similarity >= SamePerson
           select new Pairing(row, column, similarity),
    ];

    private static TrackTruth Judge(int id, int boxes, Dictionary<(int Found, int Truth), int> together)
    {
        (int Truth, int Count)[] on = [.. together.Where(pair => pair.Key.Found == id).Select(pair => (pair.Key.Truth, pair.Value)).OrderByDescending(p => p.Value).ThenBy(p => p.Truth)];
        bool somebody = on.Length > 0 && 2 * on[0].Count >= boxes;
        return new TrackTruth(id, boxes, somebody ? on[0].Truth : 0, on.FirstOrDefault().Count, on.Skip(1).Sum(p => p.Count));
    }
}

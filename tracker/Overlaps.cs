namespace Pipeline.Tracker;

/// <summary>Finds the pairs of boxes that overlap without looking at all pairs, so that ten thousand boxes in a frame are no trouble.</summary>
internal static class Overlaps
{
    private const int MostPerRow = 64;

    /// <summary>Reports pairs with IoU above 0, by row; of a row that overlaps more than 64 columns, only the 64 best.</summary>
    /// <remarks>A sweep over left edges. The bound keeps the worst case (everything on one spot) linear; no picture of people comes near it.</remarks>
    internal static void Find(TrackBox[] rows, TrackBox[] columns, Action<int, int, double> found)
    {
        int[] order = [.. Enumerable.Range(0, columns.Length).OrderBy(column => columns[column].X).ThenBy(column => column)];
        double[] lefts = [.. order.Select(column => columns[column].X)];
        double widest = columns.Length == 0 ? 0 : columns.Max(column => column.Width);
        List<(double IoU, int Column)> near = [];
        for (int row = 0; row < rows.Length; row++)
        {
            near.Clear();
            int at = Array.BinarySearch(lefts, rows[row].X - widest);
            for (at = at < 0 ? ~at : FirstOf(lefts, at); at < order.Length && lefts[at] < rows[row].Right; at++)
            {
                double iou = rows[row].IoU(columns[order[at]]);
                if (iou > 0)
                {
                    near.Add((iou, order[at]));
                }
            }

            if (near.Count > MostPerRow)
            {
                near.Sort((left, right) => (-left.IoU, left.Column).CompareTo((-right.IoU, right.Column)));
                near.RemoveRange(MostPerRow, near.Count - MostPerRow);
            }

            near.Sort((left, right) => left.Column.CompareTo(right.Column));
            foreach ((double iou, int column) in near)
            {
                found(row, column, iou);
            }
        }
    }

    private static int FirstOf(double[] lefts, int at)
    {
        while (at > 0 && lefts[at - 1] == lefts[at])
        {
            at--;
        }

        return at;
    }
}

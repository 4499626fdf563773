using Pipeline.Tracker;

namespace Pipeline.Store;

/// <summary>Where a tracklet came in and went out, as the database gives it back.</summary>
internal abstract class FootPointRow
{
    /// <summary>The columns, of tracklets as t.</summary>
    internal const string Columns = "t.entry_x AS EntryX, t.entry_y AS EntryY, t.exit_x AS ExitX, t.exit_y AS ExitY";

    public double? EntryX { get; init; }

    public double? EntryY { get; init; }

    public double? ExitX { get; init; }

    public double? ExitY { get; init; }

    internal FootPoint? Entry => Point(EntryX, EntryY);

    internal FootPoint? Exit => Point(ExitX, ExitY);

    private static FootPoint? Point(double? x, double? y) => x is null || y is null ? null : new FootPoint((float)x, (float)y);
}

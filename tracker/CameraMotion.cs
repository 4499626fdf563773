namespace Pipeline.Tracker;

/// <summary>
/// How far the picture itself moved since the frame before, judged by the boxes alone: where most people are found beside their predictions
/// by about the same way, it was the camera that moved.
/// </summary>
/// <remarks>
/// The median of the ways from predictions to detections, drawn towards zero as far as it can be chance: the variance that chance explains is
/// taken from the spread of the ways, the variance of real motion is what the medians so far have beyond that (empirical Bayes). The two axes
/// are judged apart, but only once both together moved clearly more than chance explains: under a camera that stands still the answer is
/// exactly zero, and the tracker works as if this were not here.
/// </remarks>
internal sealed class CameraMotion
{
    private const int FewestPeople = 3;
    private const int FewestHits = 5; // before that, a filter knows no velocity, and everybody's walk would be the camera's
    private const double Forgetting = 0.98; // of the evidence, per frame with evidence: some 50 frames
    private const double Moving = 1.3; // times the squares that chance explains, from which it is the camera
    private const double Margin = 0.3; // boxes are grown by this share before they are compared, so that a jolt does not part them
    private const double LeastLikeness = 0.3;
    private const double BoxNoise = 0.005; // of a box's height: how exact a median of boxes can be at best
    private const double NormalPerDeviation = 1.48; // standard deviation by median absolute deviation, for normal noise
    private const double MedianPerMean = 1.25; // standard error of a median by that of a mean, for normal noise

    private Evidence _x;
    private Evidence _y;

    /// <summary>The way in pixels that all tracks have to be moved by.</summary>
    /// <param name="tracks">Tracks, predicted to the frame.</param>
    /// <param name="detections">Boxes found in it.</param>
    internal (double X, double Y) Estimate(List<Track> tracks, TrackBox[] detections)
    {
        Track[] known = [.. tracks.Where(track => track.State == TrackState.Confirmed && track.Hits >= FewestHits)];
        if (known.Length < FewestPeople || detections.Length < FewestPeople)
        {
            return default;
        }

        List<double> ways = [];
        List<double> rises = [];
        foreach ((int row, int column) in MutualBest(known, detections))
        {
            ways.Add(detections[column].CentreX - known[row].Filter.X.Value);
            rises.Add(detections[column].CentreY - known[row].Filter.Y.Value);
        }

        if (ways.Count < FewestPeople)
        {
            return default;
        }

        double floor = BoxNoise * known.Average(track => track.Filter.Height.Value);
        (double x, double y) = (Believe(ref _x, ways, floor), Believe(ref _y, rises, floor));
        return _x.Moved + _y.Moved < Moving * (_x.Chance + _y.Chance) ? default : (x, y);
    }

    internal void Save(BinaryWriter writer)
    {
        foreach (Evidence axis in (ReadOnlySpan<Evidence>)[_x, _y])
        {
            writer.Write(axis.Moved);
            writer.Write(axis.Chance);
            writer.Write(axis.Weight);
        }
    }

    internal void Restore(BinaryReader reader)
    {
        _x = new Evidence(reader.ReadDouble(), reader.ReadDouble(), reader.ReadDouble());
        _y = new Evidence(reader.ReadDouble(), reader.ReadDouble(), reader.ReadDouble());
    }

    private static List<(int Row, int Column)> MutualBest(Track[] tracks, TrackBox[] detections)
    {
        (double Likeness, int At)[] rows = new (double, int)[tracks.Length];
        (double Likeness, int At)[] columns = new (double, int)[detections.Length];
        TrackBox[] predictions = [.. tracks.Select(track => track.Filter.Box)];
        Overlaps.Find([.. predictions.Select(box => box.Grow(Margin))], [.. detections.Select(box => box.Grow(Margin))], (row, column, iou) =>
        {
            (double one, double other) = (predictions[row].Height, detections[column].Height);
            double likeness = iou * Math.Min(one, other) / Math.Max(one, other);
            rows[row] = likeness > rows[row].Likeness ? (likeness, column) : rows[row];
            columns[column] = likeness > columns[column].Likeness ? (likeness, row) : columns[column];
        });
        List<(int, int)> pairs = [];
        for (int row = 0; row < rows.Length; row++)
        {
            if (rows[row].Likeness > LeastLikeness && columns[rows[row].At].At == row)
            {
                pairs.Add((row, rows[row].At));
            }
        }

        return pairs;
    }

    private static double Believe(ref Evidence axis, List<double> ways, double floor)
    {
        double median = Median(ways);
        double spread = NormalPerDeviation * Median([.. ways.Select(way => Math.Abs(way - median))]);
        double chance = (Square(MedianPerMean * spread) / ways.Count) + Square(floor);
        axis = new Evidence((Forgetting * axis.Moved) + Square(median), (Forgetting * axis.Chance) + chance, (Forgetting * axis.Weight) + 1);
        double real = Math.Max(0, axis.Moved - axis.Chance) / axis.Weight;
        return median * real / (real + chance);
    }

    private static double Median(List<double> values)
    {
        values.Sort();
        return values[values.Count / 2];
    }

    private static double Square(double value) => value * value;

    /// <summary>Sums over the frames so far, the older the lighter: squares of the medians, what chance explains of them, and weights.</summary>
    private readonly record struct Evidence(double Moved, double Chance, double Weight);
}

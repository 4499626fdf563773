namespace Pipeline.Tracker;

/// <summary>
/// How alike people are who cannot be one person, seen on this site: by pair of cameras (spec/tracking.md 3.4), and how many come how near to what is
/// asked for (3.8). Strangers cost no labels: place and time tell them. Not thread-safe.
/// </summary>
public sealed class StrangerScores
{
    private const int FewestOfCameras = 20;
    private const double ShrinkCameras = 50;
    private const double StrangersAbove = 0.01; // of people who are not one, so many reach the levels of a model (default.yaml says how that was measured)
    private const int FewestStrangers = 100; // below, one in a hundred is nobody
    private const double ShrinkLevel = 100;
    private const double MostLevel = 0.1;
    private const int Bins = 400;
    private const double BinWidth = 2.0 / Bins;

    private readonly SortedDictionary<string, (double Sum, int Count)> _cameras = new(StringComparer.Ordinal);
    private readonly int[][] _above = [new int[Bins], new int[Bins]]; // between cameras, within one
    private (double Sum, int Count) _all;

    /// <summary>Takes in two who cannot be one person.</summary>
    /// <param name="camera">Camera of one.</param>
    /// <param name="other">Camera of the other.</param>
    /// <param name="cosine">How alike they are.</param>
    public void Add(string camera, string other, float cosine)
    {
        (double sum, int count) = _cameras.GetValueOrDefault(Pair(camera, other));
        _cameras[Pair(camera, other)] = (sum + cosine, count + 1);
        _all = (_all.Sum + cosine, _all.Count + 1);
    }

    /// <summary>Takes in how far two who cannot be one person lie above what is asked for before <see cref="Level"/>.</summary>
    /// <param name="oneCamera">Whether both are from one camera.</param>
    /// <param name="above">The difference; below 0 as a rule.</param>
    public void AddAbove(bool oneCamera, float above) => _above[oneCamera ? 1 : 0][Math.Clamp((int)((above + 1) / BinWidth), 0, Bins - 1)]++;

    /// <summary>How much more alike strangers are between two cameras than on the whole site, shrunk towards nothing where they are few.</summary>
    /// <param name="camera">A camera.</param>
    /// <param name="other">Another, or the same.</param>
    public double Shift(string camera, string other) =>
        _cameras.TryGetValue(Pair(camera, other), out (double Sum, int Count) strangers) ? Shift(strangers, FewestOfCameras, ShrinkCameras) : 0;

    /// <summary>How much more alike some strangers are than those of the whole site, shrunk towards nothing where they are few.</summary>
    /// <param name="strangers">Sum and number of their cosines.</param>
    /// <param name="fewest">Fewer say nothing.</param>
    /// <param name="shrink">So many count half.</param>
    internal double Shift((double Sum, int Count) strangers, int fewest, double shrink) => strangers.Count < fewest || _all.Count < FewestOfCameras
        ? 0
        : ((strangers.Sum / strangers.Count) - (_all.Sum / _all.Count)) * strangers.Count / (strangers.Count + shrink);

    /// <summary>
    /// What is to be added to what is asked for, so that one in a hundred strangers of this site reaches it, as one in a hundred of others reaches the
    /// model's own level: 0 or less. Few strangers lower it little. It is never raised: those who are dressed alike are some, and would cost all others
    /// their links.
    /// </summary>
    /// <param name="oneCamera">Of pairs within a camera, or between two.</param>
    public double Level(bool oneCamera)
    {
        int[] bins = _above[oneCamera ? 1 : 0];
        int count = bins.Sum();
        if (count < FewestStrangers)
        {
            return 0;
        }

        int beyond = (int)(count * StrangersAbove);
        int bin = Bins;
        for (int seen = 0; seen <= beyond; seen += bins[bin])
        {
            bin--;
        }

        double reached = ((bin + 1) * BinWidth) - 1;
        return Math.Clamp(reached, -MostLevel, 0) * count / (count + ShrinkLevel);
    }

    internal static StrangerScores Read(BinaryReader reader)
    {
        StrangerScores scores = new();
        for (int left = reader.ReadInt32(); left > 0; left--)
        {
            scores._cameras[reader.ReadString()] = (reader.ReadDouble(), reader.ReadInt32());
        }

        scores._all = (reader.ReadDouble(), reader.ReadInt32());
        foreach (int[] bins in scores._above)
        {
            for (int left = reader.ReadInt32(); left > 0; left--)
            {
                bins[reader.ReadInt32()] = reader.ReadInt32();
            }
        }

        return scores;
    }

    internal void Write(BinaryWriter writer)
    {
        writer.Write(_cameras.Count);
        foreach ((string pair, (double sum, int count)) in _cameras)
        {
            writer.Write(pair);
            writer.Write(sum);
            writer.Write(count);
        }

        writer.Write(_all.Sum);
        writer.Write(_all.Count);
        foreach (int[] bins in _above)
        {
            writer.Write(bins.Count(bin => bin > 0));
            foreach ((int bin, int count) in bins.Index().Where(bin => bin.Item > 0))
            {
                writer.Write(bin);
                writer.Write(count);
            }
        }
    }

    // Camera ids hold no '>'.
    private static string Pair(string camera, string other) => string.CompareOrdinal(camera, other) <= 0 ? $"{camera}>{other}" : $"{other}>{camera}";
}

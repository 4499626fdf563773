namespace Pipeline.Tracker;

/// <summary>Two cameras whose clocks seem to be apart.</summary>
/// <param name="Camera">A camera.</param>
/// <param name="Other">Another; its clock is ahead by <paramref name="Ahead"/> if ways there and back take equally long.</param>
/// <param name="Ahead">How far.</param>
public sealed record ClockOffset(string Camera, string Other, TimeSpan Ahead);

/// <summary>How long people take from one camera to another, learned from links that are sure (spec/tracking.md 3.3). Not thread-safe.</summary>
/// <remarks>
/// For each ordered pair of cameras the logarithm of the time is taken as normal, mixed with a broad share of people who do something else on the
/// way. Against it stands somebody unrelated: any time up to an hour, uniform in its logarithm. Deviation from the specification: the background
/// does not know how busy a camera is, and cameras are not divided into zones.
/// </remarks>
public sealed class TravelModel
{
    private const int Fewest = 8;
    private const double Broad = 0.1;
    private const double LeastSigma = 0.1;
    private const double PriorSigma = 0.5;
    private const double PriorCount = 4;
    private const byte Version = 1;
    private static readonly double s_range = Math.Log(3600); // from one second on

    /// <summary>More than any <see cref="Ratio"/>: that of the middle of the narrowest distribution.</summary>
    internal static float MostRatio { get; } = (float)Math.Log((((1 - Broad) * s_range) / (LeastSigma * Math.Sqrt(2 * Math.PI))) + Broad);

    private readonly SortedDictionary<string, Ways> _ways = new(StringComparer.Ordinal);

    /// <summary>Learned anything since the last <see cref="ToBytes"/>.</summary>
    public bool Changed { get; private set; }

    /// <summary>Goes on from what was stored.</summary>
    /// <param name="state">From <see cref="ToBytes"/>; null for nothing.</param>
    /// <exception cref="InvalidDataException">It is of another version.</exception>
    public static TravelModel From(byte[]? state)
    {
        TravelModel model = new();
        if (state is null)
        {
            return model;
        }

        using BinaryReader reader = new(new MemoryStream(state));
        if (reader.ReadByte() != Version)
        {
            throw new InvalidDataException("what this store has learned of travel times is of another version of the program. Use that version, or a new store.");
        }

        for (int count = reader.ReadInt32(); count > 0; count--)
        {
            model._ways[reader.ReadString()] = new Ways(reader.ReadInt32(), reader.ReadDouble(), reader.ReadDouble());
        }

        return model;
    }

    /// <summary>All that was learned, exact to the bit.</summary>
    public byte[] ToBytes()
    {
        using MemoryStream bytes = new();
        using BinaryWriter writer = new(bytes);
        writer.Write(Version);
        writer.Write(_ways.Count);
        foreach ((string pair, Ways ways) in _ways)
        {
            writer.Write(pair);
            writer.Write(ways.Count);
            writer.Write(ways.Sum);
            writer.Write(ways.Squares);
        }

        Changed = false;
        return bytes.ToArray();
    }

    /// <summary>Takes in a way that somebody went for sure.</summary>
    /// <param name="from">Camera that was left.</param>
    /// <param name="to">Camera that was reached.</param>
    /// <param name="time">How long it took, above 0.</param>
    public void Learn(string from, string to, TimeSpan time)
    {
        Ways ways = _ways.GetValueOrDefault(Pair(from, to));
        double log = Log(time);
        _ways[Pair(from, to)] = new Ways(ways.Count + 1, ways.Sum + log, ways.Squares + (log * log));
        Changed = true;
    }

    /// <summary>How much more likely a time is for one person than for two unrelated: the logarithm of the ratio; 0 while too little is known.</summary>
    /// <param name="from">Camera that was left.</param>
    /// <param name="to">Camera that was reached.</param>
    /// <param name="time">The time between.</param>
    public double Ratio(string from, string to, TimeSpan time)
    {
        if (time <= TimeSpan.Zero || !_ways.TryGetValue(Pair(from, to), out Ways ways) || ways.Count < Fewest)
        {
            return 0;
        }

        double mean = ways.Sum / ways.Count;
        double variance = Math.Max(0, (ways.Squares / ways.Count) - (mean * mean));
        double sigma = Math.Max(LeastSigma, Math.Sqrt(((variance * ways.Count) + (PriorSigma * PriorSigma * PriorCount)) / (ways.Count + PriorCount)));
        double off = (Log(time) - mean) / sigma;
        double density = Math.Exp(-0.5 * off * off) / (sigma * Math.Sqrt(2 * Math.PI));
        return Math.Log(((1 - Broad) * density * s_range) + Broad);
    }

    /// <summary>Pairs of cameras where the way there and the way back take times so different that the clocks are likely apart.</summary>
    /// <param name="least">Differences below this are not told.</param>
    public IReadOnlyList<ClockOffset> Offsets(TimeSpan least)
    {
        List<ClockOffset> offsets = [];
        foreach ((string pair, Ways there) in _ways)
        {
            string[] names = pair.Split('>');
            if (string.CompareOrdinal(names[0], names[1]) < 0 && _ways.TryGetValue(Pair(names[1], names[0]), out Ways back)
                && there.Count >= Fewest && back.Count >= Fewest)
            {
                TimeSpan ahead = TimeSpan.FromSeconds((Math.Exp(there.Sum / there.Count) - Math.Exp(back.Sum / back.Count)) / 2);
                if (ahead.Duration() >= least)
                {
                    offsets.Add(new ClockOffset(names[0], names[1], ahead));
                }
            }
        }

        return offsets;
    }

    // Camera ids hold no '>'.
    private static string Pair(string from, string to) => $"{from}>{to}";

    private static double Log(TimeSpan time) => Math.Log(Math.Clamp(time.TotalSeconds, 1, 3600));

    private readonly record struct Ways(int Count, double Sum, double Squares);
}

using System.Globalization;

namespace Pipeline.Tracker;

/// <summary>Two cameras whose clocks seem to be apart.</summary>
/// <param name="Camera">A camera.</param>
/// <param name="Other">Another; its clock is ahead by <paramref name="Ahead"/> if ways there and back take equally long.</param>
/// <param name="Ahead">How far.</param>
public sealed record ClockOffset(string Camera, string Other, TimeSpan Ahead);

/// <summary>How long people take from a zone of one camera to a zone of another, learned from links that are sure (spec/tracking.md 3.3). Not thread-safe.</summary>
/// <remarks>
/// The logarithm of a time is taken as normal. What is believed of a pair of zones starts from its pair of cameras, and that from all ways of the
/// site; each counts like four ways. It is mixed with a broad share of people who do something else on the way. Against it stands somebody unrelated,
/// who arrives as often as people do in the zone where one was seen: in a busy zone the right time says less. Where a zone is not known, the pair of
/// cameras and the arrivals of the camera stand in. Deviation from the specification: ways are learned once, when they are decided, and not estimated anew.
/// </remarks>
public sealed class TravelModel
{
    private const int FewestOfSite = 4;
    private const int FewestOfOffset = 8;
    private const int MostWays = 4096; // pairs beyond that many stay what their parents are: the bytes are stored with every commit
    private const double Broad = 0.1;
    private const double ParentArrivals = 4;
    private const byte Version = 2; // 2: zones, arrivals, all ways of the site
    private const string Site = ">";
    private const char ZoneMark = '#';
    private static readonly double s_range = Math.Log(3600); // from one second on
    private static readonly TimeSpan s_longestPause = TimeSpan.FromHours(1); // footage that stops for longer was not watched meanwhile
    private static readonly TimeSpan s_leastWatched = TimeSpan.FromMinutes(1);

    /// <summary>The most that <see cref="Ratio"/> says for or against: the middle of the narrowest belief against any time up to an hour.</summary>
    internal static float MostRatio { get; } = (float)Math.Log(((1 - Broad) * TravelBelief.Peak * s_range) + Broad);

    private readonly SortedDictionary<string, TravelTimes> _ways = new(StringComparer.Ordinal); // of the site, of pairs of cameras, of pairs of zones
    private readonly SortedDictionary<string, CameraZones> _cameras = new(StringComparer.Ordinal);
    private TimeSpan _watched;
    private DateTimeOffset _latest;

    /// <summary>Learned anything since the last <see cref="ToBytes"/>.</summary>
    public bool Changed { get; private set; }

    /// <summary>Goes on from what was stored.</summary>
    /// <param name="state">From <see cref="ToBytes"/>, also of a program that knew no zones yet; null for nothing.</param>
    /// <exception cref="InvalidDataException">It is of a version that is not known.</exception>
    public static TravelModel From(byte[]? state)
    {
        TravelModel model = new();
        if (state is null)
        {
            return model;
        }

        using BinaryReader reader = new(new MemoryStream(state));
        byte version = reader.ReadByte();
        if (version is not (1 or Version))
        {
            throw new InvalidDataException("what this store has learned of travel times is of another version of the program. Use that version, or a new store.");
        }

        for (int count = reader.ReadInt32(); count > 0; count--)
        {
            model._ways[reader.ReadString()] = new TravelTimes(reader.ReadInt32(), reader.ReadDouble(), reader.ReadDouble());
        }

        if (version == 1)
        {
            model._ways[Site] = model._ways.Values.Aggregate(default(TravelTimes), (all, ways) => all.With(ways));
            return model;
        }

        model._watched = new TimeSpan(reader.ReadInt64());
        model._latest = new DateTimeOffset(reader.ReadInt64(), TimeSpan.Zero);
        for (int count = reader.ReadInt32(); count > 0; count--)
        {
            model._cameras[reader.ReadString()] = CameraZones.Restore(reader);
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
        foreach ((string pair, TravelTimes ways) in _ways)
        {
            writer.Write(pair);
            writer.Write(ways.Count);
            writer.Write(ways.Sum);
            writer.Write(ways.Squares);
        }

        writer.Write(_watched.Ticks);
        writer.Write(_latest.UtcTicks);
        writer.Write(_cameras.Count);
        foreach ((string camera, CameraZones zones) in _cameras)
        {
            writer.Write(camera);
            zones.Save(writer);
        }

        Changed = false;
        return bytes.ToArray();
    }

    /// <summary>Takes in that somebody, whoever it was, came into view: where people come and go, and how often.</summary>
    /// <param name="sighting">The sighting; each once, in the order of the decisions.</param>
    public void Observe(KnownSighting sighting)
    {
        ArgumentNullException.ThrowIfNull(sighting);
        if (!_cameras.TryGetValue(sighting.Camera, out CameraZones? zones))
        {
            _cameras[sighting.Camera] = zones = new CameraZones();
        }

        zones.Take(sighting.Entry, sighting.Exit);
        if (sighting.StartAt > _latest)
        {
            TimeSpan passed = sighting.StartAt - _latest;
            _watched += _latest == default ? TimeSpan.Zero : passed < s_longestPause ? passed : s_longestPause;
            _latest = sighting.StartAt;
        }

        Changed = true;
    }

    /// <summary>Takes in a way that somebody went for sure.</summary>
    /// <param name="from">Where they were last, in another camera.</param>
    /// <param name="to">Where they came next, later.</param>
    public void Learn(KnownSighting from, KnownSighting to)
    {
        ArgumentNullException.ThrowIfNull(from);
        ArgumentNullException.ThrowIfNull(to);
        double log = Log(to.StartAt - from.EndAt);
        (int? exit, int? entry) = Zones(from, to);
        foreach (string? key in (string?[])[Site, Pair(from.Camera, to.Camera), Pair(from.Camera, exit, to.Camera, entry)])
        {
            if (key is not null && (_ways.Count < MostWays || _ways.ContainsKey(key)))
            {
                _ways[key] = _ways.GetValueOrDefault(key).With(log);
            }
        }

        Changed = true;
    }

    /// <summary>
    /// How much more likely the time between two sightings is for one person than for two unrelated: the logarithm of the ratio. Bounded on both sides; 0
    /// before four ways were learned on the whole site.
    /// </summary>
    /// <param name="from">Somebody seen.</param>
    /// <param name="to">Somebody seen in another camera; 0 where it is not later.</param>
    public double Ratio(KnownSighting from, KnownSighting to)
    {
        ArgumentNullException.ThrowIfNull(from);
        ArgumentNullException.ThrowIfNull(to);
        TimeSpan time = to.StartAt - from.EndAt;
        TravelTimes all = _ways.GetValueOrDefault(Site);
        if (time <= TimeSpan.Zero || all.Count < FewestOfSite)
        {
            return 0;
        }

        (int? exit, int? entry) = Zones(from, to);
        TravelBelief belief = TravelBelief.Of(all).After(_ways.GetValueOrDefault(Pair(from.Camera, to.Camera)));
        if (Pair(from.Camera, exit, to.Camera, entry) is { } zones)
        {
            belief = belief.After(_ways.GetValueOrDefault(zones));
        }

        // Densities of the time's logarithm; a rate in arrivals a second becomes one when multiplied by the seconds.
        double log = Log(time);
        double related = ((1 - Broad) * belief.Density(log)) + (Broad / s_range);
        double unrelated = Rate(to.Camera, exit is null ? null : entry) is { } rate ? rate * Math.Exp(log) : 1 / s_range;
        return Math.Clamp(Math.Log(related / unrelated), -MostRatio, MostRatio);
    }

    /// <summary>Pairs of cameras where the way there and the way back take times so different that the clocks are likely apart.</summary>
    /// <param name="least">Differences below this are not told.</param>
    public IReadOnlyList<ClockOffset> Offsets(TimeSpan least)
    {
        List<ClockOffset> offsets = [];
        foreach ((string pair, TravelTimes there) in _ways.Where(ways => !ways.Key.Contains(ZoneMark)))
        {
            string[] names = pair.Split('>');
            if (string.CompareOrdinal(names[0], names[1]) < 0 && _ways.TryGetValue(Pair(names[1], names[0]), out TravelTimes back)
                && there.Count >= FewestOfOffset && back.Count >= FewestOfOffset)
            {
                TimeSpan ahead = TimeSpan.FromSeconds((Math.Exp(there.Mean) - Math.Exp(back.Mean)) / 2);
                if (ahead.Duration() >= least)
                {
                    offsets.Add(new ClockOffset(names[0], names[1], ahead));
                }
            }
        }

        return offsets;
    }

    // Arrivals a second, shrunk towards what is usual on the site; null before there is anything to count.
    private double? Rate(string camera, int? zone)
    {
        int counted = _cameras.Values.Sum(one => zone is null ? one.Arrivals : one.ArrivalsAtZones);
        if (_watched < s_leastWatched || counted == 0 || !_cameras.TryGetValue(camera, out CameraZones? zones))
        {
            return null;
        }

        double usual = counted / _watched.TotalSeconds / (zone is null ? _cameras.Count : _cameras.Values.Sum(one => one.Count));
        return ((zone is { } at ? zones.ArrivalsAt(at) : zones.Arrivals) + ParentArrivals) / (_watched.TotalSeconds + (ParentArrivals / usual));
    }

    private (int? Exit, int? Entry) Zones(KnownSighting from, KnownSighting to) =>
        (_cameras.GetValueOrDefault(from.Camera)?.Find(from.Exit), _cameras.GetValueOrDefault(to.Camera)?.Find(to.Entry));

    // Camera ids hold neither '>' nor '#'.
    private static string Pair(string from, string to) => $"{from}>{to}";

    private static string? Pair(string from, int? exit, string to, int? entry) =>
        exit is null || entry is null ? null : string.Create(CultureInfo.InvariantCulture, $"{from}{ZoneMark}{exit}>{to}{ZoneMark}{entry}");

    private static double Log(TimeSpan time) => Math.Log(Math.Clamp(time.TotalSeconds, 1, 3600));
}

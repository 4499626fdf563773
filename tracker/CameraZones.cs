namespace Pipeline.Tracker;

/// <summary>The zones of one camera where people come in and go out, found on line, and how many came in at each (spec/tracking.md 3.3). Not thread-safe.</summary>
/// <remarks>
/// Leader clustering (Hartigan, Clustering Algorithms, 1975, chapter 3): a foot point that lies near no leader becomes one, every other belongs to the
/// nearest. Leaders never move, so the result depends on the points and their order alone, and needs nothing but the leaders to go on.
/// </remarks>
internal sealed class CameraZones
{
    private const float Reach = 0.15f; // shares of the picture
    private const int Most = 12;

    private readonly List<FootPoint> _leaders = [];
    private readonly List<int> _arrivals = [];

    /// <summary>Zones so far, 0 to 12.</summary>
    internal int Count => _leaders.Count;

    /// <summary>Who came in here, in whatever zone.</summary>
    internal int Arrivals { get; private set; }

    /// <summary>Those of whom the zone is known.</summary>
    internal int ArrivalsAtZones { get; private set; }

    /// <summary>Who came in at a zone.</summary>
    internal int ArrivalsAt(int zone) => _arrivals[zone];

    /// <summary>The zone of a point, from 0; null for one that lies in none.</summary>
    internal int? Find(FootPoint? point)
    {
        if (point is not { } there || Count == 0)
        {
            return null;
        }

        int nearest = 0;
        for (int zone = 1; zone < Count; zone++)
        {
            nearest = there.SquaredDistance(_leaders[zone]) < there.SquaredDistance(_leaders[nearest]) ? zone : nearest;
        }

        return Count == Most || there.SquaredDistance(_leaders[nearest]) <= Reach * Reach ? nearest : null;
    }

    /// <summary>Takes in somebody who came and went.</summary>
    internal void Take(FootPoint? entry, FootPoint? exit)
    {
        Arrivals++;
        if (Claim(entry) is { } zone)
        {
            _arrivals[zone]++;
            ArrivalsAtZones++;
        }

        Claim(exit);
    }

    internal void Save(BinaryWriter writer)
    {
        writer.Write(Arrivals);
        writer.Write(Count);
        for (int zone = 0; zone < Count; zone++)
        {
            writer.Write(_leaders[zone].X);
            writer.Write(_leaders[zone].Y);
            writer.Write(_arrivals[zone]);
        }
    }

    internal static CameraZones Restore(BinaryReader reader)
    {
        CameraZones zones = new() { Arrivals = reader.ReadInt32() };
        for (int count = reader.ReadInt32(); count > 0; count--)
        {
            zones._leaders.Add(new FootPoint(reader.ReadSingle(), reader.ReadSingle()));
            zones._arrivals.Add(reader.ReadInt32());
            zones.ArrivalsAtZones += zones._arrivals[^1];
        }

        return zones;
    }

    private int? Claim(FootPoint? point)
    {
        if (point is { } there && Find(there) is null)
        {
            _leaders.Add(there);
            _arrivals.Add(0);
        }

        return Find(point);
    }
}

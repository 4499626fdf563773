using Pipeline.Reid.Adapting;
using Pipeline.Store;
using Pipeline.Tracker;

namespace Pipeline.Cli.Adapting;

/// <summary>The tracks of a finished run as evidence to adapt a model with: some to learn from, the latest held out, and who cannot be whom.</summary>
/// <param name="Learned">Tracks to learn from, by start.</param>
/// <param name="HeldOut">Of each camera the latest.</param>
/// <param name="Apart">Pairs of all tracks that are two people for sure.</param>
/// <param name="Cameras">Cameras.</param>
/// <param name="HeldOutApart">Pairs of held-out tracks that are two people for sure, by their places there.</param>
internal sealed record SiteTracks(
    IReadOnlyList<SightingView> Learned, IReadOnlyList<SightingView> HeldOut, int Apart, IReadOnlyList<string> Cameras, IReadOnlyList<(int One, int Other)> HeldOutApart)
{
    private const int LeastPictures = 2; // one picture says nothing of what stays the same

    /// <summary>Sorts the sightings of a run.</summary>
    /// <param name="sightings">All of them.</param>
    /// <param name="options">Linking: which cameras see one place, how long a way takes.</param>
    /// <param name="share">Share that is held out.</param>
    /// <exception cref="InvalidDataException">There is nobody in the recordings.</exception>
    public static SiteTracks Of(IReadOnlyList<SightingView> sightings, LinkerOptions options, double share)
    {
        SightingView[] tracks = [.. sightings.Where(one => one.Crops.Count >= LeastPictures).OrderBy(one => one.StartAt).ThenBy(one => one.Camera, StringComparer.Ordinal).ThenBy(one => one.TrackNumber)];
        if (tracks.Length == 0)
        {
            throw new InvalidDataException($"nobody is in these recordings: {sightings.Count} tracks, none with {LeastPictures} pictures. Adapt with footage of people.");
        }

        // The later part judges what was learned from the earlier: as it will be when the model is used.
        HashSet<Guid> held = [.. tracks.GroupBy(one => one.Camera).SelectMany(own => own.TakeLast((int)Math.Ceiling(share * own.Count()))).Select(one => one.TrackletId)];
        SightingView[] learned = [.. tracks.Where(one => !held.Contains(one.TrackletId))];
        SightingView[] heldOut = [.. tracks.Where(one => held.Contains(one.TrackletId))];
        string[] cameras = [.. tracks.Select(one => one.Camera).Distinct().Order(StringComparer.Ordinal)];
        return new SiteTracks(learned, heldOut, Pairs(learned, options).Count + Pairs(heldOut, options).Count, cameras, Pairs(heldOut, options));
    }

    /// <summary>What the adaptation is given.</summary>
    /// <param name="grouping">Groups the learned tracks.</param>
    public SiteEvidence Evidence(SiteGrouping grouping) => new([.. Learned.Select(Track)], grouping.Group, [.. HeldOut.Select(Track)], HeldOutApart);

    /// <summary>A sighting as linking knows it.</summary>
    /// <param name="sighting">The sighting.</param>
    /// <param name="order">Its place.</param>
    public static KnownSighting Known(SightingView sighting, int order) =>
        new(sighting.TrackletId, sighting.Camera, sighting.StartAt, sighting.EndAt, sighting.TimeSource != "order") { Order = order };

    /// <summary>Pairs of tracks that are two people for sure: in view at once, or too far apart for the time between.</summary>
    /// <param name="tracks">The tracks.</param>
    /// <param name="options">Linking.</param>
    public static IReadOnlyList<(int One, int Other)> Pairs(IReadOnlyList<SightingView> tracks, LinkerOptions options)
    {
        PhysicalRules rules = new(options);
        KnownSighting[] known = [.. tracks.Select(Known)];
        return
        [
            .. from one in Enumerable.Range(0, known.Length)
               from other in Enumerable.Range(one + 1, known.Length - one - 1)
               where rules.Conflict([known[one]], [known[other]]) is not null
               select (one, other),
        ];
    }

    private SiteTrack Track(SightingView sighting) => new(Cameras.Index().First(camera => camera.Item == sighting.Camera).Index, [.. sighting.Crops.Select(crop => crop.Path)]);
}

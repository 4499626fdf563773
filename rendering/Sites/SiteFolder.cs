using System.Globalization;
using System.Text;
using System.Text.Json;
using Pipeline.Rendering.Sites.Filming;
using Pipeline.Rendering.Sites.Plans;
using Pipeline.Rendering.Sites.Walks;

namespace Pipeline.Rendering.Sites;

/// <summary>The folder a site is written to: a sub-folder a camera, <c>pipeline.yaml</c> for a run on it, and <c>site.json</c> when it is complete.</summary>
internal sealed class SiteFolder
{
    private const float Metre = 10; // decimetres
    private static readonly JsonSerializerOptions s_indented = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };
    private readonly string _folder;

    /// <summary>Makes the folder.</summary>
    /// <exception cref="InvalidDataException">It holds something already, or cannot be made.</exception>
    public SiteFolder(string folder)
    {
        _folder = folder;
        try
        {
            Directory.CreateDirectory(folder);
            if (Directory.EnumerateFileSystemEntries(folder).Any())
            {
                throw new InvalidDataException($"'{folder}': is not empty, and a site gets a folder of its own. Name another folder with --output, or empty this one.");
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unwritable(folder, e);
        }
    }

    /// <summary>Opens a recording of a camera.</summary>
    /// <param name="camera">The camera.</param>
    /// <param name="name">Its name, without extension.</param>
    /// <param name="fps">Frames a second.</param>
    public SegmentWriter Open(SiteCamera camera, string name, int fps)
    {
        string folder = Path.Combine(_folder, camera.Id);
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unwritable(folder, e);
        }

        return new SegmentWriter(Path.Combine(folder, name), fps, camera.Width, camera.Height);
    }

    /// <summary>Writes the settings for a run, and last what the site is.</summary>
    public void Complete(Site site, IReadOnlyList<SiteCamera> cameras, string command)
    {
        try
        {
            File.WriteAllText(Path.Combine(_folder, "pipeline.yaml"), Settings(site));
            File.WriteAllText(Path.Combine(_folder, "site.json"), Description(site, cameras, command));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unwritable(_folder, e);
        }
    }

    // Least times only: whoever leaves the site and comes back takes as long as they like.
    private static string Settings(Site site)
    {
        StringBuilder yaml = new("# Which cameras see the same place, and how fast anybody can be from one into another.\nlinker:\n");
        (int From, int To)[] pairs = [.. from a in Enumerable.Range(0, site.Options.Cameras) from b in Enumerable.Range(0, site.Options.Cameras) where a != b select (a, b)];
        (int From, int To)[] shared = [.. pairs.Where(pair => pair.From < pair.To && site.Watches(pair.From).Area == site.Watches(pair.To).Area)];
        if (shared.Length > 0)
        {
            yaml.Append("  overlapping:\n").AppendJoin("", shared.Select(pair => $"    - {site.CameraId(pair.From)},{site.CameraId(pair.To)}\n"));
        }

        yaml.Append(pairs.Length > shared.Length * 2 ? "  travel_times:\n" : "  travel_times: {}\n");
        foreach ((int from, int to) in pairs.Where(pair => site.Watches(pair.From).Area != site.Watches(pair.To).Area))
        {
            yaml.Append(CultureInfo.InvariantCulture, $"    {site.CameraId(from)}->{site.CameraId(to)}: {{ min_ms: {(int)(1000 * site.LeastTravel(from, to))} }}\n");
        }

        return yaml.ToString();
    }

    private static string Description(Site site, IReadOnlyList<SiteCamera> cameras, string command) => JsonSerializer.Serialize(
        new
        {
            Generator = "pipeline site generate",
            SiteGenerator.Version,
            Command = command,
            site.Options.Seed,
            site.Options.Minutes,
            site.Options.Fps,
            Start = Site.Start.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
            SegmentsOfEachCamera = site.Segments,
            FramesOfEachSegment = site.SegmentFrames,
            Disjoint = "people, cameras and light come from random streams of sites; no set of 'people generate' has them. The wardrobe (body meshes, cuts, kinds of cloth) is the same.",
            Truth = $"CAMERA/SEGMENT.gt.txt, MOTChallenge: boxes round whole persons, cut at the picture's edges; flag 0 where less than {SegmentWriter.CountsFrom.ToString(CultureInfo.InvariantCulture)} of a person shows",
            Material = new[] { AssetPackage.People.Specification, AssetPackage.Places.Specification },
            Cameras = cameras.Select(camera => new
            {
                camera.Id,
                camera.Area,
                camera.Width,
                camera.Height,
                HeightMetres = Rounded(camera.MountHeight / Metre),
                LensDegrees = Rounded(camera.Opening),
                TiltDegrees = Rounded(camera.Tilt),
                Gamma = Rounded(camera.Sensor.Gamma),
                Noise = Rounded(camera.Sensor.Noise),
                At = Metres(site.Plan.Areas[camera.Area].OnPlan(new Vector2(camera.View.Eye.X, camera.View.Eye.Z))),
            }),
            Areas = site.Plan.Areas.Select(area => new
            {
                area.Number,
                Kind = Lower(area.Kind),
                Middle = Metres(area.Middle),
                Size = Metres(area.Size),
                area.QuarterTurns,
                Doors = area.Doors.Select(door => new { Side = Lower(door.Side), At = Metres(area.OnPlan(door.Middle(area.Size))), Exit = site.Plan.Exits.Any(exit => exit.Area == area.Number && exit.Side == door.Side) }),
            }),
            Passages = site.Plan.Passages.Select(passage => new
            {
                Areas = new[] { passage.First, passage.Second },
                HiddenMetres = Rounded(passage.Length / Metre),
                LeastSeconds = Rounded(passage.Length / Site.Fastest),
                TypicalSeconds = Rounded(passage.Length / 13),
            }),
            People = site.Visitors.Select(visitor => new
            {
                visitor.Id,
                visitor.Group,
                visitor.AlikeTo,
                ChangesCoatAtSecond = visitor.Looks.Count > 1 ? Rounded((float)visitor.Looks[1].From) : (double?)null,
                Visits = Visits(site, visitor),
            }),
        },
        s_indented) + "\n";

    // From when to when in which area, by the itinerary: also where the camera does not see.
    private static IEnumerable<object> Visits(Site site, Visitor visitor)
    {
        List<(int Area, double Start, double End)> visits = [];
        foreach (Stretch stretch in visitor.Itinerary.Stretches.Where(stretch => stretch.IsInArea && stretch.End + visitor.Lag > 0 && stretch.Start + visitor.Lag < site.Options.Minutes * 60))
        {
            if (visits.Count > 0 && visits[^1].Area == stretch.Area && stretch.Start - visits[^1].End < .001)
            {
                visits[^1] = visits[^1] with { End = stretch.End };
            }
            else
            {
                visits.Add((stretch.Area, stretch.Start, stretch.End));
            }
        }

        return visits.Select(visit => new { visit.Area, FromSecond = Rounded((float)(visit.Start + visitor.Lag)), ToSecond = Rounded((float)(visit.End + visitor.Lag)) });
    }

    private static string Lower<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();

    private static double Rounded(float value) => Math.Round(value, 2);

    private static double[] Metres(Vector2 point) => [Rounded(point.X / Metre), Rounded(point.Y / Metre)];

    private static InvalidDataException Unwritable(string path, Exception e) =>
        new($"'{path}': cannot be written: {e.Message.ReplaceLineEndings(" ")} Check the space left, owner and mode, or name another folder with --output.", e);
}

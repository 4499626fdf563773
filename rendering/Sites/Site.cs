using Pipeline.Rendering.Sites.Plans;
using Pipeline.Rendering.Sites.Walks;

namespace Pipeline.Rendering.Sites;

/// <summary>A site before anything is drawn: floor plan, who walks where when, and which camera watches what. A function of the options.</summary>
internal sealed class Site
{
    /// <summary>When recordings start.</summary>
    public static readonly DateTimeOffset Start = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);

    /// <summary>Decimetres a second that nobody exceeds: the bound of travel times.</summary>
    public const float Fastest = 17;

    private const double LongestSegment = 300; // seconds

    /// <summary>Draws it.</summary>
    /// <exception cref="InvalidDataException">An option is outside its range, or the routes do not hold the people.</exception>
    public Site(SiteOptions options)
    {
        string[] problems = [.. options.Problems().Select(p => $"--{p.Key}: {p.Problem}")];
        if (problems.Length > 0)
        {
            throw new InvalidDataException(string.Join("; ", problems) + ". Correct it, or leave it out.");
        }

        Options = options;
        Plan = PlanOf(options, options.Cameras - options.Overlap);
        if (options.People > Plan.Capacity)
        {
            throw new InvalidDataException(
                $"--people: the routes of this site ({options.Cameras} cameras, seed {options.Seed}) hold {Plan.Capacity} people who walk freely, got {options.People}. "
                + "Ask for fewer people, or for more cameras with --cameras.");
        }

        Visitors = Cast.Draw(Plan, options);
        Crowd = new Crowd(Plan, Visitors, Frames / (double)options.Fps);
    }

    public SiteOptions Options { get; }

    public FloorPlan Plan { get; }

    public Visitor[] Visitors { get; }

    public Crowd Crowd { get; }

    /// <summary>Recordings of a camera: as few as keep each at five minutes or less, all equally long.</summary>
    public int Segments => (int)Math.Ceiling(Options.Minutes * 60 / LongestSegment);

    /// <summary>Frames of one of them.</summary>
    public int SegmentFrames => Math.Max(1, (int)Math.Round(Options.Minutes * 60 * Options.Fps / Segments));

    /// <summary>Frames of a camera.</summary>
    public int Frames => Segments * SegmentFrames;

    /// <summary>Name of a camera.</summary>
    public string CameraId(int camera) => $"cam{(camera + 1).ToString(Options.Cameras > 99 ? "D3" : "D2", System.Globalization.CultureInfo.InvariantCulture)}";

    /// <summary>What a camera watches. The last ones watch areas that others watch from the opposite wall.</summary>
    public (int Area, bool Opposite) Watches(int camera)
    {
        int areas = Plan.Areas.Count;
        return camera < areas ? (camera, false) : (camera - areas, true);
    }

    /// <summary>Name of a recording, without extension: its time.</summary>
    public string SegmentName(int segment) =>
        (Start + TimeSpan.FromSeconds((double)segment * SegmentFrames / Options.Fps)).ToString("yyyy-MM-dd_HH-mm-ss", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Seconds that nobody is faster from sight of one camera into sight of the other.</summary>
    public double LeastTravel(int from, int to) => Plan.Hidden(Watches(from).Area, Watches(to).Area) / Fastest;

    private static FloorPlan PlanOf(SiteOptions options, int areas) => FloorPlanDraw.Draw(areas, SeededRandom.Of((ulong)options.Seed, Purpose.SitePlan));
}

using Pipeline.Rendering.Sites.Plans;

namespace Pipeline.Rendering.Sites.Walks;

/// <summary>A person of the site: where they go, beside whom, and what they wear when.</summary>
internal sealed class Visitor
{
    private const double Settle = 1.2; // seconds to come to rest, to sit down, to start
    private readonly FloorPlan _plan;

    /// <summary>Makes one for a site.</summary>
    public Visitor(FloorPlan plan) => _plan = plan;

    /// <summary>Number in the truth, from 1.</summary>
    public required int Id { get; init; }

    /// <summary>Their itinerary, shared by a group.</summary>
    public required Itinerary Itinerary { get; init; }

    /// <summary>Number of the group, 0 for those who go alone.</summary>
    public required int Group { get; init; }

    /// <summary>Seconds behind the itinerary.</summary>
    public required double Lag { get; init; }

    /// <summary>Decimetres to the right of the way.</summary>
    public required float Aside { get; init; }

    /// <summary>Of a group that stands together: where on its circle, radians; null for those alone.</summary>
    public float? OnCircle { get; init; }

    /// <summary>Looks in order, each from a time on, seconds; the first from the start.</summary>
    public required IReadOnlyList<(double From, Look Look)> Looks { get; init; }

    /// <summary>The visitor they look much like; 0 for nobody.</summary>
    public int AlikeTo { get; init; }

    /// <summary>How they move.</summary>
    public required Gait Gait { get; init; }

    /// <summary>What they wear.</summary>
    public Look LookAt(double time) => Looks.Last(look => look.From <= time).Look;

    /// <summary>Where they are; nothing while no camera could see them.</summary>
    public Whereabouts? At(double time)
    {
        double own = time - Lag;
        int number = Itinerary.At(own);
        if (number < 0 || !Itinerary.Stretches[number].IsInArea)
        {
            return null;
        }

        Stretch now = Itinerary.Stretches[number];
        Vector2 heading = Towards(number, own);
        foreach (double near in (ReadOnlySpan<double>)[own - .3, own + .3])
        {
            int other = Itinerary.At(near);
            heading += other >= 0 && Itinerary.Stretches[other] is { IsInArea: true } stretch && stretch.Area == now.Area ? Towards(other, near) : default;
        }

        float pace = (float)(now.Way.Length / (now.End - now.Start)), walked = Distance(now, own);
        double sinceStart = own - now.Start, toEnd = now.End - own;
        float seated = now.Doing == Doing.Sitting ? (float)Math.Clamp(Math.Min(sinceStart, toEnd) / Settle, 0, 1) : 0;
        bool starts = number > 0 && Stays(number - 1), stops = Stays(number + 1);
        float stir = now.Doing != Doing.Walking ? 0 : (float)Math.Clamp(Math.Min(starts ? sinceStart / .5 : 1, stops ? toEnd / .5 : 1), 0, 1);
        Vector2 at = Place(number, own, walked);
        return new Whereabouts(now.Area, at, MathF.Atan2(heading.X, heading.Y), now.Walked + walked, pace, stir, seated);
    }

    private bool Stays(int number) => number < Itinerary.Stretches.Count && Itinerary.Stretches[number].Doing is Doing.Standing or Doing.Sitting;

    private static float Distance(Stretch stretch, double time) => (float)(stretch.Way.Length * (time - stretch.Start) / (stretch.End - stretch.Start));

    private Vector2 Towards(int number, double time)
    {
        Stretch stretch = Itinerary.Stretches[number];
        if (stretch.Doing == Doing.Walking)
        {
            return stretch.Way.Ahead(Distance(stretch, time));
        }

        float facing = OnCircle + MathF.PI ?? stretch.Facing; // those of a group look at each other
        return new Vector2(MathF.Sin(facing), MathF.Cos(facing));
    }

    // On the right of the way, closer to it in doors; of a group that stands, on the circle.
    private Vector2 Place(int number, double time, float walked)
    {
        Stretch now = Itinerary.Stretches[number];
        Vector2 line = now.Way.At(walked), resting = OnCircle is { } angle ? new Vector2(MathF.Sin(angle), MathF.Cos(angle)) * 6 : default;
        if (now.Doing != Doing.Walking)
        {
            return line + resting;
        }

        Vector2 ahead = now.Way.Ahead(walked);
        Area area = _plan.Areas[now.Area];
        float door = area.Doors.Min(d => Vector2.Distance(d.Middle(area.Size), line));
        bool beyond = MathF.Abs(line.X) > area.Size.X / 2 || line.Y < 0 || line.Y > area.Size.Y; // in a lobby
        Vector2 moving = new Vector2(-ahead.Y, ahead.X) * (Aside * (beyond ? .3f : Math.Clamp((door - 3) / 16, .3f, 1)));
        double rest = Math.Min(number > 0 && Stays(number - 1) ? (time - now.Start) / Settle : 1, Stays(number + 1) ? (now.End - time) / Settle : 1);
        return line + Vector2.Lerp(resting, moving, (float)Math.Clamp(rest, 0, 1));
    }
}

namespace Pipeline.Rendering.Sites.Plans;

/// <summary>
/// A walled place that one camera watches (two, where overlap is asked for). It has coordinates of its own, decimetres: x from minus to
/// plus half of the width, z from the near wall (0) to the far one.
/// </summary>
internal sealed class Area
{
    /// <summary>Number among the areas, from 0.</summary>
    public required int Number { get; init; }

    /// <summary>What it is.</summary>
    public required AreaKind Kind { get; init; }

    /// <summary>Width and length.</summary>
    public required Vector2 Size { get; init; }

    /// <summary>Where its middle is on the plan of the site, decimetres.</summary>
    public required Vector2 Middle { get; init; }

    /// <summary>Its near wall is turned towards: 0 south, 1 east, 2 north, 3 west.</summary>
    public required int QuarterTurns { get; init; }

    /// <summary>Doors, one a wall at most.</summary>
    public required IReadOnlyList<Door> Doors { get; init; }

    /// <summary>What stands in it.</summary>
    public required IReadOnlyList<Furniture> Furniture { get; init; }

    /// <summary>Where people may stay.</summary>
    public required IReadOnlyList<Spot> Spots { get; init; }

    /// <summary>How many people walk freely in it at once: one on 6 m².</summary>
    public int Capacity => (int)(Size.X * Size.Y / 600);

    /// <summary>The door in a wall.</summary>
    public Door DoorOf(Side side) => Doors.First(door => door.Side == side);

    /// <summary>A point of the area on the plan of the site.</summary>
    public Vector2 OnPlan(Vector2 point)
    {
        (float x, float z) = (point.X, point.Y - (Size.Y / 2));
        return Middle + (QuarterTurns switch
        {
            0 => new Vector2(x, z),
            1 => new Vector2(-z, x),
            2 => new Vector2(-x, -z),
            _ => new Vector2(z, -x),
        });
    }

    /// <summary>The shortest way between two points inside, round the furniture; nothing where there is none.</summary>
    public Vector2[]? Way(Vector2 from, Vector2 to) => WayFinder.Find(from, to, Size, Furniture);
}

namespace Pipeline.Rendering.Sites.Plans;

/// <summary>Draws floor plans: areas in the cells of a grid, turned any way, joined by a random tree and some passages more.</summary>
internal static class FloorPlanDraw
{
    private const float ExtraPassages = .45f;
    private const float ExitShare = .4f;

    // Neighbours by compass: south, east, north, west.
    private static readonly (int Column, int Row)[] s_steps = [(0, -1), (1, 0), (0, 1), (-1, 0)];

    /// <summary>Draws one.</summary>
    /// <param name="areas">How many areas, 1 or more.</param>
    /// <param name="random">Stream of the plan.</param>
    public static FloorPlan Draw(int areas, SeededRandom random)
    {
        int columns = (int)Math.Ceiling(Math.Sqrt(areas));
        (int From, int To, int Compass)[] edges = [.. Joined(areas, columns, random)];
        int[] turns = [.. Enumerable.Range(0, areas).Select(_ => random.Below(4))];
        List<(int Area, int Compass)> exits = [.. Exits(areas, columns, edges, random)];
        float[] across = Lines(columns, random), up = Lines((areas + columns - 1) / columns, random);
        Area[] drawn = [.. Enumerable.Range(0, areas).Select(i => AreaDraw.Draw(
            i, new Vector2(across[i % columns], up[i / columns]), turns[i],
            [
                .. edges.Where(e => e.From == i).Select(e => SideOf(e.Compass, turns[i])), .. edges.Where(e => e.To == i).Select(e => SideOf(e.Compass + 2, turns[i])),
                .. exits.Where(e => e.Area == i).Select(e => SideOf(e.Compass, turns[i])),
            ],
            random))];
        return new FloorPlan(
            drawn,
            [.. edges.Select(e => Between(drawn[e.From], SideOf(e.Compass, turns[e.From]), drawn[e.To], SideOf(e.Compass + 2, turns[e.To]), random))],
            [.. exits.Select(e => new Exit(e.Area, SideOf(e.Compass, turns[e.Area])))]);
    }

    private static Side SideOf(int compass, int turns) => (Side)((compass - turns + 8) % 4);

    // Kruskal over the grid in random order; an edge that closes a ring is kept now and then.
    private static IEnumerable<(int From, int To, int Compass)> Joined(int areas, int columns, SeededRandom random)
    {
        int[] part = [.. Enumerable.Range(0, areas)];
        (int From, int To, int Compass)[] candidates =
        [
            .. Enumerable.Range(0, areas).SelectMany(i => new[] { (From: i, To: Neighbour(i, 1, areas, columns), Compass: 1), (From: i, To: Neighbour(i, 2, areas, columns), Compass: 2) })
                .Where(e => e.To >= 0).Select(e => (Edge: e, Key: random.Next())).OrderBy(e => e.Key).Select(e => e.Edge),
        ];
        foreach ((int from, int to, int compass) in candidates)
        {
            (int one, int other) = (part[from], part[to]);
            if (one != other || random.Chance(ExtraPassages))
            {
                part = [.. part.Select(p => p == other ? one : p)];
                yield return (from, to, compass);
            }
        }
    }

    private static int Neighbour(int area, int compass, int areas, int columns)
    {
        (int column, int row) = ((area % columns) + s_steps[compass].Column, (area / columns) + s_steps[compass].Row);
        int neighbour = (row * columns) + column;
        return column >= 0 && column < columns && row >= 0 && neighbour < areas ? neighbour : -1;
    }

    // On the outside of the grid; at least one in the site, and two doors in the only area of a site of one.
    private static List<(int Area, int Compass)> Exits(int areas, int columns, (int From, int To, int Compass)[] edges, SeededRandom random)
    {
        List<(int Area, int Compass)> open = [];
        for (int area = 0; area < areas; area++)
        {
            for (int compass = 0; compass < 4; compass++)
            {
                if (Neighbour(area, compass, areas, columns) < 0)
                {
                    open.Add((area, compass));
                }
            }
        }

        List<(int Area, int Compass)> exits = [.. open.Where(_ => random.Chance(ExitShare))];
        for (int least = areas == 1 ? 2 : 1; exits.Count < least;)
        {
            (int Area, int Compass) more = open[random.Below(open.Count)];
            if (!exits.Contains(more))
            {
                exits.Add(more);
            }
        }

        return exits;
    }

    private static float[] Lines(int count, SeededRandom random)
    {
        float[] lines = new float[count];
        for (int i = 1; i < count; i++)
        {
            lines[i] = lines[i - 1] + random.Uniform(280, 400); // wider than the longest area with its lobbies
        }

        return lines;
    }

    // Along the grid's directions, and sometimes round another corner.
    private static Passage Between(Area first, Side firstSide, Area second, Side secondSide, SeededRandom random)
    {
        Vector2 way = Vector2.Abs(first.OnPlan(first.DoorOf(firstSide).Middle(first.Size)) - second.OnPlan(second.DoorOf(secondSide).Middle(second.Size)));
        return new Passage(first.Number, firstSide, second.Number, secondSide, MathF.Max(25, way.X + way.Y - (2 * Door.LobbyDepth)) + random.Uniform(0, 60));
    }
}

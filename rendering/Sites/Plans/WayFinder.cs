namespace Pipeline.Rendering.Sites.Plans;

/// <summary>Shortest ways round boxes: along the corners of the boxes, grown by the room a walker needs (a visibility graph).</summary>
internal static class WayFinder
{
    /// <summary>Room kept to furniture, decimetres.</summary>
    public const float Clearance = 7.5f;

    private const float WallClearance = 5;

    /// <summary>Finds the way.</summary>
    /// <param name="from">Start; may be nearer to a box than walkers come.</param>
    /// <param name="to">End, likewise.</param>
    /// <param name="size">Width and length of the floor.</param>
    /// <param name="boxes">What stands in the way.</param>
    /// <returns>All points from start to end, or null.</returns>
    public static Vector2[]? Find(Vector2 from, Vector2 to, Vector2 size, IReadOnlyList<Furniture> boxes)
    {
        List<Vector2> nodes = [from, to];
        Vector2 most = new((size.X / 2) - WallClearance, size.Y - WallClearance), least = new(-most.X, WallClearance);
        foreach (Furniture box in boxes)
        {
            Vector2 low = box.Low - new Vector2(Clearance), high = box.High + new Vector2(Clearance);
            foreach (Vector2 corner in (ReadOnlySpan<Vector2>)[low, high, new(low.X, high.Y), new(high.X, low.Y)])
            {
                if (corner == Vector2.Clamp(corner, least, most) && !boxes.Any(other => Inside(other, corner)))
                {
                    nodes.Add(corner);
                }
            }
        }

        return Search(nodes, boxes);
    }

    /// <summary>Whether a point is nearer to a box than walkers come.</summary>
    public static bool Inside(Furniture box, Vector2 point) =>
        point.X > box.Low.X - Clearance + .01f && point.X < box.High.X + Clearance - .01f && point.Y > box.Low.Y - Clearance + .01f && point.Y < box.High.Y + Clearance - .01f;

    // Dijkstra over few nodes.
    private static Vector2[]? Search(List<Vector2> nodes, IReadOnlyList<Furniture> boxes)
    {
        float[] distance = new float[nodes.Count];
        int[] before = new int[nodes.Count];
        bool[] done = new bool[nodes.Count];
        Array.Fill(distance, float.MaxValue);
        distance[0] = 0;
        while (true)
        {
            int at = -1;
            for (int i = 0; i < nodes.Count; i++)
            {
                at = !done[i] && distance[i] < float.MaxValue && (at < 0 || distance[i] < distance[at]) ? i : at;
            }

            if (at < 0)
            {
                return null;
            }

            if (at == 1)
            {
                return Unwind(nodes, before);
            }

            done[at] = true;
            for (int i = 1; i < nodes.Count; i++)
            {
                float there = distance[at] + Vector2.Distance(nodes[at], nodes[i]);
                if (!done[i] && there < distance[i] && !boxes.Any(box => Crosses(box, nodes[at], nodes[i])))
                {
                    (distance[i], before[i]) = (there, at);
                }
            }
        }
    }

    private static Vector2[] Unwind(List<Vector2> nodes, int[] before)
    {
        List<Vector2> way = [];
        for (int at = 1; at != 0; at = before[at])
        {
            way.Insert(0, nodes[at]);
        }

        return [nodes[0], .. way];
    }

    // Slabs: the part of the segment that lies in the box. One that starts or ends in the margin of a box only has to keep out of the box itself.
    private static bool Crosses(Furniture box, Vector2 from, Vector2 to)
    {
        float margin = Inside(box, from) || Inside(box, to) ? 1 : Clearance - .05f;
        Vector2 low = box.Low - new Vector2(margin), high = box.High + new Vector2(margin), way = to - from;
        float enter = 0, leave = 1;
        for (int axis = 0; axis < 2; axis++)
        {
            if (MathF.Abs(way[axis]) < 1e-5f)
            {
                if (from[axis] <= low[axis] || from[axis] >= high[axis])
                {
                    return false;
                }

                continue;
            }

            float first = (low[axis] - from[axis]) / way[axis], second = (high[axis] - from[axis]) / way[axis];
            (enter, leave) = (MathF.Max(enter, MathF.Min(first, second)), MathF.Min(leave, MathF.Max(first, second)));
        }

        return enter < leave;
    }
}

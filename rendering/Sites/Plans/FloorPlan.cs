namespace Pipeline.Rendering.Sites.Plans;

/// <summary>A site: areas, the passages between them, and the ways out. All areas can be reached from each other.</summary>
/// <param name="Areas">By number.</param>
/// <param name="Passages">Each between two areas; two areas share one at most.</param>
/// <param name="Exits">One or more.</param>
internal sealed record FloorPlan(IReadOnlyList<Area> Areas, IReadOnlyList<Passage> Passages, IReadOnlyList<Exit> Exits)
{
    /// <summary>How many people walk freely: those in the areas, and one on 2 m of passage.</summary>
    public int Capacity => Areas.Sum(area => area.Capacity) + Passages.Sum(passage => (int)(passage.Length / 20));

    /// <summary>Passages of an area.</summary>
    public IEnumerable<Passage> PassagesOf(int area) => Passages.Where(passage => passage.First == area || passage.Second == area);

    /// <summary>The shortest way from an area to another: passages in order; empty for the area itself.</summary>
    public IReadOnlyList<Passage> Route(int from, int to) => Search(from).Routes[to];

    /// <summary>The least way out of anybody's sight between two areas, decimetres: no walker is shorter hidden between two cameras.</summary>
    public float Hidden(int from, int to) => Search(from).Distances[to];

    // Dijkstra by hidden way. Crossing the areas between counts as their shorter side, which is less than anybody walks in them.
    private (float[] Distances, List<Passage>[] Routes) Search(int from)
    {
        float[] distances = new float[Areas.Count];
        List<Passage>[] routes = [.. Areas.Select(_ => new List<Passage>())];
        bool[] done = new bool[Areas.Count];
        Array.Fill(distances, float.MaxValue);
        distances[from] = 0;
        for (int step = 0; step < Areas.Count; step++)
        {
            int at = Enumerable.Range(0, Areas.Count).Where(i => !done[i]).MinBy(i => distances[i]);
            done[at] = true;
            foreach (Passage passage in PassagesOf(at))
            {
                int next = passage.Beyond(at);
                float there = distances[at] + passage.Length + (at == from ? 0 : MathF.Min(Areas[at].Size.X, Areas[at].Size.Y) / 2);
                if (there < distances[next])
                {
                    (distances[next], routes[next]) = (there, [.. routes[at], passage]);
                }
            }
        }

        return (distances, routes);
    }
}

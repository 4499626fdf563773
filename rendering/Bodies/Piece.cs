namespace Pipeline.Rendering.Bodies;

/// <summary>
/// A drawable mesh in rest position: vertices (split at texture seams) with skin weights and cloth coordinates, and triangles. A copy
/// for one person shares everything that does not depend on the person.
/// </summary>
internal sealed class Piece
{
    private Piece(int count)
    {
        Positions = new Vector3[count];
        Normals = new Vector3[count];
        Joints = new byte[4 * count];
        Weights = new float[4 * count];
        Around = new float[count];
        Along = new float[count];
        Period = new float[count];
        Arm = new float[count];
        Drop = new float[count];
        Texture = new Vector2[count];
        Rest = new Vector3[count];
        Source = new int[count];
    }

    /// <summary>An empty piece of so many vertices.</summary>
    public static Piece Of(int count, int[] triangles, bool isShoe = false) => new(count) { Triangles = triangles, IsShoe = isShoe };

    public int Count => Positions.Length;

    public Vector3[] Positions { get; set; }

    public Vector3[] Normals { get; set; }

    /// <summary>Four joints a vertex.</summary>
    public byte[] Joints { get; private set; }

    /// <summary>Their weights.</summary>
    public float[] Weights { get; private set; }

    /// <summary>As <see cref="ClothMap.Around"/>.</summary>
    public float[] Around { get; private set; }

    public float[] Along { get; private set; }

    public float[] Period { get; private set; }

    public float[] Arm { get; private set; }

    public float[] Drop { get; private set; }

    /// <summary>Texture coordinates.</summary>
    public Vector2[] Texture { get; private set; }

    /// <summary>Position in the neutral body.</summary>
    public Vector3[] Rest { get; private set; }

    /// <summary>The vertex of the mesh file that it came from.</summary>
    public int[] Source { get; private set; }

    /// <summary>Distance inside the garment's edges, decimetres; cut away pixel by pixel where negative. Null: nothing is cut.</summary>
    public float[]? Cover { get; set; }

    public int[] Triangles { get; set; } = [];

    /// <summary>What it is covered with.</summary>
    public Surface Surface { get; set; } = Surface.None;

    /// <summary>Another surface below <see cref="SecondFrom"/>, as the trousers of a suit.</summary>
    public Surface? SecondSurface { get; set; }

    /// <summary>The drop from which the second surface shows.</summary>
    public float SecondFrom { get; set; } = -.1f;

    /// <summary>Drawn from behind too.</summary>
    public bool TwoSided { get; set; }

    /// <summary>Holes where the texture is transparent.</summary>
    public bool AlphaTest { get; set; }

    /// <summary>The soles decide where the ground is.</summary>
    public bool IsShoe { get; init; }

    /// <summary>Point of the rest pose below which the piece hangs upright instead of turning with its joint.</summary>
    public Vector3? HangsFrom { get; set; }

    /// <summary>A copy with positions and normals of its own.</summary>
    public Piece ForPerson()
    {
        Piece copy = (Piece)MemberwiseClone();
        copy.Positions = new Vector3[Count];
        copy.Normals = new Vector3[Count];
        return copy;
    }

    /// <summary>Works the vertex normals out, weighted by the triangles' areas.</summary>
    public Piece ComputeNormals()
    {
        Array.Clear(Normals);
        for (int i = 0; i < Triangles.Length; i += 3)
        {
            int a = Triangles[i], b = Triangles[i + 1], c = Triangles[i + 2];
            Vector3 normal = Vector3.Cross(Positions[b] - Positions[a], Positions[c] - Positions[a]);
            Normals[a] += normal;
            Normals[b] += normal;
            Normals[c] += normal;
        }

        for (int i = 0; i < Normals.Length; i++)
        {
            float length = Normals[i].Length();
            Normals[i] = length > 1e-9f ? Normals[i] / length : Vector3.UnitY;
        }

        return this;
    }

    /// <summary>Moves every vertex along its normal.</summary>
    public void Inflate(Func<int, float> distance)
    {
        Vector3[] moved = new Vector3[Count];
        for (int i = 0; i < moved.Length; i++)
        {
            moved[i] = Positions[i] + (Normals[i] * distance(i));
        }

        Positions = moved;
    }

    /// <summary>Without triangles that are cut away whole, and without vertices that no triangle uses: skinning need not touch them.</summary>
    public Piece Compact()
    {
        List<int> kept = [], triangles = new(Triangles.Length);
        int[] map = new int[Count];
        Array.Fill(map, -1);
        for (int i = 0; i < Triangles.Length; i += 3)
        {
            ReadOnlySpan<int> corners = Triangles.AsSpan(i, 3);
            if (Cover is not null && Cover[corners[0]] <= 0 && Cover[corners[1]] <= 0 && Cover[corners[2]] <= 0)
            {
                continue;
            }

            foreach (int vertex in corners)
            {
                if (map[vertex] < 0)
                {
                    map[vertex] = kept.Count;
                    kept.Add(vertex);
                }

                triangles.Add(map[vertex]);
            }
        }

        return kept.Count == Count ? this : Take([.. kept], [.. triangles]);
    }

    private Piece Take(int[] kept, int[] triangles)
    {
        Piece small = (Piece)MemberwiseClone();
        T[] Of<T>(T[] values) => [.. kept.Select(i => values[i])];
        T[] Four<T>(T[] values) => [.. kept.SelectMany(i => values.AsSpan(4 * i, 4).ToArray())];
        small.Triangles = triangles;
        (small.Positions, small.Normals, small.Rest, small.Texture) = (Of(Positions), Of(Normals), Of(Rest), Of(Texture));
        (small.Around, small.Along, small.Period, small.Arm, small.Drop) = (Of(Around), Of(Along), Of(Period), Of(Arm), Of(Drop));
        (small.Joints, small.Weights, small.Source) = (Four(Joints), Four(Weights), Of(Source));
        small.Cover = Cover is null ? null : Of(Cover);
        return small;
    }
}

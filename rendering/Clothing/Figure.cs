namespace Pipeline.Rendering.Clothing;

/// <summary>A body while it is being dressed: its shape, its joints, what has been put on, and which skin is covered.</summary>
internal sealed class Figure
{
    private readonly Wardrobe _wardrobe;
    private readonly bool[] _covered;

    /// <summary>A naked body of this shape.</summary>
    public Figure(Wardrobe wardrobe, Physique physique)
    {
        _wardrobe = wardrobe;
        Vertices = wardrobe.Body.Shape(physique);
        Joints = wardrobe.Body.Skeleton.Place(Vertices);
        _covered = new bool[Vertices.Length];
    }

    /// <summary>The body everything is fitted to.</summary>
    public BodyModel Body => _wardrobe.Body;

    /// <summary>Vertices of this body.</summary>
    public Vector3[] Vertices { get; }

    /// <summary>Joints of this body.</summary>
    public Vector3[] Joints { get; }

    /// <summary>What has been put on.</summary>
    public List<Piece> Pieces { get; } = [];

    /// <summary>Where a joint rests.</summary>
    public Vector3 Joint(string name) => Joints[Body.Skeleton[name]];

    /// <summary>Number of a joint.</summary>
    public int Number(string name) => Body.Skeleton[name];

    /// <summary>Covers the skin at vertices where this holds; what is covered is not drawn.</summary>
    public void CoverWhere(Func<int, bool> beneath)
    {
        for (int i = 0; i < BodyModel.BodyVertices; i++)
        {
            _covered[i] |= beneath(i);
        }
    }

    /// <summary>A template of the body's own mesh in this body's shape.</summary>
    public Piece Shell(Piece template)
    {
        Piece shell = template.ForPerson();
        for (int i = 0; i < shell.Count; i++)
        {
            shell.Positions[i] = Vertices[shell.Source[i]];
        }

        return shell.ComputeNormals();
    }

    /// <summary>A thing to wear, carried by three body vertices a vertex.</summary>
    public Piece Fit(string name, bool covers)
    {
        Wardrobe.Wearable item = _wardrobe[name];
        MeshFile mesh = item.Mesh;
        Piece fitted = item.Template.ForPerson();
        for (int i = 0; i < fitted.Count; i++)
        {
            int s = fitted.Source[i];
            Vector3 weights = mesh.CarrierWeights[s];
            fitted.Positions[i] = (Vertices[mesh.Carriers[3 * s]] * weights.X) + (Vertices[mesh.Carriers[(3 * s) + 1]] * weights.Y)
                + (Vertices[mesh.Carriers[(3 * s) + 2]] * weights.Z) + mesh.CarrierOffsets[s];
        }

        if (covers && mesh.Hidden.Length > 0)
        {
            CoverWhere(i => mesh.Hidden[i]);
        }

        return fitted.ComputeNormals();
    }

    /// <summary>The skin that still shows.</summary>
    public Piece BareSkin()
    {
        Piece skin = Shell(Body.Body);
        List<int> kept = [];
        for (int i = 0; i < skin.Triangles.Length; i += 3)
        {
            ReadOnlySpan<int> corners = skin.Triangles.AsSpan(i, 3);
            if (!(_covered[skin.Source[corners[0]]] && _covered[skin.Source[corners[1]]] && _covered[skin.Source[corners[2]]]))
            {
                kept.AddRange(corners);
            }
        }

        skin.Triangles = [.. kept];
        return skin;
    }
}

namespace Pipeline.Rendering.Bodies;

/// <summary>The human mesh with all that shapes, poses and dresses it. Read-only after it is made, so all threads share one.</summary>
internal sealed class BodyModel
{
    /// <summary>Vertices before this one are the body; those after are helpers and joints, which are not drawn.</summary>
    public const int BodyVertices = 13380;

    private const int BodyMaterial = 0;
    private const int TightsMaterial = 1;
    private const int SkirtMaterial = 2;
    private readonly ShapeTargets _targets;

    /// <summary>Reads the material.</summary>
    public BodyModel(AssetFolder assets)
    {
        Mesh = MeshFile.Read(assets.BodyMesh);
        Skeleton = new Skeleton(Mesh.Skeleton ?? throw new InvalidDataException($"'{assets.BodyMesh}': holds no skeleton. Delete '{assets.Folder}' to fetch it again."), assets.Poses);
        _targets = new ShapeTargets(assets.Targets, assets.TargetNames);
        Cloth = new ClothMap(Mesh, Skeleton);
        Body = PieceTemplates.OfBody(Mesh, Cloth, BodyMaterial);
        Tights = PieceTemplates.OfBody(Mesh, Cloth, TightsMaterial);
        Skirt = PieceTemplates.OfBody(Mesh, Cloth, SkirtMaterial);
        for (int i = 0; i < Skirt.Count; i++)
        {
            Skirt.Around[i] = MathF.Atan2(Skirt.Rest[i].X, Skirt.Rest[i].Z) / MathF.Tau * ClothMap.TrunkPeriod;
            Skirt.Along[i] = Skirt.Rest[i].Y;
            Skirt.Period[i] = ClothMap.TrunkPeriod;
            Skirt.Arm[i] = -1;
        }
    }

    /// <summary>The mesh as read.</summary>
    public MeshFile Mesh { get; }

    /// <summary>Joints and poses.</summary>
    public Skeleton Skeleton { get; }

    /// <summary>Cloth coordinates.</summary>
    public ClothMap Cloth { get; }

    /// <summary>The skin.</summary>
    public Piece Body { get; }

    /// <summary>A suit that lies close to the whole body: inflated, it is a shirt or trousers.</summary>
    public Piece Tights { get; }

    /// <summary>A wide skirt: drawn in, it is a skirt, a dress or the lower part of a coat.</summary>
    public Piece Skirt { get; }

    /// <summary>The vertices of a body.</summary>
    public Vector3[] Shape(Physique physique) => BodyShaper.Shape(Mesh.Vertices, _targets, physique);
}

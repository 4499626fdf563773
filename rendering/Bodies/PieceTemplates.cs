namespace Pipeline.Rendering.Bodies;

/// <summary>Mesh files to pieces: one vertex for each pair of vertex and texture vertex, quads as two triangles.</summary>
internal static class PieceTemplates
{
    /// <summary>The part of the body's file with this material.</summary>
    public static Piece OfBody(MeshFile body, ClothMap map, int material)
    {
        (Piece piece, List<(int Vertex, int Texture)> corners) = Split(body, quad => body.QuadMaterials[quad] == material, isShoe: false);
        for (int i = 0; i < corners.Count; i++)
        {
            int vertex = corners[i].Vertex;
            SetCloth(piece, i, map, vertex);
            SetSkin(piece, i, body, vertex);
        }

        return piece;
    }

    /// <summary>A garment, shoe or hair mesh. Cloth coordinates are those of the body vertex that carries it.</summary>
    public static Piece OfGarment(MeshFile garment, MeshFile body, ClothMap map, bool isShoe)
    {
        (Piece piece, List<(int Vertex, int Texture)> corners) = Split(garment, _ => true, isShoe);
        for (int i = 0; i < corners.Count; i++)
        {
            int vertex = corners[i].Vertex, carrier = garment.Carriers[3 * vertex];
            SetCloth(piece, i, map, carrier);
            if (map.Arm[carrier] < 0)
            {
                piece.Along[i] = piece.Rest[i].Y;
                piece.Drop[i] += (body.Vertices[carrier].Y - piece.Rest[i].Y) / ClothMap.LegLength;
            }

            if (garment.SkinJoints.Length > 0)
            {
                SetSkin(piece, i, garment, vertex);
            }
            else
            {
                SetSkin(piece, i, body, carrier);
            }
        }

        return piece;
    }

    private static (Piece Piece, List<(int Vertex, int Texture)> Corners) Split(MeshFile mesh, Func<int, bool> take, bool isShoe)
    {
        Dictionary<(int, int), int> numbers = [];
        List<(int Vertex, int Texture)> corners = [];
        List<int> triangles = [];
        Span<int> quad = stackalloc int[4];
        for (int q = 0; q < mesh.QuadMaterials.Length; q++)
        {
            if (!take(q))
            {
                continue;
            }

            for (int k = 0; k < 4; k++)
            {
                (int Vertex, int Texture) corner = (mesh.Quads[(4 * q) + k], mesh.QuadTextures[(4 * q) + k]);
                if (!numbers.TryGetValue(corner, out quad[k]))
                {
                    numbers[corner] = quad[k] = corners.Count;
                    corners.Add(corner);
                }
            }

            triangles.AddRange([quad[0], quad[1], quad[2]]);
            if (quad[3] != quad[2])
            {
                triangles.AddRange([quad[0], quad[2], quad[3]]); // a triangle is a quad with its last corner twice
            }
        }

        Piece piece = Piece.Of(corners.Count, [.. triangles], isShoe);
        for (int i = 0; i < corners.Count; i++)
        {
            piece.Source[i] = corners[i].Vertex;
            piece.Rest[i] = mesh.Vertices[corners[i].Vertex];
            piece.Texture[i] = (uint)corners[i].Texture < (uint)mesh.TextureVertices.Length ? mesh.TextureVertices[corners[i].Texture] : default;
        }

        return (piece, corners);
    }

    private static void SetCloth(Piece piece, int i, ClothMap map, int vertex) =>
        (piece.Around[i], piece.Along[i], piece.Period[i], piece.Arm[i], piece.Drop[i]) =
            (map.Around[vertex], map.Along[vertex], map.Period[vertex], map.Arm[vertex], map.Drop[vertex]);

    private static void SetSkin(Piece piece, int i, MeshFile mesh, int vertex)
    {
        for (int k = 0; k < 4; k++)
        {
            piece.Joints[(4 * i) + k] = (byte)mesh.SkinJoints[(4 * vertex) + k];
            piece.Weights[(4 * i) + k] = mesh.SkinWeights[(4 * vertex) + k];
        }
    }
}

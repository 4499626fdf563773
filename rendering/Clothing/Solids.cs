namespace Pipeline.Rendering.Clothing;

/// <summary>Own simple meshes for bags, hats and straps, each fixed to one joint.</summary>
internal static class Solids
{
    private const int Meridians = 14;
    private const int Parallels = 9;
    private const int StrapSides = 6;
    private const float NoPeriod = 99;

    /// <summary>A superellipsoid: roundness 1 is an ellipsoid, smaller is boxier.</summary>
    /// <param name="centre">Its middle in rest pose, or from the point it hangs from.</param>
    /// <param name="radii">Half its size.</param>
    /// <param name="joint">The joint that carries it.</param>
    /// <param name="surface">What it is covered with.</param>
    /// <param name="roundness">0 to 1.</param>
    /// <param name="part">Share of it from the top down that is made: .5 is a dome.</param>
    public static Piece Ellipsoid(Vector3 centre, Vector3 radii, int joint, Surface surface, float roundness, float part = 1)
    {
        Piece piece = Piece.Of((Meridians + 1) * (Parallels + 1), GridTriangles());
        piece.Surface = surface;
        piece.TwoSided = true;
        for (int p = 0; p <= Parallels; p++)
        {
            for (int m = 0; m <= Meridians; m++)
            {
                float latitude = (.5f - (p / (float)Parallels * part)) * MathF.PI, longitude = m / (float)Meridians * MathF.Tau;
                float level = Power(MathF.Cos(latitude), roundness);
                Vector3 direction = new(level * Power(MathF.Sin(longitude), roundness), Power(MathF.Sin(latitude), roundness), level * Power(MathF.Cos(longitude), roundness));
                Fix(piece, (p * (Meridians + 1)) + m, centre + (direction * radii), joint, longitude * radii.X, direction.Y * radii.Y);
            }
        }

        return piece.ComputeNormals();
    }

    /// <summary>A round band along a path.</summary>
    public static Piece Strap(ReadOnlySpan<Vector3> path, float radius, int joint, Surface surface)
    {
        List<int> triangles = [];
        Piece piece = Piece.Of(path.Length * StrapSides, []);
        for (int s = 0; s < path.Length; s++)
        {
            Vector3 along = Vector3.Normalize(path[Math.Min(s + 1, path.Length - 1)] - path[Math.Max(0, s - 1)]);
            Vector3 first = Vector3.Normalize(Vector3.Cross(along, MathF.Abs(along.X) < .8f ? Vector3.UnitX : Vector3.UnitY)), second = Vector3.Cross(along, first);
            for (int k = 0; k < StrapSides; k++)
            {
                float angle = k / (float)StrapSides * MathF.Tau;
                int i = (s * StrapSides) + k, next = (s * StrapSides) + ((k + 1) % StrapSides);
                Fix(piece, i, path[s] + (((first * MathF.Cos(angle)) + (second * MathF.Sin(angle))) * radius), joint, angle, s);
                if (s > 0)
                {
                    triangles.AddRange([i - StrapSides, i, next, i - StrapSides, next, next - StrapSides]);
                }
            }
        }

        piece.Triangles = [.. triangles];
        piece.Surface = surface;
        piece.TwoSided = true;
        return piece.ComputeNormals();
    }

    private static int[] GridTriangles()
    {
        List<int> triangles = [];
        for (int p = 0; p < Parallels; p++)
        {
            for (int m = 0; m < Meridians; m++)
            {
                int i = (p * (Meridians + 1)) + m, below = i + Meridians + 1;
                triangles.AddRange([i, below, i + 1, i + 1, below, below + 1]);
            }
        }

        return [.. triangles];
    }

    private static void Fix(Piece piece, int i, Vector3 at, int joint, float around, float along)
    {
        piece.Positions[i] = at;
        piece.Joints[4 * i] = (byte)joint;
        piece.Weights[4 * i] = 1;
        (piece.Around[i], piece.Along[i], piece.Period[i], piece.Arm[i], piece.Drop[i]) = (around, along, NoPeriod, -1, -.5f);
    }

    private static float Power(float x, float exponent) => MathF.Sign(x) * MathF.Pow(MathF.Abs(x), exponent);
}

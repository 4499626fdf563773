namespace Pipeline.Rendering.Raster;

/// <summary>Colour of what the visibility buffer holds: cloth coordinates, folds, sun with shadow, sky, highlights. Linear light.</summary>
/// <param name="stage">The people.</param>
/// <param name="buffer">What is seen of them.</param>
/// <param name="shadows">Their shadows.</param>
internal sealed class Shader(Stage stage, VisibilityBuffer buffer, ShadowMaps shadows)
{
    private Vector3[] _colours = [];

    /// <summary>Colour of each covered sample.</summary>
    public ReadOnlySpan<Vector3> Colours => _colours;

    /// <summary>
    /// Shades every second sample, like a chess board, and copies it to its neighbour of the same piece: at four samples a picture
    /// element nobody sees the difference.
    /// </summary>
    public void Shade(in View view, Light light, float foldShift)
    {
        if (_colours.Length < buffer.Width * buffer.Height)
        {
            _colours = new Vector3[buffer.Width * buffer.Height];
        }

        for (int y = 0; y < buffer.Height; y++)
        {
            for (int x = 0; x < buffer.Width; x++)
            {
                int k = (y * buffer.Width) + x;
                if (buffer.IsCovered(k) && Neighbour(x, y) < 0)
                {
                    _colours[k] = ShadeSample(k, view, light, foldShift);
                }
            }
        }

        for (int y = 0; y < buffer.Height; y++)
        {
            for (int x = 0; x < buffer.Width; x++)
            {
                int k = (y * buffer.Width) + x, neighbour = buffer.IsCovered(k) ? Neighbour(x, y) : -1;
                if (neighbour >= 0)
                {
                    _colours[k] = _colours[neighbour];
                }
            }
        }
    }

    // The sample that this one may copy, or -1: within the same picture element, on the same piece.
    private int Neighbour(int x, int y)
    {
        if (((x ^ y) & 1) == 0)
        {
            return -1;
        }

        int k = (y * buffer.Width) + x, other = (y & 1) == 0 ? k - 1 : k + 1;
        return buffer.Actor(other) == buffer.Actor(k) ? other : -1;
    }

    private Vector3 ShadeSample(int k, in View view, Light light, float foldShift)
    {
        Stage.Actor actor = stage.Actors[buffer.Actor(k)];
        Piece piece = actor.Piece;
        (int t, float wa, float wb) = buffer.Hit(k);
        float wc = 1 - wa - wb;
        int a = piece.Triangles[t], b = piece.Triangles[t + 1], c = piece.Triangles[t + 2];
        int worldA = a + actor.Offset, worldB = b + actor.Offset, worldC = c + actor.Offset;
        Vector3 normal = (stage.Normals[worldA] * wa) + (stage.Normals[worldB] * wb) + (stage.Normals[worldC] * wc);
        Vector3 point = (stage.Points[worldA] * wa) + (stage.Points[worldB] * wb) + (stage.Points[worldC] * wc);
        float length = normal.Length();
        normal = length > 1e-6f ? normal / length : Vector3.UnitY;
        Vector3 toEye = Vector3.Normalize(view.Eye - point);
        normal = piece.TwoSided && Vector3.Dot(normal, toEye) < 0 ? -normal : normal;

        SurfacePoint at = PointOf(piece, a, b, c, wa, wb, wc);
        Surface surface = piece.SecondSurface is { } second && at.Arm < 0 && at.Drop > piece.SecondFrom ? second : piece.Surface;
        float fold = 1;
        if (surface.Folds > 0)
        {
            fold = Folds.Bend(ref normal, at, surface.Folds, foldShift);
        }

        float open = (stage.Openness[worldA] * wa) + (stage.Openness[worldB] * wb) + (stage.Openness[worldC] * wc);
        return surface.Albedo(at) * Incoming(light, point + (stage.Normals[worldA] * .25f), normal, open, fold, out float sun)
            + Highlight(light, surface, normal, toEye, sun);
    }

    private Vector3 Incoming(Light light, Vector3 point, Vector3 normal, float open, float fold, out float sun)
    {
        float facing = Vector3.Dot(normal, light.Sun);
        sun = facing > 0 ? facing * shadows.Sun(point, .55f) : 0;
        return (light.SunColour * sun) + (Vector3.Lerp(light.Ground, light.Sky, .5f + (.5f * normal.Y)) * ((.35f + (.65f * open)) * fold));
    }

    private static Vector3 Highlight(Light light, Surface surface, Vector3 normal, Vector3 toEye, float sun)
    {
        Vector3 colour = default;
        if (surface.Shine > 0 && sun > 0)
        {
            float mirror = MathF.Max(0, Vector3.Dot(normal, Vector3.Normalize(light.Sun + toEye)));
            colour = light.SunColour * (MathF.Pow(mirror, 18) * surface.Shine * sun * .35f);
        }

        float rim = 1 - MathF.Max(0, Vector3.Dot(normal, toEye));
        return colour + (light.Sky * (.035f * rim * rim * rim));
    }

    private static SurfacePoint PointOf(Piece piece, int a, int b, int c, float wa, float wb, float wc)
    {
        float[] arms = piece.Arm;
        float onArm = (arms[a] >= 0 ? wa : 0) + (arms[b] >= 0 ? wb : 0) + (arms[c] >= 0 ? wc : 0);
        return new SurfacePoint(
            Around(piece, a, b, c, wa, wb, wc),
            Blend(piece.Along, a, b, c, wa, wb, wc),
            onArm < .5f ? -1 : MathF.Max(0, Blend(arms, a, b, c, wa, wb, wc)),
            Blend(piece.Drop, a, b, c, wa, wb, wc),
            (piece.Texture[a] * wa) + (piece.Texture[b] * wb) + (piece.Texture[c] * wc),
            (piece.Rest[a] * wa) + (piece.Rest[b] * wb) + (piece.Rest[c] * wc));
    }

    private static float Blend(float[] values, int a, int b, int c, float wa, float wb, float wc) => (values[a] * wa) + (values[b] * wb) + (values[c] * wc);

    // Round the body the coordinate jumps from half a period to minus half; and where arm meets trunk corners have different periods, and
    // the majority's is taken.
    private static float Around(Piece piece, int a, int b, int c, float wa, float wb, float wc)
    {
        float[] periods = piece.Period;
        float ua = piece.Around[a], ub = piece.Around[b], uc = piece.Around[c], period = periods[a], half = period * .5f;
        ub += ub - ua > half ? -period : ua - ub > half ? period : 0;
        uc += uc - ua > half ? -period : ua - uc > half ? period : 0;
        if (period != periods[b] || period != periods[c])
        {
            if (periods[b] == periods[c])
            {
                period = periods[b];
                ua = ub;
            }
            else if (periods[b] == period)
            {
                uc = ub;
            }
            else
            {
                ub = uc = periods[c] == period ? uc : ua;
            }
        }

        float around = (ua * wa) + (ub * wb) + (uc * wc);
        return around > period * .5f ? around - period : around < -period * .5f ? around + period : around;
    }
}

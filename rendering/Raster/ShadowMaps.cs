namespace Pipeline.Rendering.Raster;

/// <summary>
/// Shadows by splatted vertices: a height map towards the sun and one from straight above, around the person. Coarse, soft, and a
/// hundred times cheaper than drawing them.
/// </summary>
internal sealed class ShadowMaps
{
    private const int Size = 72;
    private const float Cell = .34f;
    private const float Nothing = -1e9f;
    private readonly float[] _sun = new float[Size * Size];
    private readonly float[] _top = new float[Size * Size];
    private Vector3 _centre;
    private Vector3 _axisX;
    private Vector3 _axisY;
    private Vector3 _axisSun;

    /// <summary>Empties the maps and sets them up around a point.</summary>
    public void Begin(Vector3 centre, Light light)
    {
        _centre = centre;
        _axisSun = light.Sun;
        _axisX = Vector3.Normalize(Vector3.Cross(light.Sun, MathF.Abs(light.Sun.Y) > .95f ? Vector3.UnitX : Vector3.UnitY));
        _axisY = Vector3.Cross(_axisX, light.Sun);
        Array.Fill(_sun, Nothing);
        Array.Fill(_top, Nothing);
    }

    /// <summary>Adds a point that throws shadow.</summary>
    public void Add(Vector3 point)
    {
        Vector3 at = point - _centre;
        Splat(_sun, Vector3.Dot(at, _axisX), Vector3.Dot(at, _axisY), Vector3.Dot(at, _axisSun));
        Splat(_top, at.X, at.Z, at.Y);
    }

    /// <summary>Share of the sun that reaches a point.</summary>
    public float Sun(Vector3 point, float bias)
    {
        Vector3 at = point - _centre;
        return Lit(_sun, Vector3.Dot(at, _axisX), Vector3.Dot(at, _axisY), Vector3.Dot(at, _axisSun) + bias);
    }

    /// <summary>Openness to the sky at a point of a person: 1 open, 0 beneath something.</summary>
    public float Sky(Vector3 point, float bias)
    {
        Vector3 at = point - _centre;
        int x = (int)((at.X / Cell) + (Size / 2)), y = (int)((at.Z / Cell) + (Size / 2));
        if (x < 2 || y < 2 || x >= Size - 2 || y >= Size - 2)
        {
            return 1;
        }

        int k = (y * Size) + x;
        float height = at.Y + bias;
        int open = (_top[k] > height ? 0 : 2) + (_top[k + 2] > height ? 0 : 1) + (_top[k - 2] > height ? 0 : 1)
            + (_top[k + (2 * Size)] > height ? 0 : 1) + (_top[k - (2 * Size)] > height ? 0 : 1);
        return open / 6f;
    }

    /// <summary>The same between cells, for the ground, where steps would show.</summary>
    public float SkyOfGround(Vector3 point, float bias)
    {
        const float Aside = .8f, Reach = Cell * Size / 2;
        Vector3 at = point - _centre;
        if (MathF.Abs(at.X) > Reach || MathF.Abs(at.Z) > Reach)
        {
            return 1;
        }

        float y = at.Y + bias;
        return ((Lit(_top, at.X, at.Z, y) * 2) + Lit(_top, at.X + Aside, at.Z, y) + Lit(_top, at.X - Aside, at.Z, y)
            + Lit(_top, at.X, at.Z + Aside, y) + Lit(_top, at.X, at.Z - Aside, y)) / 6;
    }

    private static void Splat(float[] map, float x, float y, float height)
    {
        int ix = (int)((x / Cell) + (Size / 2) - .5f), iy = (int)((y / Cell) + (Size / 2) - .5f);
        if (ix < 0 || iy < 0 || ix >= Size - 1 || iy >= Size - 1)
        {
            return;
        }

        int k = (iy * Size) + ix;
        map[k] = MathF.Max(map[k], height);
        map[k + 1] = MathF.Max(map[k + 1], height);
        map[k + Size] = MathF.Max(map[k + Size], height);
        map[k + Size + 1] = MathF.Max(map[k + Size + 1], height);
    }

    private static float Lit(float[] map, float x, float y, float height)
    {
        float fx = (x / Cell) + (Size / 2) - .5f, fy = (y / Cell) + (Size / 2) - .5f;
        int ix = (int)fx, iy = (int)fy;
        if (fx < 0 || fy < 0 || ix >= Size - 1 || iy >= Size - 1)
        {
            return 1;
        }

        fx -= ix;
        fy -= iy;
        int k = (iy * Size) + ix;
        float upper = (map[k] > height ? 0 : 1 - fx) + (map[k + 1] > height ? 0 : fx);
        float lower = (map[k + Size] > height ? 0 : 1 - fx) + (map[k + Size + 1] > height ? 0 : fx);
        return (upper * (1 - fy)) + (lower * fy);
    }
}

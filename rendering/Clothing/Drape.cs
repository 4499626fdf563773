namespace Pipeline.Rendering.Clothing;

/// <summary>
/// Lets cloth hang: seen from the axis of trunk or limb, cloth that has come out (chest, shoulder blades, belly, thigh) falls straight
/// down from there instead of following the body in again, and draws in only as fast as its cut allows.
/// </summary>
/// <param name="taper">How much narrower it may get for each decimetre further down; 0 falls straight, large follows the body.</param>
internal sealed class Drape(float taper)
{
    private const int Sectors = 24;
    private const float Step = .25f;
    private const int Levels = 48;
    private readonly float[] _radius = new float[Sectors * Levels];
    private readonly List<(int Vertex, Vector3 Centre, Vector3 Away, float Sector, float Level)> _vertices = [];

    /// <summary>Takes a vertex part of the cloth.</summary>
    /// <param name="vertex">Its number.</param>
    /// <param name="at">Where it is.</param>
    /// <param name="centre">The point of the axis at its level.</param>
    /// <param name="turn">Its angle about the axis, in whole turns from -.5 to .5.</param>
    /// <param name="down">How far down the axis it is, decimetres, 0 or more.</param>
    public void Add(int vertex, Vector3 at, Vector3 centre, float turn, float down)
    {
        Vector3 away = at - centre;
        float radius = away.Length(), sector = (turn + .5f) * Sectors, level = Math.Clamp(down / Step, 0, Levels - 1.01f);
        if (radius < 1e-3f)
        {
            return;
        }

        _vertices.Add((vertex, centre, away / radius, sector, level));
        for (int side = 0; side < 2; side++)
        {
            ref float most = ref _radius[((int)level * Sectors) + (((int)sector + side) % Sectors)];
            most = MathF.Max(most, radius);
        }
    }

    /// <summary>Moves the vertices out to where the cloth hangs.</summary>
    public void Hang(Vector3[] positions)
    {
        for (int level = 1; level < Levels; level++)
        {
            for (int sector = 0; sector < Sectors; sector++)
            {
                int i = (level * Sectors) + sector;
                _radius[i] = MathF.Max(_radius[i], _radius[i - Sectors] - (taper * Step));
            }
        }

        foreach ((int vertex, Vector3 centre, Vector3 away, float sector, float level) in _vertices)
        {
            float radius = MathF.Max(Radius(sector, (int)level) * (1 - (level - (int)level)), 0) + (Radius(sector, (int)level + 1) * (level - (int)level));
            if (radius > (positions[vertex] - centre).Length())
            {
                positions[vertex] = centre + (away * radius);
            }
        }
    }

    private float Radius(float sector, int level)
    {
        int first = (int)sector % Sectors, second = (first + 1) % Sectors;
        float share = sector - MathF.Floor(sector);
        return (_radius[(level * Sectors) + first] * (1 - share)) + (_radius[(level * Sectors) + second] * share);
    }
}

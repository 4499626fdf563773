namespace Pipeline.Rendering.Scenes;

/// <summary>The place a camera looks at: two grounds with a kerb, walls and blocks, a real panorama behind.</summary>
internal sealed class Scene
{
    private readonly Cover _ground;
    private readonly Cover _otherGround;
    private readonly float? _kerb;
    private readonly Vector2 _kerbAcross;
    private readonly bool _line;
    private readonly float _dapple;
    private readonly float _dappleScale;
    private readonly List<Block> _blocks;
    private readonly Panorama _panorama;
    private readonly float _panoramaTurn;

    /// <summary>Draws a scene.</summary>
    /// <param name="random">Its stream.</param>
    /// <param name="panoramas">Real places; one of the right kind is taken.</param>
    /// <param name="indoor">Under a roof.</param>
    /// <param name="depth">How far away people walk at most, decimetres.</param>
    public Scene(SeededRandom random, IReadOnlyList<Panorama> panoramas, bool indoor, float depth)
    {
        CoverDraw covers = new(random, indoor, panoramas);
        _ground = covers.Ground();
        _otherGround = covers.Ground();
        _kerb = random.Chance(indoor ? .2f : .55f) ? random.Uniform(-30, 30) : null;
        (float sine, float cosine) = MathF.SinCos(random.Uniform(-1.2f, 1.2f));
        _kerbAcross = new Vector2(cosine, sine);
        _line = random.Chance(.25f);
        _dapple = !indoor && random.Chance(.4f) ? random.Uniform(.4f, .85f) : 0;
        _dappleScale = random.Uniform(.25f, 1.5f);
        Panorama[] fitting = [.. panoramas.Where(p => p.Indoor == indoor)];
        _panorama = fitting[random.Below(fitting.Length)];
        _panoramaTurn = random.Uniform();
        _blocks = new BlockDraw(random, covers, indoor, depth).Draw();
    }

    /// <summary>Draws the scene behind the people, linear light, one colour a picture element.</summary>
    public void Draw(in View view, Light light, ShadowMaps shadows, Span<Vector3> picture, int width, int height, float elementSize)
    {
        List<Block> visible = [];
        foreach (Block block in _blocks)
        {
            if (block.MayShow(view, width, height))
            {
                visible.Add(block);
            }
        }

        float detail = Math.Clamp(.35f / elementSize, .15f, 1);
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                picture[(y * width) + x] = Trace(view.Eye, view.Ray(x + .5f, y + .5f), visible, light, shadows, detail);
            }
        }
    }

    private Vector3 Trace(Vector3 eye, Vector3 ray, List<Block> blocks, Light light, ShadowMaps shadows, float detail)
    {
        const float Horizon = 4000;
        float nearest = ray.Y < -1e-4f ? -eye.Y / ray.Y : float.MaxValue;
        bool ground = nearest < Horizon;
        nearest = ground ? nearest : float.MaxValue;
        int hit = -1, face = 0;
        Vector3 inverse = Vector3.One / ray;
        for (int i = 0; i < blocks.Count; i++)
        {
            if (blocks[i].Hit(eye, inverse, out float at, out int axis) && at < nearest)
            {
                (nearest, hit, face) = (at, i, axis);
            }
        }

        Vector3 point = eye + (ray * nearest);
        return hit >= 0 ? WallColour(blocks[hit].Cover, point, face, ray, light, detail)
            : ground ? GroundColour(point, light, shadows, detail)
            : FarColour(Vector3.Normalize(ray));
    }

    private Vector3 FarColour(Vector3 direction) =>
        _panorama.Towards((MathF.Atan2(direction.X, direction.Z) / MathF.Tau) + _panoramaTurn, MathF.Acos(Math.Clamp(direction.Y, -1, 1)) / MathF.PI);

    private static Vector3 WallColour(in Cover cover, Vector3 point, int face, Vector3 ray, Light light, float detail)
    {
        Vector3 colour = face switch
        {
            0 => cover.Colour(point.Z, point.Y, detail),
            1 => cover.Colour(point.X, point.Z, detail),
            _ => cover.Colour(point.X, point.Y, detail),
        };
        Vector3 normal = face == 0 ? new Vector3(-MathF.Sign(ray.X), 0, 0) : face == 1 ? Vector3.UnitY : new Vector3(0, 0, -MathF.Sign(ray.Z));
        return colour * ((light.SunColour * MathF.Max(0, Vector3.Dot(normal, light.Sun))) + Vector3.Lerp(light.Ambient, light.Sky, .5f + (.5f * normal.Y)));
    }

    private Vector3 GroundColour(Vector3 point, Light light, ShadowMaps shadows, float detail)
    {
        Vector3 colour = PavedColour(point, detail) * (1 + (.22f * NoiseField.Broad.Smooth((point.X * .5f) + 31, point.Z * .5f))); // stains and wear
        float sun = MathF.Max(0, light.Sun.Y);
        if (sun > 0)
        {
            sun *= shadows.Sun(point, .3f);
            sun *= _dapple > 0
                ? 1 - (_dapple * Math.Clamp((NoiseField.Broad.Smooth(point.X * _dappleScale, point.Z * _dappleScale) * 5) + .3f, 0, 1))
                : 1;
        }

        return colour * ((light.SunColour * sun) + (light.Sky * (.45f + (.55f * shadows.SkyOfGround(point, .4f)))));
    }

    private Vector3 PavedColour(Vector3 point, float detail)
    {
        if (_kerb is not { } kerb)
        {
            return _ground.Colour(point.X, point.Z, detail);
        }

        float beyond = (point.X * _kerbAcross.X) + ((point.Z - 60) * _kerbAcross.Y) - kerb;
        return MathF.Abs(beyond) < .8f ? new Vector3(.4f)
            : _line && MathF.Abs(beyond + 12) < .7f ? new Vector3(.65f)
            : beyond > 0 ? _otherGround.Colour(point.X, point.Z, detail) : _ground.Colour(point.X, point.Z, detail);
    }
}

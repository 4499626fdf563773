namespace Pipeline.Rendering.Sites.Filming;

/// <summary>What a camera sees while nobody is there: light and depth of every picture element, in layers that can change apart.</summary>
internal sealed class Backdrop
{
    /// <summary>Samples a side of a picture element.</summary>
    public const int Samples = 2;

    private readonly Interior _interior;
    private readonly View _view;
    private readonly View _fine;

    /// <summary>Draws it.</summary>
    /// <param name="interior">The area.</param>
    /// <param name="view">The camera.</param>
    /// <param name="width">Elements a row.</param>
    /// <param name="height">Rows.</param>
    /// <param name="cancellationToken">Stops.</param>
    public Backdrop(Interior interior, View view, int width, int height, CancellationToken cancellationToken)
    {
        (_interior, _view, Width, Height) = (interior, view, width, height);
        _fine = Fine(view);
        Direct = new Vector3[width * height];
        Ambient = new Vector3[width * height];
        InverseDepth = new float[Samples * Samples * width * height];
        for (int y = 0; y < height; y++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            for (int x = 0; x < width; x++)
            {
                DrawElement(x, y);
            }
        }
    }

    public int Width { get; }

    public int Height { get; }

    /// <summary>Linear light of lamps and sun that each element sends back.</summary>
    public Vector3[] Direct { get; }

    /// <summary>Linear light from all round that it sends back.</summary>
    public Vector3[] Ambient { get; }

    /// <summary>One over the depth along the camera's axis, for each sample.</summary>
    public float[] InverseDepth { get; }

    /// <summary>The same camera with so many elements as there are samples.</summary>
    public static View Fine(in View view) => view with { Scale = Samples * view.Scale, CentreX = Samples * view.CentreX, CentreY = Samples * view.CentreY };

    /// <summary>The point that an element shows.</summary>
    public Vector3 Point(int x, int y) => _view.Eye + (_view.Ray(x + .5f, y + .5f) / InverseDepth[(((y * Samples) + 1) * Width * Samples) + (x * Samples) + 1]);

    private void DrawElement(int x, int y)
    {
        Vector3 direct = default, ambient = default;
        for (int sub = 0; sub < Samples * Samples; sub++)
        {
            int fineX = (x * Samples) + (sub % Samples), fineY = (y * Samples) + (sub / Samples);
            float jitter = NoiseField.Hash(fineX, fineY, 3);
            InverseDepth[(fineY * Width * Samples) + fineX] = Trace(_fine.Ray(fineX + .5f, fineY + .5f), jitter, ref direct, ref ambient);
        }

        (Direct[(y * Width) + x], Ambient[(y * Width) + x]) = (direct / (Samples * Samples), ambient / (Samples * Samples));
    }

    private float Trace(Vector3 ray, float jitter, ref Vector3 direct, ref Vector3 ambient)
    {
        const float Horizon = 4000;
        Vector3 eye = _view.Eye, inverse = Vector3.One / ray;
        float nearest = ray.Y < -1e-4f ? -eye.Y / ray.Y : Horizon;
        nearest = MathF.Min(nearest, Horizon);
        int hit = -1, face = 1;
        for (int i = 0; i < _interior.Blocks.Count; i++)
        {
            if (_interior.Blocks[i].Hit(eye, inverse, out float at, out int axis) && at < nearest)
            {
                (nearest, hit, face) = (at, i, axis);
            }
        }

        if (nearest >= Horizon)
        {
            Vector3 direction = Vector3.Normalize(ray);
            ambient += _interior.Sky.Towards((MathF.Atan2(direction.X, direction.Z) / MathF.Tau) + _interior.SkyTurn, MathF.Acos(Math.Clamp(direction.Y, -1, 1)) / MathF.PI);
            return 1 / Horizon;
        }

        Vector3 point = eye + (ray * nearest);
        Vector3 normal = face == 0 ? new Vector3(-MathF.Sign(ray.X), 0, 0) : face == 1 ? new Vector3(0, -MathF.Sign(ray.Y), 0) : new Vector3(0, 0, -MathF.Sign(ray.Z));
        Cover cover = hit < 0 ? _interior.Floor : _interior.Blocks[hit].Cover;
        Vector3 colour = Vector3.Max(Vector3.Zero, ColourOf(cover, point, face, Math.Clamp(.35f * _view.Scale / nearest, .15f, 1))); // prints go below black here and there
        direct += colour * _interior.Lighting.Direct(point, normal, jitter);
        ambient += colour * _interior.Lighting.Ambient(normal, Openness(point, face, hit));
        return 1 / nearest;
    }

    private static Vector3 ColourOf(in Cover cover, Vector3 point, int face, float detail) => face switch
    {
        0 => cover.Colour(point.Z, point.Y, detail),
        1 => cover.Colour(point.X, point.Z, detail) * (1 + (.18f * NoiseField.Broad.Smooth((point.X * .5f) + 31, point.Z * .5f))), // stains and wear
        _ => cover.Colour(point.X, point.Y, detail),
    };

    // Darker where floor, wall and ceiling meet.
    private float Openness(Vector3 point, int face, int hit)
    {
        float toFloor = face == 1 ? 99 : point.Y, toCeiling = face == 1 ? 99 : _interior.Ceiling - point.Y, nearest = 99;
        if (face == 1 && hit < 0)
        {
            foreach (Block block in _interior.Blocks)
            {
                float dx = MathF.Max(0, MathF.Max(block.Low.X - point.X, point.X - block.High.X)), dz = MathF.Max(0, MathF.Max(block.Low.Z - point.Z, point.Z - block.High.Z));
                nearest = block.Low.Y < 3 ? MathF.Min(nearest, MathF.Max(dx, dz)) : nearest;
            }
        }

        return .6f + (.4f * Math.Clamp(MathF.Min(nearest, MathF.Min(toFloor, toCeiling)) / 9, 0, 1));
    }
}

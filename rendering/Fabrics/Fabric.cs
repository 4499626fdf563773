namespace Pipeline.Rendering.Fabrics;

/// <summary>Cloth of a garment in cloth coordinates: a weave, and what is sewn or printed on it.</summary>
internal sealed record Fabric
{
    /// <summary>Main colour.</summary>
    public required Vector3 First { get; init; }

    /// <summary>Colour of the pattern.</summary>
    public Vector3 Second { get; init; }

    /// <summary>Its thin lines.</summary>
    public Vector3 Third { get; init; }

    public Weave Weave { get; init; }

    /// <summary>Repeats in a quarter of the trunk: the pattern closes round body, arm and leg.</summary>
    public int Repeats { get; init; } = 3;

    /// <summary>Share of a repeat that the second colour takes.</summary>
    public float Share { get; init; } = .5f;

    /// <summary>Shifts the pattern, 0 to 1.</summary>
    public float Shift { get; init; }

    /// <summary>Height where a fade or a block changes.</summary>
    public float ChangeHeight { get; init; } = 2.5f;

    /// <summary>Sleeves of another colour.</summary>
    public Vector3? Sleeve { get; init; }

    /// <summary>Shoulders of another colour, from <see cref="YokeHeight"/> up.</summary>
    public Vector3? Yoke { get; init; }

    public float YokeHeight { get; init; } = 4;

    /// <summary>What shows in an open front.</summary>
    public Vector3? Inner { get; init; }

    /// <summary>Half width of the opening, decimetres.</summary>
    public float InnerWidth { get; init; } = .5f;

    /// <summary>Cuffs and hem.</summary>
    public Vector3? Band { get; init; }

    public float BandWidth { get; init; } = .35f;

    /// <summary>Where the garment ends; the band lies above it.</summary>
    public float HemDrop { get; init; } = 9;

    /// <summary>Stripe down the sides.</summary>
    public Vector3? SideStripe { get; init; }

    public Print? Print { get; init; }

    /// <summary>How much paler thighs and knees are.</summary>
    public float WornKnees { get; init; }

    /// <summary>Share of light that comes back from a point.</summary>
    public Vector3 Colour(in SurfacePoint point)
    {
        bool trunk = point.Arm < 0;
        if (trunk && Inner is { } inner && point.Drop < .25f && MathF.Abs(point.Around) < InnerWidth * (.6f + (.18f * (point.Along - 1))))
        {
            return inner;
        }

        Vector3 colour = !trunk && Sleeve is { } sleeve ? sleeve : Pattern(point.Around, point.Along);
        if (trunk && Yoke is { } yoke && point.Along > YokeHeight)
        {
            colour = yoke;
        }

        if (SideStripe is { } stripe && (!trunk || point.Drop > 0) && MathF.Abs(trunk ? MathF.Abs(point.Around) - 1.25f : point.Around) < .22f)
        {
            colour = stripe;
        }

        if (Band is { } band && (point.Arm > .96f || point.Drop > HemDrop - (BandWidth / ClothMap.LegLength)))
        {
            colour = band;
        }

        if (WornKnees > 0 && point.Drop > 0)
        {
            float height = (point.Drop - .28f) * 5;
            colour *= 1 + (WornKnees * MathF.Exp(-(height * height) - (point.Around * point.Around * 1.2f)));
        }

        return Print is not null && trunk && point.Drop < 0 && Print.Covers(point) ? Print.Colour : colour;
    }

    private Vector3 Pattern(float u, float v)
    {
        float period = 2.5f / Repeats, across = Fraction(u / period), along = Fraction((v / period) + Shift);
        switch (Weave)
        {
            case Weave.Across: return along < Share ? Second : Repeats < 6 && along < Share + .12f ? Third : First;
            case Weave.Upright: return across < Share ? Second : First;
            case Weave.Diagonal: return Fraction((u + v) / period) < Share ? Second : First;
            case Weave.Plaid: return Plaid(across, along);
            case Weave.Check: return across < .5f == along < .5f ? Second : First;
            case Weave.Dots: return Dots(u, v, period);
            case Weave.Camouflage: return Camouflage(u, v);
            case Weave.Floral: return Floral(u, v);
            case Weave.Heather: return First * (1 + (.35f * NoiseField.Fine.At((u * 30) + (Shift * 50), v * 30)));
            case Weave.Denim:
                return First * (1 + (.25f * NoiseField.Fine.At(u * 25, v * 40)) + (.2f * NoiseField.Broad.At((u * 8) + (Shift * 90), v * 4)));
            case Weave.Fade: return Vector3.Lerp(First, Second, Math.Clamp(((v - ChangeHeight) / 3) + .5f, 0, 1));
            case Weave.Blocks: return v < ChangeHeight ? Second : v < ChangeHeight + (.5f * Share) ? Third : First;
            default: return First;
        }
    }

    private Vector3 Plaid(float across, float along)
    {
        if (MathF.Abs(across - .5f - (Share * .5f)) < .05f || MathF.Abs(along - .5f - (Share * .5f)) < .05f)
        {
            return Third;
        }

        bool upright = across < Share, level = along < Share;
        return upright && level ? Second : upright || level ? (First + Second) * .5f : First;
    }

    private Vector3 Dots(float u, float v, float period)
    {
        float row = MathF.Floor((v / period) + Shift), offset = ((int)row & 1) * .5f;
        float x = Fraction((u / period) + offset) - .5f, y = (v / period) + Shift - row - .5f;
        return (x * x) + (y * y) < Share * Share * .2f ? Second : First;
    }

    private Vector3 Camouflage(float u, float v)
    {
        float scale = 25.6f * Repeats / 4;
        float first = NoiseField.Broad.Smooth((u * scale) + (Shift * 100), v * scale), second = NoiseField.Broad.Smooth((u * scale) + 99, (v * scale) + (Shift * 50));
        return first > .12f ? First : second > .05f ? Second : Third;
    }

    private Vector3 Floral(float u, float v)
    {
        float scale = 25.6f * Repeats / 2, value = NoiseField.Broad.Smooth((u * scale) + (Shift * 100), v * scale);
        return value > .28f ? Second : value < -.33f ? Third : First;
    }

    private static float Fraction(float x) => x - MathF.Floor(x);
}

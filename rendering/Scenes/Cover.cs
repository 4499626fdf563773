namespace Pipeline.Rendering.Scenes;

/// <summary>What ground and walls are made of.</summary>
internal enum CoverKind
{
    Asphalt,
    Paving,
    Brick,
    Grass,
    Leaves,
    Tile,
    Carpet,
    Plaster,
    Shop,
    Hedge,
    Wood,
    Plain,
    Panels,
}

/// <summary>A procedural surface of ground or wall.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="First">Main colour, linear light.</param>
/// <param name="Second">Colour of joints, shadows and the like.</param>
/// <param name="Scale">Size of its parts, decimetres.</param>
internal readonly record struct Cover(CoverKind Kind, Vector3 First, Vector3 Second, float Scale)
{
    /// <summary>Colour at a point of the surface.</summary>
    /// <param name="x">Along it, decimetres.</param>
    /// <param name="y">Up it, or the other way along the ground.</param>
    /// <param name="detail">1 when near; less as fine grain gets too fine for the picture.</param>
    public Vector3 Colour(float x, float y, float detail)
    {
        float broad = NoiseField.Broad.Smooth(x * 1.7f, y * 1.7f), fine = NoiseField.Fine.At(x * 9, y * 9) * detail;
        return Kind switch
        {
            CoverKind.Asphalt => First * (1 + (.12f * broad) + (.22f * fine)),
            CoverKind.Grass => Vector3.Lerp(First, Second, Math.Clamp(.5f + broad + (.8f * fine), 0, 1)) * (1 + (.4f * fine)),
            CoverKind.Leaves => Leaves(x, y) * (1 + (.4f * fine)),
            CoverKind.Paving or CoverKind.Tile => Slabs(x, y, broad, fine),
            CoverKind.Brick => Bricks(x, y, fine),
            CoverKind.Carpet => (MathF.Sin(x / Scale * 3) * MathF.Sin(y / Scale * 3) > .3f ? Second : First) * (1 + (.2f * fine)),
            CoverKind.Wood => Boards(x, y),
            CoverKind.Shop => Shop(x, y, broad),
            CoverKind.Hedge => Vector3.Lerp(Second, First, Math.Clamp(.45f + (.9f * broad) + fine, 0, 1.3f)),
            CoverKind.Panels => Fraction(x / Scale) < .04f ? Second : First * (.9f + (.2f * NoiseField.Hash(Cell(x / Scale), 3))),
            CoverKind.Plaster => First * ((1 + (.1f * broad) + (.05f * fine)) * (y < 3 ? .7f : 1)),
            _ => First * (1 + (.08f * broad) + (.05f * fine)),
        };
    }

    private Vector3 Leaves(float x, float y)
    {
        float hash = NoiseField.Hash(Cell(x * 1.4f), Cell(y * 1.4f));
        return hash > .55f ? First * (.6f + (hash * .8f)) : Second;
    }

    private Vector3 Slabs(float x, float y, float broad, float fine)
    {
        float fx = x / Scale, fy = y / Scale, joint = Fraction(fx) < .05f || Fraction(fy) < .05f ? .7f : 1;
        return First * ((.93f + (.14f * NoiseField.Hash(Cell(fx), Cell(fy))) + (.08f * broad) + (.08f * fine)) * joint);
    }

    private Vector3 Bricks(float x, float y, float fine)
    {
        float fy = y / (Scale * .4f), fx = (x / Scale) + ((Cell(fy) & 1) * .5f);
        return Fraction(fx) < .07f || Fraction(fy) < .14f ? Second : First * (.75f + (.5f * NoiseField.Hash(Cell(fx), Cell(fy))) + (.1f * fine));
    }

    private Vector3 Boards(float x, float y)
    {
        int row = Cell(y / 1.2f);
        float share = NoiseField.Hash(row, Cell((x / 12) + NoiseField.Hash(row, 7)));
        return Vector3.Lerp(First, Second, share) * (1 + (.15f * NoiseField.Fine.Smooth(x, y * 8)));
    }

    // Windows in frames, with goods and reflections behind them.
    private Vector3 Shop(float x, float y, float broad)
    {
        float fx = x / (Scale * 2), fy = y / 22;
        int column = Cell(fx);
        if (Fraction(fx) < .06f || Fraction(fy) is > .85f or < .08f)
        {
            return First;
        }

        int goodsX = Cell(x * .5f), goodsY = Cell(y * .4f);
        return NoiseField.Hash(goodsX, goodsY, column) > .72f
            ? new Vector3(NoiseField.Hash(column, goodsX, 1), NoiseField.Hash(column, goodsY, 2), NoiseField.Hash(column, Cell(fy), goodsX)) * .5f
            : (Second * (.4f + (.8f * Fraction(fy)))) + new Vector3(.15f * MathF.Max(0, broad));
    }

    private static float Fraction(float x) => x - MathF.Floor(x);

    private static int Cell(float x) => (int)MathF.Floor(x);
}

namespace Pipeline.Rendering.Scenes;

/// <summary>What ground and walls are made of.</summary>
internal enum CoverKind
{
    Asphalt,
    Paving,
    Cobbles,
    Brick,
    Grass,
    Leaves,
    Tile,
    Carpet,
    Wood,
    Plain,
    Plaster,
    Facade,
    Shop,
    Shelves,
    Hedge,
    Panels,
    Car,
    Photograph,
}

/// <summary>A procedural surface of ground or wall.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="First">Main colour, linear light.</param>
/// <param name="Second">Colour of joints, shadows and the like.</param>
/// <param name="Scale">Size of its parts, decimetres.</param>
/// <param name="Salt">Makes each one different.</param>
/// <param name="Photograph">For <see cref="CoverKind.Photograph"/>: a piece of this real place.</param>
internal readonly record struct Cover(CoverKind Kind, Vector3 First, Vector3 Second, float Scale, int Salt = 0, Panorama? Photograph = null)
{
    /// <summary>Colour at a point of the surface.</summary>
    /// <param name="x">Along it, decimetres.</param>
    /// <param name="y">Up it, or the other way along the ground.</param>
    /// <param name="detail">1 when near; less as fine grain gets too fine for the picture.</param>
    public Vector3 Colour(float x, float y, float detail)
    {
        float broad = NoiseField.Broad.Smooth((x * 1.7f) + Salt, y * 1.7f), fine = NoiseField.Fine.At(x * 9, y * 9) * detail;
        float grain = 1 + (.1f * broad) + (.12f * NoiseField.Broad.Smooth(x * 6, (y * 6) + Salt)) + (.3f * fine);
        return Kind switch
        {
            CoverKind.Asphalt => First * (grain * Cracks(x, y) * (1 + (.25f * fine))),
            CoverKind.Grass => Growth.Grass(this, x, y, broad, fine),
            CoverKind.Leaves => Growth.Leaves(this, x, y) * grain,
            CoverKind.Hedge => Growth.Hedge(this, x, y, broad, fine),
            CoverKind.Paving or CoverKind.Tile => Masonry.Slabs(this, x, y) * (1 + ((grain - 1) * (Kind == CoverKind.Tile ? .4f : 1))),
            CoverKind.Cobbles => Masonry.Cobbles(this, x, y) * grain,
            CoverKind.Brick => Masonry.Bricks(this, x, y) * grain,
            CoverKind.Carpet => (MathF.Sin(x / Scale * 3) * MathF.Sin(y / Scale * 3) > .3f ? Second : First) * grain,
            CoverKind.Wood => Masonry.Boards(this, x, y),
            CoverKind.Plaster => Walls.Plaster(this, x, y) * (1 + ((grain - 1) * .5f)),
            CoverKind.Facade => Walls.Facade(this, x, y) * (1 + ((grain - 1) * .6f)),
            CoverKind.Shop => Walls.Shop(this, x, y) + new Vector3(.1f * MathF.Max(0, broad)),
            CoverKind.Shelves => Walls.Shelves(this, x, y) * grain,
            CoverKind.Panels => Walls.Panels(this, x, y) * (1 + ((grain - 1) * .5f)),
            CoverKind.Car => Walls.Car(this, x, y),
            CoverKind.Photograph => Photograph!.Towards((x / (Scale * 40)) + (Salt * .013f), .62f - (y / (Scale * 20))) * (.6f * grain),
            _ => First * grain,
        };
    }

    private float Cracks(float x, float y) => MathF.Abs(NoiseField.Broad.Smooth((x * .8f) + 7 + Salt, y * .8f)) < .012f ? .6f : 1;

    /// <summary>Fraction of a number, also of a negative one.</summary>
    internal static float Fraction(float x) => x - MathF.Floor(x);

    /// <summary>Number of the cell a coordinate lies in.</summary>
    internal static int Cell(float x) => (int)MathF.Floor(x);
}

namespace Pipeline.Rendering.Fabrics;

/// <summary>Something printed on the chest or the back: letters, a badge, a band, a pixel figure, a photograph.</summary>
internal sealed record Print
{
    private const int Kinds = 5;

    /// <summary>Which form.</summary>
    public required int Kind { get; init; }

    /// <summary>On the back rather than the chest.</summary>
    public required bool OnBack { get; init; }

    /// <summary>Half its width, decimetres.</summary>
    public required float Size { get; init; }

    /// <summary>Height of its middle.</summary>
    public required float Height { get; init; }

    /// <summary>Its colour.</summary>
    public required Vector3 Colour { get; init; }

    /// <summary>Makes each one different.</summary>
    public required int Salt { get; init; }

    /// <summary>Draws a print that stands out from the cloth.</summary>
    public static Print Draw(SeededRandom random, Vector3 cloth) => new()
    {
        OnBack = random.Chance(.3f),
        Kind = random.Below(Kinds),
        Size = random.Uniform(.35f, 1.2f),
        Height = random.Uniform(2.6f, 4.2f),
        Colour = random.Chance(.5f) ? (cloth.Y > .3f ? new Vector3(.03f) : new Vector3(.8f)) : Colours.Upper(random),
        Salt = random.Below(1000),
    };

    /// <summary>True where the print covers the cloth.</summary>
    public bool Covers(in SurfacePoint point)
    {
        float around = point.Around, back = around > 0 ? around - 5 : around + 5;
        float x = (OnBack ? (MathF.Abs(around) > 2.5f ? back : 9) : around) / Size, y = (point.Along - Height) / Size;
        return MathF.Abs(x) < 1 && MathF.Abs(y) < 1 && InForm(x, y);
    }

    private bool InForm(float x, float y) => Kind switch
    {
        0 => Letters(x, y),
        1 => Badge(x, y),
        2 => MathF.Abs(y) < .22f && NoiseField.Hash((int)MathF.Floor(x * 7), (int)MathF.Floor(y * 7), Salt) > .3f,
        3 => NoiseField.Hash((int)MathF.Floor(MathF.Abs(x) * 5), (int)MathF.Floor(y * 5), Salt) > .5f,
        _ => MathF.Abs(x) < .9f && MathF.Abs(y) < .8f && NoiseField.Broad.Smooth((x * 12) + Salt, y * 12) > -.1f,
    };

    private bool Letters(float x, float y)
    {
        int row = (int)MathF.Floor(y * 2.2f), column = (int)MathF.Floor(x * 10);
        return MathF.Abs((y * 2.2f) - row - .5f) < .33f && column % 3 != 2 && NoiseField.Hash(column, (int)MathF.Floor(y * 9), Salt) > .35f;
    }

    private bool Badge(float x, float y)
    {
        float radius = (x * x) + (y * y);
        return radius < .8f && (radius > .5f || NoiseField.Broad.At((x * 14) + Salt, y * 14) > .05f);
    }
}

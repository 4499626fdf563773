namespace Pipeline.Rendering.Scenes;

/// <summary>Upright surfaces and what is on them: doors, posters, windows, goods.</summary>
internal static class Walls
{
    private const float Storey = 32;
    private const float DoorHeight = 21;

    /// <summary>A wall with skirting, and here and there a door, a window, a poster or a pipe.</summary>
    public static Vector3 Plaster(in Cover cover, float x, float y)
    {
        float module = 9 + (2 * cover.Scale), fx = x / module, inside = Cover.Fraction(fx) * module;
        int number = Cover.Cell(fx);
        float level = y - (Storey * MathF.Floor(y / Storey));
        Vector3 wall = level < 1.2f ? cover.Second : level < 11 && cover.Salt % 3 == 0 ? Vector3.Lerp(cover.First, cover.Second, .5f) : cover.First;
        return (int)(NoiseField.Hash(number, Cover.Cell(y / Storey), cover.Salt) * 6) switch
        {
            0 => Door(cover, inside - 2, level, number) ?? wall,
            1 => Poster(inside - 1, level - 11, number, cover.Salt) ?? wall,
            2 => Window(inside - 2, level - 10, 7, 11) ?? wall,
            3 => MathF.Abs(inside - 3) < .5f ? cover.Second * (1.4f - MathF.Abs(inside - 3)) : wall,
            _ => wall,
        };
    }

    /// <summary>A house front: rows of windows between brick or plaster.</summary>
    public static Vector3 Facade(in Cover cover, float x, float y)
    {
        float wide = 8 + (2 * cover.Scale), across = Cover.Fraction(x / wide) * wide, level = Cover.Fraction(y / Storey) * Storey;
        Vector3 wall = cover.Salt % 2 == 0 ? cover.First : Masonry.Bricks(cover with { Scale = 2.5f }, x, y);
        Vector3 ledge = level is > 30 or < 1 ? cover.Second : wall;
        return y < Storey && NoiseField.Hash(Cover.Cell(x / wide), 5, cover.Salt) > .7f
            ? Door(cover, across - 2, level, Cover.Cell(x / wide)) ?? ledge
            : Window(across - 2, level - 9, wide * .55f, 15) ?? ledge;
    }

    /// <summary>Shop windows in frames, with goods and reflections behind.</summary>
    public static Vector3 Shop(in Cover cover, float x, float y)
    {
        float fx = x / (12 + cover.Scale), fy = y / Storey, up = Cover.Fraction(fy);
        if (Cover.Fraction(fx) < .06f || up is < .06f or > .94f)
        {
            return cover.First;
        }

        if (up > .8f)
        {
            return Letters(x, (up - .87f) * Storey, Cover.Cell(fx), cover.Salt) ? new Vector3(.7f) : cover.Second; // the shop's name
        }

        int column = Cover.Cell(x * .45f), row = Cover.Cell(y * .35f);
        float hash = NoiseField.Hash(column, row, cover.Salt), glare = .06f * up;
        return (hash > .6f ? Goods(column, row, cover.Salt) * .6f : cover.Second * .35f) + new Vector3(glare);
    }

    /// <summary>Shelves full of things.</summary>
    public static Vector3 Shelves(in Cover cover, float x, float y)
    {
        float level = Cover.Fraction(y / 4.2f), wide = .7f + (1.4f * NoiseField.Hash(Cover.Cell(x / 9), Cover.Cell(y / 4.2f), 9));
        int row = Cover.Cell(y / 4.2f), thing = Cover.Cell(x / wide);
        float height = .5f + (.45f * NoiseField.Hash(thing, row, 4));
        return level < .08f ? cover.First
            : level > height ? cover.Second * .3f
            : Goods(thing, row, cover.Salt) * (Cover.Fraction(x / wide) < .1f ? .5f : 1);
    }

    /// <summary>Metal or wooden panels.</summary>
    public static Vector3 Panels(in Cover cover, float x, float y)
    {
        float fx = x / cover.Scale;
        bool joint = Cover.Fraction(fx) < .05f || Cover.Fraction(y / 14) < .02f;
        return joint ? cover.Second : cover.First * (.85f + (.3f * NoiseField.Hash(Cover.Cell(fx), Cover.Cell(y / 14), cover.Salt)));
    }

    /// <summary>Parked cars from the side: wheels, doors, windows.</summary>
    public static Vector3 Car(in Cover cover, float x, float y)
    {
        const float Length = 42;
        float along = Cover.Fraction(x / Length) * Length, front = along - 8, rear = along - 33, wheel = MathF.Min((front * front) + ((y - 3) * (y - 3)), (rear * rear) + ((y - 3) * (y - 3)));
        if (wheel < 9.6f)
        {
            return new Vector3(wheel < 3.5f ? .35f : .02f);
        }

        bool pillar = MathF.Abs(along - 21) < .6f || along is < 7 or > 36;
        return y < 2.2f ? new Vector3(.03f)
            : y > 9 && y < 13.5f && !pillar ? new Vector3(.03f, .04f, .05f) + new Vector3(.08f * MathF.Max(0, NoiseField.Broad.Smooth(x, y)))
            : cover.First * (MathF.Abs(along - 21) < .15f ? .6f : 1.1f - (.03f * y));
    }

    private static Vector3? Door(in Cover cover, float x, float y, int number)
    {
        const float Width = 9;
        if (x is < 0 or > Width || y is < 0 or > DoorHeight)
        {
            return null;
        }

        bool frame = x < .7f || x > Width - .7f || y > DoorHeight - .7f;
        bool knob = MathF.Abs(x - 7.6f) < .3f && MathF.Abs(y - 10) < .4f, pane = number % 2 == 0 && x is > 2 and < 7 && y is > 12 and < 18;
        return frame ? cover.Second : knob ? new Vector3(.5f) : pane ? new Vector3(.05f, .06f, .07f) : Vector3.Lerp(cover.Second, new Vector3(.25f, .17f, .1f), .5f + (.5f * (number & 1)));
    }

    private static Vector3? Window(float x, float y, float width, float height)
    {
        if (x < 0 || x > width || y < 0 || y > height)
        {
            return null;
        }

        bool frame = x < .5f || x > width - .5f || y < .5f || y > height - .5f || MathF.Abs(x - (width / 2)) < .25f;
        return frame ? new Vector3(.6f) : new Vector3(.05f, .06f, .08f) + (new Vector3(.25f, .3f, .35f) * MathF.Max(0, (y / height) - .3f + NoiseField.Broad.Smooth(x * 3, y * 3)));
    }

    private static Vector3? Poster(float x, float y, int number, int salt)
    {
        float width = 4 + (4 * NoiseField.Hash(number, 1, salt)), height = 5 + (4 * NoiseField.Hash(number, 2, salt));
        if (x < 0 || x > width || y < 0 || y > height)
        {
            return null;
        }

        Vector3 paper = Vector3.Lerp(new Vector3(.7f), Goods(number, 3, salt), NoiseField.Hash(number, 4, salt));
        bool picture = y > height * .45f && x > .5f && x < width - .5f && y < height - .5f;
        return picture ? Goods(number, 5, salt) * (.6f + NoiseField.Broad.Smooth(x * 9, y * 9))
            : y < height * .4f && Letters(x, Cover.Fraction(y) - .5f, number, salt) ? new Vector3(.05f) : paper;
    }

    private static bool Letters(float x, float y, int number, int salt) =>
        MathF.Abs(y) < .8f && NoiseField.Hash(Cover.Cell(x * 2.5f), Cover.Cell((y + 1) * 3), salt + number) > .5f;

    // Colours of packed goods: many pale, some strong.
    private static Vector3 Goods(int column, int row, int salt)
    {
        float hue = NoiseField.Hash(column, row, salt + 11), saturation = NoiseField.Hash(column, row, salt + 12);
        return Colours.Hsv(hue, saturation * saturation * saturation * .8f, .15f + (.6f * NoiseField.Hash(column, row, salt + 13)));
    }
}

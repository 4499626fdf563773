namespace Pipeline.Rendering.Scenes;

/// <summary>What is laid: slabs, tiles, cobbles, bricks, boards.</summary>
internal static class Masonry
{
    /// <summary>Slabs with joints, each a little different.</summary>
    public static Vector3 Slabs(in Cover cover, float x, float y)
    {
        float fx = x / cover.Scale, fy = y / cover.Scale;
        float joint = Cover.Fraction(fx) < .05f || Cover.Fraction(fy) < .05f ? .62f : 1;
        float tone = NoiseField.Hash(Cover.Cell(fx), Cover.Cell(fy), cover.Salt);
        Vector3 slab = tone > .86f ? Vector3.Lerp(cover.First, cover.Second, .6f) : cover.First;
        return slab * ((.88f + (.24f * tone)) * joint);
    }

    /// <summary>Round stones, one to a cell.</summary>
    public static Vector3 Cobbles(in Cover cover, float x, float y)
    {
        const float Size = 1.1f;
        float fy = y / Size, fx = (x / Size) + ((Cover.Cell(fy) & 1) * .5f);
        int ix = Cover.Cell(fx), iy = Cover.Cell(fy);
        float dx = fx - ix - .5f, dy = fy - iy - .5f, away = (dx * dx) + (dy * dy);
        return away > .19f ? cover.Second * .6f : cover.First * ((.7f + (.5f * NoiseField.Hash(ix, iy, cover.Salt))) * (1.1f - away));
    }

    /// <summary>Bricks in mortar.</summary>
    public static Vector3 Bricks(in Cover cover, float x, float y)
    {
        float fy = y / (cover.Scale * .4f), fx = (x / cover.Scale) + ((Cover.Cell(fy) & 1) * .5f);
        return Cover.Fraction(fx) < .07f || Cover.Fraction(fy) < .14f
            ? cover.Second
            : cover.First * (.7f + (.6f * NoiseField.Hash(Cover.Cell(fx), Cover.Cell(fy), cover.Salt)));
    }

    /// <summary>Boards with grain.</summary>
    public static Vector3 Boards(in Cover cover, float x, float y)
    {
        int row = Cover.Cell(y / 1.2f);
        float share = NoiseField.Hash(row, Cover.Cell((x / 12) + NoiseField.Hash(row, 7)), cover.Salt), gap = Cover.Fraction(y / 1.2f) < .06f ? .5f : 1;
        return Vector3.Lerp(cover.First, cover.Second, share) * ((1 + (.3f * NoiseField.Fine.Smooth(x, y * 8))) * gap);
    }
}

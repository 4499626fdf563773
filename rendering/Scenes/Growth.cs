namespace Pipeline.Rendering.Scenes;

/// <summary>What grows or has fallen: grass, leaves, hedges.</summary>
internal static class Growth
{
    /// <summary>Grass with bare patches.</summary>
    public static Vector3 Grass(in Cover cover, float x, float y, float broad, float fine)
    {
        float blade = NoiseField.Fine.At(x * 21, y * 13);
        Vector3 green = Vector3.Lerp(cover.First, cover.Second, Math.Clamp(.5f + broad + (.9f * fine), 0, 1)) * (1 + (.55f * fine) + (.3f * blade));
        float bare = NoiseField.Broad.Smooth((x * .35f) + cover.Salt, (y * .35f) + 60);
        return bare > .14f ? Vector3.Lerp(green, new Vector3(.2f, .15f, .09f) * (1 + fine), Math.Clamp((bare - .14f) * 8, 0, .8f)) : green;
    }

    /// <summary>Fallen leaves on soil: one to a cell, jittered, of several colours.</summary>
    public static Vector3 Leaves(in Cover cover, float x, float y)
    {
        const float Size = .8f;
        int ix = Cover.Cell(x / Size), iy = Cover.Cell(y / Size);
        float dx = (x / Size) - ix - .25f - (.5f * NoiseField.Hash(ix, iy, 1)), dy = (y / Size) - iy - .25f - (.5f * NoiseField.Hash(ix, iy, 2));
        float radius = .2f + (.35f * NoiseField.Hash(ix, iy, 3)), hash = NoiseField.Hash(ix, iy, cover.Salt);
        float squeeze = 1 + (2 * NoiseField.Hash(ix, iy, 4));
        bool leaf = (dx * dx) + (dy * dy * squeeze) < radius * radius && hash > .25f;
        return leaf ? Vector3.Lerp(cover.First, new Vector3(.32f, .11f, .05f), NoiseField.Hash(ix, iy, 5)) * (.5f + (1.1f * hash)) : cover.Second;
    }

    /// <summary>Foliage: clumps of leaves, lit above and dark within.</summary>
    public static Vector3 Hedge(in Cover cover, float x, float y, float broad, float fine)
    {
        float clump = NoiseField.Broad.Smooth((x * 4) + cover.Salt, y * 4), leaf = NoiseField.Fine.At(x * 14, y * 14);
        float lit = .4f + broad + (.8f * clump) + (.7f * fine) + (.4f * leaf);
        return Vector3.Lerp(cover.Second, cover.First, Math.Clamp(lit, 0, 1.6f));
    }
}

namespace Pipeline.Rendering.Sites.Filming;

/// <summary>Light of an area: its lamps or the sun, with the shadows of what stands there, and light from all round.</summary>
/// <param name="lamps">The sources.</param>
/// <param name="around">Light from above and below, by way of walls and sky.</param>
/// <param name="blocks">What throws shadow.</param>
/// <param name="drift">How much sun and sky come and go with clouds, 0 to 1.</param>
/// <param name="salt">Makes the clouds of each area different.</param>
internal sealed class Lighting(IReadOnlyList<Lamp> lamps, Light around, IReadOnlyList<Block> blocks, float drift, int salt)
{
    private const float Faint = .02f; // of less light no shadow is asked for: it is left out

    /// <summary>Light of the sources on a surface.</summary>
    /// <param name="point">Where.</param>
    /// <param name="normal">Its normal.</param>
    /// <param name="jitter">0 to 1: which part of the source is asked, so that edges of shadows are soft over several samples.</param>
    public Vector3 Direct(Vector3 point, Vector3 normal, float jitter)
    {
        Vector3 sum = default, start = point + (normal * .15f), spread = new(MathF.Sin(jitter * MathF.Tau), 0, MathF.Cos(jitter * MathF.Tau));
        foreach (Lamp lamp in lamps)
        {
            (Vector3 colour, Vector3 towards, float distance) = lamp.Reaching(start);
            float facing = Vector3.Dot(normal, towards);
            if (facing > 0 && colour.Y > Faint && !Shaded(start, Vector3.Normalize((towards * distance) + (spread * (lamp.Reach == 0 ? 25 : 3))), distance - 2))
            {
                sum += colour * facing;
            }
        }

        return sum;
    }

    /// <summary>Light from all round on a surface; corners get less.</summary>
    public Vector3 Ambient(Vector3 normal, float openness) => Vector3.Lerp(around.Ground, around.Sky, .5f + (.5f * normal.Y)) * openness;

    /// <summary>The light on somebody there: the strongest source casts the shadow, the others join the light from all round.</summary>
    /// <returns>The light, and the share of the strongest source in all light from sources.</returns>
    public (Light Light, float Share) On(Vector3 chest)
    {
        Vector3 all = default, strongest = default, from = Vector3.UnitY;
        foreach (Lamp lamp in lamps)
        {
            (Vector3 colour, Vector3 towards, float distance) = lamp.Reaching(chest);
            if (colour.Y > Faint && !Shaded(chest, towards, distance - 2))
            {
                all += colour;
                (strongest, from) = colour.Y > strongest.Y ? (colour, towards) : (strongest, from);
            }
        }

        Vector3 others = (all - strongest) * .45f;
        return (new Light(from, strongest, around.Sky + others, around.Ground + (others * .4f)), all.Y > 0 ? strongest.Y / all.Y : 0);
    }

    /// <summary>Strength of sources and of light from all round at a time, about 1; in steps too small to be seen, so that a place seldom has to be developed again.</summary>
    public (float Direct, float Ambient) At(double seconds)
    {
        float cloud = NoiseField.Broad.Smooth((float)(seconds * .55) + salt, salt * .37f), slow = NoiseField.Broad.Smooth((float)(seconds * .17) + salt, 90 + (salt * .11f));
        return (Stepped(1 - (drift * Math.Clamp(.5f + (1.6f * cloud), 0, 1))), Stepped(1 - (.25f * drift * Math.Clamp(.5f + (1.6f * slow), 0, 1))));
    }

    private static float Stepped(float strength) => MathF.Round(strength * 80) / 80;

    private bool Shaded(Vector3 from, Vector3 towards, float distance)
    {
        Vector3 inverse = Vector3.One / towards;
        foreach (Block block in blocks)
        {
            if (block.Hit(from, inverse, out float at, out _) && at < distance)
            {
                return true;
            }
        }

        return false;
    }
}
